"""Settings: environment variables with the prefix ``NEWSFEED_``, each documented once, here; ``docs/settings.md`` is written from it."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterable
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as SourceError

from newsfeed.subscriptions.retries import LONGEST_WAIT, SCHEDULE
from topics.catalogue import Sizing

PREFIX = "NEWSFEED_"
HOUR_MS = 3_600_000
ALIKE = 0.9  # ratio of difflib: a letter or two


class SettingsError(Exception):
    """A setting has a value that cannot be used; the message says which, what is wrong and what to do."""


class Settings(BaseSettings):
    """Everything that can be set. A field ``topic_prefix`` is read from ``NEWSFEED_TOPIC_PREFIX``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", hide_input_in_errors=True, frozen=True
    )

    bootstrap_servers: str = Field(
        "127.0.0.1:9092", description="Kafka brokers to begin with: host:port, comma separated."
    )
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="How to talk to Kafka."
    )
    ssl_cafile: Path | None = Field(None, description="CA certificates for SSL, PEM; the system's where empty.")
    ssl_certfile: Path | None = Field(None, description="Client certificate, PEM, where the brokers ask for one.")
    ssl_keyfile: Path | None = Field(None, description="Key of the client certificate, PEM.")
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        "SCRAM-SHA-512", description="SASL mechanism."
    )
    sasl_username: str | None = Field(None, description="SASL user.")
    sasl_password: SecretStr | None = Field(
        None, description="SASL password; better in a file: `NEWSFEED_SASL_PASSWORD_FILE`."
    )
    sasl_password_file: Path | None = Field(None, description="File that holds the SASL password.")

    topic_prefix: str = Field(
        "", description="Stands before every topic and consumer group name.", pattern=r"^[A-Za-z0-9._-]*$"
    )
    partitions: int = Field(4, ge=1, le=1000, description="Partitions of topics that this setting creates.")
    articles_partitions: int = Field(
        1,
        ge=1,
        le=100,
        description="Partitions of news.articles.v1 and news.window.v1: 1 keeps one order of everything; with more, articles are divided by language.",
    )
    replication: int = Field(1, ge=1, le=10, description="Replication factor of created topics; 3 in production.")
    create_topics: bool = Field(True, description="Whether a worker creates missing topics at start.")

    window_hours: float = Field(
        72.0, gt=0, le=8760, description="How long an article is compared with later ones, in hours of the log's time."
    )
    window_articles: int = Field(
        1_000_000,
        ge=1,
        le=100_000_000,
        description="How many articles are compared at most; about 1 kB of memory each.",
    )
    max_article_bytes: int = Field(
        1 << 20, ge=1024, le=2 << 20, description="A larger raw message becomes a dead letter."
    )
    actor_files: list[Path] = Field([], description="A desk's own files of names (JSON list of paths).")
    subject_files: list[Path] = Field([], description="A desk's own files of topic rules (JSON list of paths).")
    people_model: Literal["none", "natasha"] = Field(
        "none",
        description="A name model for people in Russian texts, about 0.1 s an article; needs the optional dependencies `people`.",
    )
    told_days: float = Field(
        30.0, gt=0, le=36_500, description="How long is remembered what a subscriber was told, for corrections."
    )

    data_dir: Path = Field(Path(".newsfeed"), description="Folder for what can be made again: one a worker.")
    group: str = Field(
        "newsfeed", description="Consumer group of the workers (after the topic prefix).", pattern=r"^[A-Za-z0-9._-]+$"
    )
    session_timeout: float = Field(
        10.0,
        ge=1,
        le=300,
        description="Seconds after which Kafka takes a silent worker for dead; less than 6 needs the broker's `group.min.session.timeout.ms`.",
    )
    stall_seconds: float = Field(
        600.0,
        ge=10,
        description="A worker whose work waits so long without moving ends with a reason; longer than reading a whole window takes.",
    )
    batch: int = Field(200, ge=1, le=10_000, description="Most messages an agent handles at once.")
    linger: float = Field(
        0.1,
        ge=0.001,
        le=5,
        description="Most seconds from the beginning of a batch to that of the next, where it is not full; an agent rests no longer than it worked, and after a pause nothing waits.",
    )
    buffer: int = Field(
        4_096,
        ge=1,
        le=1_000_000,
        description="Messages that wait in memory for each agent; it is never less than two batches. Two seconds of traffic keep it from stopping.",
    )
    fetch_bytes: int = Field(
        8 << 20, ge=1 << 16, le=64 << 20, description="Most bytes that are fetched ahead of that, of each partition."
    )
    compression: Literal["none", "gzip", "zstd"] = Field("none", description="Compression of what is produced.")
    # To a socket an empty address is every interface.
    web_bind: str = Field(
        "127.0.0.1", min_length=1, description="Address of the pages: health, metrics, event streams."
    )
    web_port: int = Field(0, ge=0, le=65535, description="Port of the pages; 0 takes a free one, printed at start.")
    webhook_allow_private: bool = Field(False, description="Whether webhooks may lead to private addresses.")
    webhook_timeout: float = Field(15.0, ge=0.1, le=120, description="Seconds a receiver has for one webhook in all.")
    webhook_retries: list[float] = Field(
        list(SCHEDULE),
        description="Seconds between the attempts to deliver a webhook (JSON list), each shortened at random by up to a fifth.",
        max_length=50,
    )
    sse_token: SecretStr | None = Field(
        None, description="Bearer token of the event streams; better in a file: `NEWSFEED_SSE_TOKEN_FILE`."
    )
    sse_token_file: Path | None = Field(
        None, description="File of the tokens that open event streams, one a line; without a token there are none."
    )
    sse_connections: int = Field(100, ge=1, le=10_000, description="Most event streams of one worker at once.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="What is logged.")
    log_format: Literal["auto", "json", "console"] = Field(
        "auto", description="Logs for machines or for people; auto: JSON when not on a terminal."
    )

    @field_validator("bootstrap_servers")
    @classmethod
    def _servers(cls, value: str) -> str:
        for server in value.split(","):
            host, _, port = server.strip().rpartition(":")
            if not host or not port.isdigit() or not 0 < int(port) < 65_536:
                raise ValueError(f"{server.strip()!r} is not host:port")
        return value

    @field_validator("actor_files", "subject_files")
    @classmethod
    def _files(cls, value: list[Path]) -> list[Path]:
        for path in value:
            try:
                found = path.is_file()
            except OSError:  # a name that is too long
                found = False
            if not found:
                raise ValueError(f"{str(path)[:200]} is no file that can be read; give the paths as a JSON list")
        return value

    @field_validator("people_model")
    @classmethod
    def _installed(cls, value: str) -> str:
        if value != "none" and find_spec(value) is None:
            raise ValueError(f"{value} is not installed; install newsfeed with the extra 'people'")
        return value

    @field_validator("webhook_retries")
    @classmethod
    def _pauses(cls, value: list[float]) -> list[float]:
        if not all(0 < seconds <= LONGEST_WAIT for seconds in value):
            raise ValueError(f"each pause is more than 0 and at most {LONGEST_WAIT:g} seconds")
        return value

    @model_validator(mode="after")
    def _complete(self) -> Settings:
        if self.security_protocol.startswith("SASL") and (not self.sasl_username or self.password is None):
            raise ValueError(
                "SASL needs NEWSFEED_SASL_USERNAME and NEWSFEED_SASL_PASSWORD_FILE (or NEWSFEED_SASL_PASSWORD)"
            )
        _ = self.ssl_context  # certificates that cannot be used are told of at the start
        return self

    @property
    def password(self) -> str | None:
        """The SASL password, from its file where one is named."""
        if self.sasl_password_file is not None:
            try:
                return self.sasl_password_file.read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ValueError(f"NEWSFEED_SASL_PASSWORD_FILE cannot be read: {error.strerror}") from None
            except UnicodeDecodeError:
                raise ValueError("NEWSFEED_SASL_PASSWORD_FILE is not UTF-8") from None
        return self.sasl_password.get_secret_value() if self.sasl_password is not None else None

    @property
    def sizing(self) -> Sizing:
        """What decides the names and shapes of topics."""
        return Sizing(
            prefix=self.topic_prefix,
            partitions=self.partitions,
            articles_partitions=self.articles_partitions,
            replication=self.replication,
            window_ms=int(self.window_hours * HOUR_MS),
        )

    @property
    def ssl_context(self) -> ssl.SSLContext | None:
        """The TLS context, None without TLS.

        Raises:
            ValueError: a file cannot be used; names the variable.
        """
        if not self.security_protocol.endswith("SSL"):
            return None
        try:
            context = ssl.create_default_context(cafile=str(self.ssl_cafile) if self.ssl_cafile else None)
        except OSError as error:
            raise ValueError(f"NEWSFEED_SSL_CAFILE cannot be used: {error.strerror or error}") from None
        if self.ssl_certfile:
            try:
                context.load_cert_chain(str(self.ssl_certfile), str(self.ssl_keyfile) if self.ssl_keyfile else None)
            except OSError as error:
                raise ValueError(
                    f"NEWSFEED_SSL_CERTFILE or NEWSFEED_SSL_KEYFILE cannot be used: {error.strerror or error}"
                ) from None
        return context

    def client(self) -> dict[str, Any]:
        """Arguments that every aiokafka client takes."""
        out: dict[str, Any] = {
            "bootstrap_servers": [s.strip() for s in self.bootstrap_servers.split(",")],
            "security_protocol": self.security_protocol,
        }
        if (context := self.ssl_context) is not None:
            out["ssl_context"] = context
        if self.security_protocol.startswith("SASL"):
            out |= {
                "sasl_mechanism": self.sasl_mechanism,
                "sasl_plain_username": self.sasl_username,
                "sasl_plain_password": self.password,
            }
        return out


def load(**given: Any) -> Settings:
    """The settings from the environment; what is given (and not None) goes before it.

    Raises:
        SettingsError: one line a wrong value, naming the variable.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        lines = []
        for found in error.errors(include_input=False, include_url=False):
            name = PREFIX + "_".join(str(part) for part in found["loc"][:1]).upper() if found["loc"] else "settings"
            lines.append(f"{name}: {found['msg'].removeprefix('Value error, ')}")
        raise SettingsError("\n".join(lines)) from None
    except SourceError as error:  # a list that is no JSON; pydantic names the field alone
        field = re.search(r'field "(\w+)"', str(error))
        name = PREFIX + field[1].upper() if field else "settings"
        raise SettingsError(f'{name}: no JSON; give a list, as in ["one.tsv"] or [5, 300]') from None
    except ValueError as error:
        raise SettingsError(str(error)) from None


def mistyped(environment: Iterable[str]) -> dict[str, str]:
    """Variables that look like settings and are none, each with the setting that is meant.

    Others with our prefix are passed over: an orchestrator adds some of its own for a service of this name.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    near = {name: get_close_matches(name.upper(), known, n=1, cutoff=ALIKE) for name in environment}
    return {name: found[0] for name, found in sorted(near.items()) if found and name.upper() not in known}


def page() -> str:
    """``docs/settings.md``."""
    rows = [
        "# Settings\n",
        "Written from `agents/settings.py` by `newsfeed topics schema --write docs`; do not edit by hand.\n",
    ]
    rows += [
        "All are environment variables; an empty one counts as not set. The command line's options go before them.\n",
        "| variable | default | what |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else str(field.default)
        default = default.lower() if isinstance(field.default, bool) else default
        rows.append(f"| `{PREFIX}{name.upper()}` | {f'`{default}`' if default else ''} | {field.description} |")
    return "\n".join(rows) + "\n"
