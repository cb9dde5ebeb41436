"""Who said it, and who met or talked with whom, where the text says so plainly.

``said``: an actor stands beside a verb of speech; the span is the quotation in the same paragraph, else the clause.
``with``: "talks between A and B", "A met B", "A … with B" around a noun or verb of meeting; the span is the phrase.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping

from newsfeed.actors.entry import Claim
from newsfeed.actors.grammar import Grammar
from newsfeed.actors.passage import Passage
from newsfeed.records import Relation

_QUOTES = {"«": "»", "“": "”", "„": "“", '"': '"', "”": "”"}
_END = frozenset(".!?…\n؟")
_END_OR_OPEN = _END | frozenset(':«"“')
_SENTENCE_END = re.compile(r"[.!?…\n؟]")
_QUOTE_OR_END = re.compile(r"[«“„\"”.!?…؟]")
_CLAUSE = 300  # code points: the longest clause shown as what somebody said
_REST = 40  # code points: less of the sentence behind who said it is to whom and where
_STATED = 20  # code points: the shortest statement before who said it; "on Monday" is none
_PARAGRAPH = 4000  # code points: how far a quotation may stand from who said it
_REACH = 4  # words between a speaker and the verb


def relations(passages: list[Passage], claims: list[list[Claim]], grammars: Mapping[str, Grammar]) -> list[Relation]:
    """The relations of an article in reading order, each once."""
    out: dict[tuple[str, str, str | None, int, int], Relation] = {}
    for passage, found in zip(passages, claims, strict=True):
        if not found or not passage.speech:
            continue
        grammar = grammars[passage.language]
        for relation in [*_said(passage, found), *_with(passage, found, grammar)]:
            out.setdefault((relation.type, relation.who, relation.whom, relation.start, relation.end), relation)
    return list(out.values())


def _said(passage: Passage, claims: list[Claim]) -> list[Relation]:
    out = []
    actors = [
        claim
        for claim in claims
        if claim.role == "actor" and claim.entity.type != "region" and not claim.row.startswith("nationalities")
    ]
    begins = {claim.start: claim for claim in reversed(actors)}
    ends = {claim.end: claim for claim in actors}
    for hit in passage.speech:
        verb = hit.meanings.speech
        if verb is None or verb.key != "say":
            continue
        if passage.language == "ar":
            speaker = _behind(passage, begins, hit.end) or _before(passage, ends, hit.start, reach=0)
        else:
            speaker = _before(passage, ends, hit.start, reach=_REACH) or _behind(passage, begins, hit.end)
        if speaker is None:
            continue
        start, end = _statement(
            passage, min(hit.start, speaker.start), max(hit.end, speaker.end), inverted=hit.start < speaker.start
        )
        if end > start:
            out.append(
                Relation(
                    type="said",
                    who=speaker.entity.id,
                    field=passage.name,
                    start=start,
                    end=end,
                    text=passage.source[start:end],
                )
            )
    return out


def _before(passage: Passage, ends: dict[int, Claim], word: int, *, reach: int) -> Claim | None:
    links = passage.links
    for step in range(reach + 1):
        if word - step <= 0:
            return None
        if (claim := ends.get(word - step)) is not None:
            return claim
        if not links[word - step] and not _END.isdisjoint(passage.gap(word - step)):
            return None
    return None


def _behind(passage: Passage, begins: dict[int, Claim], word: int) -> Claim | None:
    links = passage.links
    for place in range(word, min(word + _REACH + 1, len(passage.words))):
        if not links[place] and not _END_OR_OPEN.isdisjoint(passage.gap(place)):
            return None
        if (claim := begins.get(place)) is not None:
            holder = begins.get(claim.end)  # "المتحدث باسم الرئاسة المصرية محمد الشناوي": the person speaks
            return (
                holder if holder is not None and holder.entity.type == "person" and passage.near(claim.end) else claim
            )
    return None


def _statement(passage: Passage, first: int, last: int, *, inverted: bool) -> tuple[int, int]:
    """The quotation in the paragraph nearest to words [first, last), else the rest of the sentence, or what stands before.

    Args:
        inverted: the verb stands before the speaker.
    """
    source = passage.source
    begin, stop = passage.starts[first], passage.ends[last - 1]
    left = max(source.rfind("\n", max(0, begin - _PARAGRAPH), begin) + 1, begin - _PARAGRAPH, 0)
    right = source.find("\n", stop, stop + _PARAGRAPH)
    right = min(len(source), stop + _PARAGRAPH) if right < 0 else right
    opening = _QUOTE_OR_END.search(source, stop, right)
    if opening is not None and opening.group() in _QUOTES:
        close = source.find(_QUOTES[opening.group()], opening.end(), right)
        if close > opening.end():
            return opening.end(), close
    close = max(source.rfind(char, left, begin) for char in '»”"“')
    if (
        close > left
        and begin - close < 12
        and not any(char.isalnum() or char in _END for char in source[close + 1 : begin])
    ):
        first_mark = max(source.rfind(char, left, close) for char in '«“„"')
        if first_mark >= left and close > first_mark + 1:
            return first_mark + 1, close
    limit = min(right, stop + _CLAUSE)
    match = _SENTENCE_END.search(source, stop, limit)
    end = match.start() if match else limit
    if passage.language != "ar" and (inverted or end - stop < _REST):
        # "Nobody was hurt, Mayor Orla Brennan told reporters", "…, sagte die Ministerin"
        comma = source.rfind(",", left, begin)
        before = max(left, *(source.rfind(char, left, begin) + 1 for char in _END), begin - _CLAUSE)
        while before < comma and source[before].isspace():
            before += 1
        if comma - before >= _STATED and len(source[comma + 1 : begin].split()) <= _REACH:
            return before, comma
    while stop < end and source[stop] in " ,،:":
        stop += 1
    if end - stop < 10:
        return begin, end
    return stop, end


def _with(passage: Passage, claims: list[Claim], grammar: Grammar) -> list[Relation]:
    out = []
    for hit in passage.speech:
        noun = hit.meanings.speech
        if noun is None or noun.key not in ("talks", "meet"):
            continue
        pair = _pair(passage, claims, grammar, hit.start, hit.end, meet=noun.key == "meet")
        if pair is not None and pair[0].entity.id != pair[1].entity.id:
            first, second = pair
            start = min(passage.starts[hit.start], passage.span(first.start, first.end, first.skip)[0])
            end = max(passage.ends[hit.end - 1], passage.span(second.start, second.end)[1])
            out.append(
                Relation(
                    type="with",
                    who=first.entity.id,
                    whom=second.entity.id,
                    field=passage.name,
                    start=start,
                    end=end,
                    text=passage.source[start:end],
                )
            )
    return out


def _pair(
    passage: Passage, claims: list[Claim], grammar: Grammar, start: int, end: int, *, meet: bool
) -> tuple[Claim, Claim] | None:
    first = bisect_left(claims, end, key=_start)
    behind = [
        claim for claim in claims[first : first + 16] if claim.start <= end + 14 and passage.whole(end, claim.start)
    ]
    if meet:
        back = claims[max(0, bisect_left(claims, start, key=_start) - 8) : first]
        before = [claim for claim in back if start - 6 <= claim.end <= start and passage.whole(claim.end, start)]
        if passage.language == "ar" and not before:
            people = [claim for claim in behind if claim.entity.type in ("person", "organisation", "group")]
            return (people[0], people[1]) if len(people) > 1 else None
        people = [claim for claim in behind if claim.start <= end + 8 and claim.role == "actor"]
        return (before[-1], people[0]) if before and people else None
    near = [word for word in range(end, min(end + 5, len(passage.words))) if passage.words[word] in grammar.between]
    if near and len(behind) > 1:
        joined = [claim for claim in behind if claim.start > near[0] - 1]
        if len(joined) > 1 and joined[1].start - joined[0].end < 5:
            return joined[0], joined[1]
        if len(joined) > 1 and joined[0].start == joined[1].start:
            return joined[0], joined[1]
    return None


def _start(claim: Claim) -> int:
    return claim.start
