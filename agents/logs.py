"""Structured logs: one event a line, JSON when nobody sits at the terminal. Logs go to standard error, results to standard output."""

from __future__ import annotations

import logging
import sys
import time
from typing import Any, cast

import orjson
import structlog

REPEAT_SECONDS = 10.0
MOST_REMEMBERED = 1_000  # messages
QUIET = {"aiokafka": logging.WARNING, "faust": logging.WARNING, "mode": logging.WARNING, "asyncio": logging.WARNING}


class Sparing(logging.Filter):
    """Lets a message of a library through once in so many seconds: without a broker aiokafka says the same a hundred times a second."""

    def __init__(self, seconds: float = REPEAT_SECONDS) -> None:
        super().__init__()
        self._seconds = seconds
        self._said: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is said; it tells how many like it were not."""
        if record.name.partition(".")[0] not in QUIET:
            return True
        key, now = (record.name, str(record.msg)), time.monotonic()
        last, kept = self._said.get(key, (-self._seconds, 0))
        if now < last + self._seconds:
            self._said[key] = last, kept + 1
            return False
        if len(self._said) >= MOST_REMEMBERED:
            self._said.clear()
        self._said[key] = now, 0
        if kept:
            record.msg, record.args = f"{record.getMessage()} (and {kept} like it)", ()
        return True


def configure(level: str = "info", form: str = "auto") -> None:
    """Set up structlog and the standard library's logging alike.

    Args:
        level: debug, info, warning or error. form: json, console, or auto: JSON when standard error is no terminal.
    """
    machine = form == "json" or (form == "auto" and not sys.stderr.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: Any = (
        structlog.processors.JSONRenderer(serializer=lambda event, **_: orjson.dumps(event, default=str).decode())
        if machine
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Sparing())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                last,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name, quiet in QUIET.items():
        logging.getLogger(name).setLevel(max(quiet, root.level))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def get(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a part."""
    return cast(structlog.stdlib.BoundLogger, structlog.get_logger(f"newsfeed.{name}"))
