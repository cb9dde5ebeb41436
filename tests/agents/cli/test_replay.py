"""``newsfeed replay``: history tagged again under another prefix."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
import typer
from apache_kafka import ApacheKafka
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic
from foreign_client import read, write
from newsfeed_process import lines, newsfeed

from agents.cli.since import moment, ms
from newsfeed.pipeline import Pipeline
from newsfeed.records import DeadLetter, Enriched, Position, RawMessage
from topics import deadletters

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("90s", datetime(2026, 3, 1, 11, 58, 30, tzinfo=UTC)),
        ("12h", datetime(2026, 3, 1, tzinfo=UTC)),
        ("1w", datetime(2026, 2, 22, 12, tzinfo=UTC)),
        ("2026-02-01", datetime(2026, 2, 1, tzinfo=UTC)),
        ("2026-02-01T03:00:00+03:00", datetime(2026, 2, 1, tzinfo=UTC)),
        ("99999w", datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_how_far_back(text: str, meant: datetime) -> None:
    assert ms(moment(text, now=NOW)) == int(meant.timestamp() * 1000)


@pytest.mark.parametrize("text", ["", "yesterday", "7", "-3d", "2026-02-30", "999999999d"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="30m, 12h, 7d"):
        moment(text, now=NOW)


def enriched(number: int, title: str, body: str) -> Enriched:
    value = json.dumps({"id": str(number), "source": "desk.example", "title": title, "body": body}).encode()
    position = Position(topic="news.raw.v1", partition=0, offset=number)
    made = Pipeline(capacity=100).run(RawMessage(position=position, value=value), number)
    assert isinstance(made, Enriched)
    return made


@pytest.mark.kafka
@pytest.mark.xdist_group("apache")
def test_history_under_a_desks_own_rules(apache_kafka: ApacheKafka, topic_prefix: str, tmp_path: Path) -> None:
    at = {"NEWSFEED_BOOTSTRAP_SERVERS": apache_kafka.bootstrap_servers, "NEWSFEED_TOPIC_PREFIX": topic_prefix}
    assert newsfeed("topics", "create", **at).returncode == 0
    records = [
        enriched(1, "Harbour of Wexmoor reopens", "The harbour board of Wexmoor opened the new quay on Monday."),
        enriched(2, "Choir sings again", "The choir gave its first concert in the old mill on Sunday."),
    ]
    stale = [msgspec.structs.replace(record, actors=[], topics=[], rules="0" * 16) for record in records]
    live = f"{topic_prefix}news.enriched.v1"
    for record in stale:
        write(apache_kafka.bootstrap_servers, live, [(record.article_id.encode(), msgspec.json.encode(record), None)])
    write(apache_kafka.bootstrap_servers, live, [(b"gone", None, None)])
    names = tmp_path / "names.tsv"
    names.write_text(
        "id\ttype\tcountry\tname_en\talias_en\n"
        "nf:wexmoor-harbour\torganisation\tGB\tWexmoor Harbour Board\tharbour board of Wexmoor\n"
    )
    desk = at | {"NEWSFEED_ACTOR_FILES": json.dumps([str(names)])}
    target = f"again.{topic_prefix}"
    (said,) = lines(newsfeed("replay", "--since", "1d", "--to-prefix", target, "--json", **desk))
    assert (said["events"], said["tombstones"], said["unreadable"]) == (2, 1, 0)
    assert said["actors_changed"] >= 1
    found = read(apache_kafka.bootstrap_servers, f"{target}news.enriched.v1", until=lambda found: len(found) >= 3)
    written = {record.key: record for record in found}
    first = written[records[0].article_id.encode()]
    again = msgspec.json.decode(first.value or b"", type=Enriched)
    assert "nf:wexmoor-harbour" in {actor.id for actor in again.actors}
    assert again.rules == said["rules"] != records[0].rules
    assert msgspec.structs.replace(again, actors=[], topics=[], relations=[], not_news=None, rules="") == msgspec.structs.replace(
        records[0], actors=[], topics=[], relations=[], not_news=None, rules=""
    )  # fmt: skip
    assert "nf:wexmoor-harbour" in (first.header("actors") or "")
    assert written[b"gone"].value is None
    assert len(read(apache_kafka.bootstrap_servers, live, until=lambda found: len(found) >= 3)) == 3
    (nothing,) = lines(newsfeed("replay", "--since", "2100-01-01", "--to-prefix", target, "--json", **desk))
    assert nothing["events"] == 0


@pytest.mark.kafka
@pytest.mark.xdist_group("apache")
def test_a_record_that_is_not_taken(apache_kafka: ApacheKafka, topic_prefix: str) -> None:
    at = {"NEWSFEED_BOOTSTRAP_SERVERS": apache_kafka.bootstrap_servers, "NEWSFEED_TOPIC_PREFIX": topic_prefix}
    assert newsfeed("topics", "create", **at).returncode == 0
    record = enriched(1, "Harbour reopens", "The harbour board opened the new quay on Monday.")
    write(
        apache_kafka.bootstrap_servers, f"{topic_prefix}news.enriched.v1",
        [(record.article_id.encode(), msgspec.json.encode(record), None)],
    )  # fmt: skip
    target = f"again.{topic_prefix}news.enriched.v1"
    admin = AdminClient({"bootstrap.servers": apache_kafka.bootstrap_servers})
    for made in admin.create_topics([NewTopic(target, 1, 1, config={"max.message.bytes": "100"})]).values():
        made.result(30)
    found = newsfeed("replay", "--since", "1d", "--to-prefix", f"again.{topic_prefix}", **at)
    assert found.returncode == 1
    assert b"did not take what was made of" in found.stderr
    assert b"Traceback" not in found.stderr


@pytest.mark.kafka
@pytest.mark.xdist_group("apache")
def test_a_dead_letter_that_is_not_taken(apache_kafka: ApacheKafka, topic_prefix: str) -> None:
    at = {"NEWSFEED_BOOTSTRAP_SERVERS": apache_kafka.bootstrap_servers, "NEWSFEED_TOPIC_PREFIX": topic_prefix}
    assert newsfeed("topics", "create", **at).returncode == 0
    target = f"{topic_prefix}narrow"
    admin = AdminClient({"bootstrap.servers": apache_kafka.bootstrap_servers})
    for made in admin.create_topics([NewTopic(target, 1, 1, config={"max.message.bytes": "100"})]).values():
        made.result(30)
    letter = DeadLetter(reason="not_json", detail="no value")
    why = deadletters.headers(letter, Position(topic=target, partition=0, offset=7), stage="clean", content_type=None)
    producer = Producer({"bootstrap.servers": apache_kafka.bootstrap_servers})
    producer.produce(f"{topic_prefix}news.dead.v1", value=b"x" * 1000, headers=list(why))
    assert producer.flush(30) == 0
    found = newsfeed("dead-letters", "replay", "--all", **at)
    assert found.returncode == 1
    assert b"narrow did not take the dead letter at" in found.stderr
    assert b"Traceback" not in found.stderr


def test_the_live_prefix_is_refused() -> None:
    found = newsfeed("replay", "--since", "1d", "--to-prefix", "live.", NEWSFEED_TOPIC_PREFIX="live.")
    assert found.returncode == 2
    assert b"prefix of the live topics" in found.stderr
