"""Exit codes: what each means, and which error ends with which."""

from __future__ import annotations

FINE, FOUND, USAGE, UNREACHABLE, TOPICS, INTERRUPTED = 0, 1, 2, 3, 4, 130

TOLD = (
    "Exit codes: 0 done · 1 problems found · 2 wrong use or setting · 3 no broker answers · "
    "4 topics are missing or not as they must be · 70 a worker stopped itself · 130 interrupted"
)

# By name, so that nothing heavy is imported to ask.
BY_ERROR = {
    "agents.settings.SettingsError": USAGE,
    "agents.cli.input.InputError": USAGE,
    "newsfeed.actors.table.ActorDataError": USAGE,
    "newsfeed.subjects.errors.RuleError": USAGE,
    "agents.outbox.NotTaken": FOUND,
    "agents.clients.Unreachable": UNREACHABLE,
    "agents.embedded_broker.BrokerError": UNREACHABLE,
    "topics.creation.TopicError": TOPICS,
    "agents.reading.MissingTopic": TOPICS,
    "aiokafka.errors.KafkaConnectionError": UNREACHABLE,
    "aiokafka.errors.NodeNotReadyError": UNREACHABLE,
    "aiokafka.errors.KafkaTimeoutError": UNREACHABLE,
}


def of(error: BaseException) -> int | None:
    """The exit code of an error, None for one that nobody foresaw (a traceback is right then)."""
    for kind in type(error).__mro__:
        code = BY_ERROR.get(f"{kind.__module__}.{kind.__qualname__}")
        if code is not None:
            return code
    return None
