"""Settings: a wrong value is one line that names the variable; secrets show nowhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from agents.settings import Settings, SettingsError, load, mistyped

SECRET = "hunter2-hunter2"


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("NEWSFEED_"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOOTSTRAP_SERVERS", "nonsense"),
        ("BOOTSTRAP_SERVERS", "host:0"),
        ("BOOTSTRAP_SERVERS", "host:70000"),
        ("BOOTSTRAP_SERVERS", "a:1,,b:2"),
        ("SECURITY_PROTOCOL", "TLS"),
        ("SASL_MECHANISM", "GSSAPI"),
        ("TOPIC_PREFIX", "with space"),
        ("PARTITIONS", "0"),
        ("PARTITIONS", "many"),
        ("ARTICLES_PARTITIONS", "0"),
        ("REPLICATION", "11"),
        ("CREATE_TOPICS", "perhaps"),
        ("WINDOW_HOURS", "0"),
        ("WINDOW_ARTICLES", "0"),
        ("MAX_ARTICLE_BYTES", "10"),
        ("MAX_ARTICLE_BYTES", "99999999"),
        ("TOLD_DAYS", "-1"),
        ("TOLD_DAYS", "inf"),
        ("GROUP", "a/b"),
        ("SESSION_TIMEOUT", "0"),
        ("BATCH", "0"),
        ("LINGER", "60"),
        ("COMPRESSION", "lzma"),
        ("WEB_PORT", "65536"),
        ("ACTOR_FILES", '["/no/such/file.tsv"]'),
        ("ACTOR_FILES", f'["{"long" * 100}.tsv"]'),
        ("SUBJECT_FILES", '["/"]'),
        ("STALL_SECONDS", "1"),
        ("WEBHOOK_ALLOW_PRIVATE", "2"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"NEWSFEED_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load()
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"NEWSFEED_{name}: ")
    assert len(line) > len(f"NEWSFEED_{name}: ") + 5


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compose files and charts pass on what nobody has set."""
    for name in Settings.model_fields:
        monkeypatch.setenv(f"NEWSFEED_{name.upper()}", "")
    assert load() == Settings.model_construct()
    with pytest.raises(SettingsError, match=r"^NEWSFEED_WEB_BIND: "):
        load(web_bind="")


def test_a_name_model_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.settings.find_spec", lambda _: None)
    with pytest.raises(SettingsError, match=r"^NEWSFEED_PEOPLE_MODEL: natasha is not installed; .*'people'$"):
        load(people_model="natasha")


def test_two_wrong_values_are_two_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSFEED_PARTITIONS", "0")
    monkeypatch.setenv("NEWSFEED_BATCH", "x")
    with pytest.raises(SettingsError) as caught:
        load()
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == ["NEWSFEED_PARTITIONS", "NEWSFEED_BATCH"]


def test_what_is_given_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSFEED_BOOTSTRAP_SERVERS", "one:9092")
    assert load(bootstrap_servers=None).bootstrap_servers == "one:9092"
    assert load(bootstrap_servers="two:9093, three:9094").client()["bootstrap_servers"] == ["two:9093", "three:9094"]


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load().partitions = 9


@pytest.mark.parametrize("given", [{}, {"sasl_username": "desk"}, {"sasl_password": SECRET}])
def test_sasl_needs_user_and_password(given: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as caught:
        load(security_protocol="SASL_SSL", **given)
    said = str(caught.value)
    assert "NEWSFEED_SASL_USERNAME" in said
    assert "NEWSFEED_SASL_PASSWORD_FILE" in said
    assert SECRET not in said
    assert len(said.splitlines()) == 1


def test_secrets_show_nowhere(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(SECRET + "\n", encoding="utf-8")
    for found in (
        load(security_protocol="SASL_PLAINTEXT", sasl_username="desk", sasl_password=SECRET),
        load(security_protocol="SASL_PLAINTEXT", sasl_username="desk", sasl_password_file=file),
    ):
        assert SECRET not in repr(found) + str(found) + found.model_dump_json()
        assert found.client()["sasl_plain_password"] == SECRET


def test_a_secret_does_not_show_beside_another_wrong_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSFEED_SASL_PASSWORD", SECRET)
    monkeypatch.setenv("NEWSFEED_PARTITIONS", "x")
    with pytest.raises(SettingsError) as caught:
        load()
    assert SECRET not in str(caught.value)
    assert SECRET not in repr(caught.value)


def test_a_password_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="NEWSFEED_SASL_PASSWORD_FILE cannot be read"):
        load(security_protocol="SASL_SSL", sasl_username="desk", sasl_password_file=tmp_path / "none")


def test_tls_only_where_it_is_asked_for() -> None:
    assert load().ssl_context is None
    assert "ssl_context" in load(security_protocol="SSL").client()


def test_a_variable_with_a_slip_is_told_with_what_is_meant() -> None:
    given = ["NEWSFEED_WINDOW_HOUR", "NEWSFEED_WEBHOK_ALLOW_PRIVATE", "NEWSFEED_WINDOW_HOURS", "newsfeed_partitions"]
    injected = ["NEWSFEED_SERVICE_HOST", "NEWSFEED_PORT_8080_TCP", "NEWSFEED_FAUST_DEBUG", "NEWSFEED_SHARED"]
    assert mistyped([*given, *injected]) == {
        "NEWSFEED_WEBHOK_ALLOW_PRIVATE": "NEWSFEED_WEBHOOK_ALLOW_PRIVATE",
        "NEWSFEED_WINDOW_HOUR": "NEWSFEED_WINDOW_HOURS",
    }


def test_every_setting_is_described() -> None:
    assert all(field.description and field.description.endswith(".") for field in Settings.model_fields.values())
