"""What a careful wire editor demands: the cases of tests/cases/copies, each fed through cleaning and a fresh window.

A file holds a list of cases: ``name``, ``messages`` (raw articles), ``expect`` (one line a message) and, where the
code is known to judge otherwise, ``known`` with the reason: such a case must fail, so that a better rule is noticed.

A message may be written as an edit of an earlier one, so that a reader sees at once what differs. ``like: N`` takes
title, body and language of message N; then, in this order, ``replace`` (pairs of old and new, in title and body, the
old must stand there), ``order`` (the paragraphs to keep, by number from 0, in their new order), ``before`` and
``after`` (paragraphs put around the body). All other fields are given anew.

An expectation says only what is clear: ``kind``, ``method``, ``version``; ``of`` and ``root`` are the number of a
message (its article) or null; ``must_name`` lists messages that stand in ``of`` or in the evidence; ``changes``
lists words that the passages told as changed must hold, ``inserted`` (in this version) and ``removed`` (before).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from newsfeed.articles import clean
from newsfeed.copies import CopyWindow, fingerprint
from newsfeed.records import Article, DeadLetter, Position, RawArticle, RawMessage, Verdict
from newsfeed.text import fold_text

CASES = Path(__file__).parents[2] / "cases" / "copies"
EDITS = ("like", "replace", "order", "before", "after")
LANGUAGES = ("ar", "de", "en", "es", "fr", "ru")
MINUTE_MS = 60_000

Case = dict[str, Any]


def read_cases() -> list[Any]:
    out = []
    for path in sorted(CASES.glob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            known = case.get("known")
            marks = [pytest.mark.xfail(strict=True, raises=AssertionError, reason=known)] if known else []
            out.append(pytest.param(case, id=f"{path.stem}: {case['name']}", marks=marks))
    return out


def written_out(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The messages with their edits carried out: raw articles as a producer sends them."""
    out: list[dict[str, Any]] = []
    for message in messages:
        raw = {key: value for key, value in message.items() if key not in EDITS}
        if "like" in message:
            base = out[message["like"]]
            raw = {key: base[key] for key in ("title", "body", "language") if key in base} | raw
        elif "body" in raw:
            raw["body"] = raw["body"].strip()
        for old, new in message.get("replace", {}).items():
            if not any(old in raw.get(key, "") for key in ("title", "body")):
                raise ValueError(f"nothing to replace: {old!r}")
            for key in ("title", "body"):
                if key in raw:
                    raw[key] = raw[key].replace(old, new)
        if "order" in message:
            paragraphs = raw["body"].split("\n\n")
            raw["body"] = "\n\n".join(paragraphs[number] for number in message["order"])
        around = (message.get("before", ""), raw.get("body", ""), message.get("after", ""))
        if "before" in message or "after" in message:
            raw["body"] = "\n\n".join(part.strip() for part in around if part)
        out.append(msgspec.to_builtins(msgspec.convert(raw, RawArticle)))
    return out


def cleaned(messages: list[dict[str, Any]]) -> list[Article]:
    out = []
    for offset, raw in enumerate(written_out(messages)):
        message = RawMessage(
            position=Position(topic="news.raw.v1", partition=0, offset=offset),
            value=msgspec.json.encode(raw),
            time_ms=1_800_000_000_000 + offset * MINUTE_MS,
        )
        article = clean(message)
        assert not isinstance(article, DeadLetter), article
        out.append(fingerprint(article))
    return out


def judged(articles: list[Article]) -> list[Verdict]:
    """The verdicts of a fresh window, which a window rebuilt from its entries must repeat."""
    window = CopyWindow(capacity=1_000)
    judgements = [window.judge(offset, article) for offset, article in enumerate(articles)]
    window.close()
    rebuilt = CopyWindow(capacity=1_000)
    rebuilt.load(judgement.entry for judgement in judgements)
    again = [rebuilt.judge(offset, article).verdict for offset, article in enumerate(articles)]
    rebuilt.close()
    verdicts = [judgement.verdict for judgement in judgements]
    if verdicts != again:
        raise RuntimeError("a replay gave other verdicts")
    return [verdict for verdict in verdicts if verdict is not None]


def differences(number: int, expected: Case, articles: list[Article], verdict: Verdict) -> list[str]:
    """What a verdict should say and does not."""

    def named(message: int | None) -> str | None:
        return None if message is None else articles[message].article_id

    out = [
        f"message {number}: {field} is {getattr(verdict, field)!r}, not {expected[field]!r}"
        for field in ("kind", "method", "version")
        if field in expected and getattr(verdict, field) != expected[field]
    ]
    numbers = {article.article_id: at for at, article in reversed(list(enumerate(articles)))}
    for field in ("of", "root"):
        if field in expected and getattr(verdict, field) != named(expected[field]):
            given = getattr(verdict, field)
            out.append(f"message {number}: {field} is message {numbers.get(given, given)}, not {expected[field]}")
    mentioned = {verdict.of, *(passage.of for passage in verdict.evidence)}
    out += [
        f"message {number}: message {other} is named nowhere"
        for other in expected.get("must_name", [])
        if named(other) not in mentioned
    ]
    return out + _proof(number, articles, verdict) + _changes(number, expected.get("changes"), articles, verdict)


def _proof(number: int, articles: list[Article], verdict: Verdict) -> list[str]:
    """Evidence must be what stands here, and the same folded words in a version of the article it names."""
    out = []
    for passage in verdict.evidence:
        here = getattr(articles[number], passage.field)[slice(*passage.here)]
        there = {
            fold_text(getattr(article, passage.there_field)[slice(*passage.there)])
            for article in articles[:number]
            if article.article_id == passage.of
        }
        if here != passage.text or fold_text(here) not in there:
            out.append(f"message {number}: evidence {passage.text!r} is {here!r} here and {there!r} there")
    return out


def _changes(number: int, expected: Case | None, articles: list[Article], verdict: Verdict) -> list[str]:
    if expected is None:
        return []
    versions = [article for article in articles[:number] if article.article_id == verdict.of and article.word_hashes]
    if not versions:
        return [f"message {number}: changes of nothing"]
    out = []
    for op, article in (("inserted", articles[number]), ("removed", versions[-1])):
        told = " | ".join(getattr(article, c.field)[c.start : c.end] for c in verdict.changes if c.op == op)
        out += [
            f"message {number}: {word!r} is not told as {op}: {told!r}"
            for word in expected.get(op, [])
            if word not in told
        ]
        if expected.get(op) == [] and told:
            out.append(f"message {number}: {told!r} is told as {op}")
    return out


@pytest.mark.parametrize("case", read_cases())
def test_case(case: Case) -> None:
    assert len(case["expect"]) == len(case["messages"])
    articles = cleaned(case["messages"])
    verdicts = judged(articles)
    wrong = [
        line
        for number, (expected, verdict) in enumerate(zip(case["expect"], verdicts, strict=True))
        for line in differences(number, expected, articles, verdict)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_kind_and_method(language: str) -> None:
    expected = [
        line
        for path in CASES.glob(f"{language}-*.yaml")
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
        for line in case["expect"]
    ]
    kinds = {line.get("kind") for line in expected}
    assert kinds >= {"original", "duplicate", "update", "correction", "withdrawal", "embargo"}
    duplicates = {line.get("method") for line in expected if line.get("kind") == "duplicate"}
    assert duplicates >= {"same_message", "same_url", "identical_text", "near_copy", "partial_copy"}
    assert any(line.get("kind") == "original" and line.get("method") == "partial_copy" for line in expected)
