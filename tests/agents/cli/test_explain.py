"""``explain``: two articles side by side, and what a rule file changes over a sample."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsfeed_process import lines, newsfeed, told

from agents.cli.rule_trial import versions
from agents.cli.side_by_side import as_json, compare, here_spans, marked, marks
from agents.cli.side_by_side import lines as arithmetic
from newsfeed.pipeline import Cleaner
from newsfeed.records import Article, Position, RawMessage

BODY = (
    "The ferry to the outer islands sails again from Monday after two weeks of repairs at the main pier. The harbour office said that "
    "divers had replaced eleven damaged beams below the waterline and that the crane barge would leave on Sunday evening.\n"
    "Tickets bought for cancelled crossings stay valid until the end of the month, and shops on the islands expect their first deliveries at noon."
)
FIRST = {"id": "a-1", "source": "desk", "title": "Ferry service to the islands resumes", "body": BODY, "language": "en"}
EDITED = FIRST | {"id": "a-2", "title": "Islands: ferry service resumes", "body": BODY.replace("said that", "told us that") + " A spokesman thanked passengers."}  # fmt: skip
WEATHER = "Forecast for {place} on {day}: a high of {high} degrees and a low of {low}, wind from the west at {wind} kilometres an hour. The weather office expects {rain} millimetres of rain by the evening and advises drivers to allow more time on the roads."
ARABIC = {
    "id": "ar-1", "source": "desk", "language": "ar", "title": "عودة العبارة إلى الجزر",
    "body": "تبحر العبارة إلى الجزر الخارجية مرة أخرى اعتبارا من يوم الاثنين بعد أسبوعين من الإصلاحات في الرصيف الرئيسي، وقال مكتب الميناء إن الغواصين استبدلوا أحد عشر عارضة متضررة تحت خط الماء.",
}  # fmt: skip


def article(number: int, given: dict[str, Any]) -> Article:
    found = Cleaner()(
        RawMessage(position=Position(topic="t", partition=0, offset=number), value=json.dumps(given).encode())
    )
    assert isinstance(found, Article)
    return found


def write(folder: Path, *given: dict[str, Any]) -> list[str]:
    names = [folder / f"{number}.json" for number in range(len(given))]
    for name, each in zip(names, given, strict=True):
        name.write_text(json.dumps(each), encoding="utf-8")
    return [str(name) for name in names]


def test_two_articles_side_by_side_for_people(tmp_path: Path) -> None:
    said = told(newsfeed("explain", *write(tmp_path, FIRST, EDITED)))
    assert "first: 0.json" in said
    assert "second: 1.json" in said
    assert said.count("⟦1 ") == 4  # it runs over the end of both titles
    assert "duplicate by near_copy" in said
    for what in ("words ", "own text of the second", "word 4-grams", "Jaccard", "near_copy: "):
        assert what in said


def test_two_articles_side_by_side_for_machines(tmp_path: Path) -> None:
    (found,) = lines(newsfeed("explain", "--json", *write(tmp_path, FIRST, EDITED)))
    assert found["verdict"]["kind"] == "duplicate"
    assert found["verdict"]["of"] == found["there"]["article_id"]
    assert found["texts"]["relation"] == found["verdict"]["method"] == "near_copy"
    assert found["texts"]["score"] == found["verdict"]["score"] >= found["texts"]["threshold"]
    assert found["texts"]["overlap"] == found["verdict"]["overlap"]
    assert sum(passage["words"] for passage in found["passages"]) == found["texts"]["words"]["shared"]
    for passage in found["passages"]:
        for side in ("here", "there"):
            for mark in passage[side]:
                assert found[side][mark["field"]][mark["start"] : mark["end"]] == mark["text"]


def test_a_template_says_which_facts_are_others() -> None:
    twins = [
        {"id": place, "source": "met", "language": "en", "title": f"Weather in {place}", "body": WEATHER.format(place=place, day=day, high=high, low=low, wind=wind, rain=rain)}
        for place, day, high, low, wind, rain in (("Oslo", "Monday", 12, 4, 23, 8), ("Porto", "Friday", 27, 16, 11, 2))
    ]  # fmt: skip
    found = compare(article(0, twins[0]), article(1, twins[1]))
    assert found.verdict is not None
    assert found.verdict.kind == "original"
    assert as_json(found)["texts"]["template"] == "numbers"
    assert "figures are others" in dict(arithmetic(found))["as texts"]


@pytest.mark.parametrize(
    ("second", "kind", "method"),
    [
        (FIRST | {"id": "other"}, "duplicate", "identical_text"),
        (FIRST, "duplicate", "same_message"),
        (FIRST | {"body": BODY + " The first boat leaves at six."}, "update", "same_message"),
        (ARABIC, "original", "none"),
        ({"id": "x", "title": "Short"}, "original", "none"),
    ],
)
def test_every_way_to_decide_can_be_told(second: dict[str, Any], kind: str, method: str) -> None:
    found = compare(article(0, FIRST), article(1, second))
    assert found.verdict is not None
    assert found.verdict.kind == kind
    assert kind == "update" or found.verdict.method == method
    assert kind in dict(arithmetic(found))["verdict on the second"]
    json.dumps(as_json(found), default=str)


def test_passages_of_an_arabic_text_are_slices_of_the_original() -> None:
    cut = ARABIC | {"id": "ar-2", "body": str(ARABIC["body"]).replace("أحد عشر عارضة", "عدة عوارض")}
    found = compare(article(0, ARABIC), article(1, cut))
    shared = found.pair.shared
    assert len(shared) == 2
    spans = marks(found.here, here_spans(shared))
    assert "عدة عوارض" not in "".join(getattr(found.here, mark.field)[mark.start : mark.end] for mark in spans)


WORDS = st.lists(
    st.sampled_from(["alpha", "beta", "gamma", "delta", "Straße", "éclair", "عدد", "\u200f12", "x"]), max_size=40
)


@given(WORDS, WORDS, WORDS)
@settings(max_examples=60)
def test_marked_text_keeps_every_word(title: list[str], first: list[str], second: list[str]) -> None:
    one = {"id": "1", "title": " ".join(["Alpha", *title]), "body": " ".join(first)}
    two = {"id": "2", "title": " ".join(["Alpha", *title]), "body": " ".join([*second, *first])}
    found = compare(article(0, one), article(1, two))
    spans = marks(found.here, here_spans(found.pair.shared))
    for field in ("title", "body"):
        text = getattr(found.here, field)
        here = [mark for mark in spans if mark.field == field]
        assert all(before.end <= after.start for before, after in pairwise(here))
        assert marked(text, here, colours=True).plain.split() == text.split()


def test_a_dead_message_is_named(tmp_path: Path) -> None:
    (name,) = write(tmp_path, FIRST)
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    found = newsfeed("explain", name, str(broken))
    assert told(found, 2) == ""
    assert b"broken.json: not_json" in found.stderr
    assert b"(message 2)" in found.stderr


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "desk.tsv"
    path.write_text("topics\tterms\tweight\tname\tbroader\nnf:ferries\tferry, ferries\t9\tFerries\tmedtop:04000000\n", encoding="utf-8")  # fmt: skip
    return path


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "sample.jsonl"
    quiet = {"id": "q", "language": "en", "title": "The museum opens a hall of clocks", "body": "Visitors saw forty clocks from three centuries on the first day."}  # fmt: skip
    path.write_text("\n".join([json.dumps(FIRST), "{", json.dumps(quiet)]) + "\n", encoding="utf-8")
    return path


def test_what_a_rule_file_changes_over_a_sample(rules: Path, sample: Path) -> None:
    found = lines(newsfeed("explain", "--topics", "--json", "--compare", str(rules), str(sample)))
    (changed, last) = found
    assert changed["at"] == "sample.jsonl:1"
    assert [topic["id"] for topic in changed["new"]] == ["nf:ferries"]
    assert changed["new"][0]["evidence"]
    total = last["total"]
    assert (total["articles"], total["changed"], total["unread"]) == (2, 1, 1)
    assert {"id": "nf:ferries", "name": "Ferries", "gone": 0, "new": 1} in total["topics"]
    said = told(newsfeed("explain", "--topics", "--compare", str(rules), str(sample)))
    assert "+ nf:ferries" in said
    assert "1 of 2 articles change; 1 could not be read" in said


def test_the_configured_rule_file_is_compared_with_its_absence(rules: Path, sample: Path) -> None:
    found = lines(
        newsfeed("explain", "--topics", "--json", "--compare", str(rules), str(sample), NEWSFEED_SUBJECT_FILES=json.dumps([str(rules)]))
    )  # fmt: skip
    assert found[-1]["total"]["changed"] == 1


def test_a_broken_rule_file_names_its_line(rules: Path, sample: Path) -> None:
    rules.write_text("topics\tterms\nmedtop:nonsense\tferry\n", encoding="utf-8")
    found = newsfeed("explain", "--topics", "--compare", str(rules), str(sample))
    assert told(found, 2) == ""
    assert b"line 2" in found.stderr
    assert b"no such rule file" in newsfeed("explain", "--topics", "--compare", "none.tsv", str(sample)).stderr


def test_which_rule_files_are_compared(tmp_path: Path) -> None:
    new, old, other = tmp_path / "new" / "desk.tsv", tmp_path / "old" / "desk.tsv", tmp_path / "other.tsv"
    assert versions(new, [other]) == ([other], [other, new])
    assert versions(new, [old, other]) == ([old, other], [new, other])
    assert versions(old, [old, other]) == ([other], [old, other])
