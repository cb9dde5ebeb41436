"""Mutated settings: each set of variables is refused with a line for each wrong one, or makes the arguments of a Kafka client."""

from __future__ import annotations

import json
import os
from unittest.mock import patch

from agents.settings import PREFIX, SettingsError, load

VALID = (
    {"BOOTSTRAP_SERVERS": "kafka-1:9092, kafka-2:9092", "TOPIC_PREFIX": "desk.", "PARTITIONS": "8", "WINDOW_HOURS": "1.5"},
    {"SECURITY_PROTOCOL": "SASL_SSL", "SASL_MECHANISM": "SCRAM-SHA-256", "SASL_USERNAME": "desk", "SASL_PASSWORD": "secret"},
    {"SECURITY_PROTOCOL": "SSL", "SSL_CAFILE": "ca.pem", "SSL_CERTFILE": "me.pem", "SSL_KEYFILE": "me.key"},
    {"SECURITY_PROTOCOL": "SASL_PLAINTEXT", "SASL_USERNAME": "desk", "SASL_PASSWORD_FILE": "secret"},
    {"ACTOR_FILES": '["desk.tsv"]', "SUBJECT_FILES": "[]", "WEBHOOK_RETRIES": "[5, 300.5]", "CREATE_TOPICS": "false", "SSE_TOKEN_FILE": "t"},
    {"BATCH": "200", "LINGER": "0.05", "COMPRESSION": "zstd", "WEB_BIND": "::1", "WEB_PORT": "0", "LOG_LEVEL": "info", "DATA_DIR": "data"},
)  # fmt: skip


class EnvironmentSettings:
    """Each input as environment variables: the fields of a JSON object, else the whole as one value."""

    originals = tuple(json.dumps(found).encode() for found in VALID)

    def answer(self, value: bytes) -> str:
        try:
            found = json.loads(value)
        except ValueError:
            found = {"BOOTSTRAP_SERVERS": value.decode("utf-8", "surrogateescape")}
        fields = found if isinstance(found, dict) else {"WEBHOOK_RETRIES": found}
        given = {PREFIX + _variable(name): _variable(str(held)) for name, held in fields.items() if _variable(name)}
        with patch.dict(os.environ, given):
            try:
                settings = load()
                settings.client()
            except SettingsError as error:
                if PREFIX not in str(error):
                    raise AssertionError(f"an error that names no variable: {error}") from None
                return "refused"
        return "read"

    def alone(self, value: bytes) -> None:
        self.answer(value)


def _variable(text: str) -> str:
    """What an environment can hold: no zero, no half characters but those that stand for bytes."""
    return os.fsdecode(text.encode("utf-8", "replace").replace(b"\0", b"").replace(b"=", b""))
