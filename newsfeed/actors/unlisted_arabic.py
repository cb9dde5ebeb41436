"""Arabic organisations nobody listed: a noun and the definite words and names that follow it."""

from __future__ import annotations

from collections.abc import Iterator

from newsfeed.actors.arabic_names import plain
from newsfeed.actors.entry import Hit, Reading
from newsfeed.actors.grammar import Grammar
from newsfeed.actors.passage import Passage
from newsfeed.actors.quotes import quoted

Found = tuple[int, int, int, "Hit | None", Reading]


def find(passage: Passage, grammar: Grammar) -> Iterator[Found]:
    for hit in passage.forms:
        reading = hit.meanings.kinds["form"]
        if not passage.free(hit.start, hit.end):
            continue
        lead = reading.key.endswith("lead")
        close = quoted(passage, hit.end)
        if close > hit.end and close - hit.end < 5 and lead and passage.free(hit.end, close):
            yield hit.start, close, hit.start, hit, reading
            continue
        end = _definite(passage, hit.end, grammar, lead=lead)
        if (
            reading.key == "SPT.lead"
            and end == hit.end + 1
            and hit.end not in passage.at
            and not passage.words[hit.end].startswith("ال")
            and not (passage.words[hit.start].endswith("نادي") and _club(passage, hit.end))
        ):
            continue
        if end > hit.end:
            if passage.words[hit.end - 1] == "هييه" and end - hit.end < 2:
                continue  # "هيئة الدفاع": anybody's
            if not lead and end - hit.end == 1 and not passage.words[hit.end].endswith(("ي", "يه")):
                continue  # "المعهد التحقوا": one definite word behind a definite one may be anything
            yield hit.start, end, hit.start, hit, reading


def _club(passage: Passage, word: int) -> bool:
    """ "نادي فالنسيا": an unknown word behind a club that is no adjective or plural is its name."""
    text = passage.words[word]
    return len(text) > 4 and passage.near(word) and not text.endswith(("ي", "ه", "ون", "ين", "ات"))


def _construct(passage: Passage, word: int, grammar: Grammar) -> int:
    """Past "سوق رأس المال" in "هيئة سوق رأس المال": at most three nouns without an article and the definite one that closes them, else 0."""
    end, count = word, len(passage.words)
    while end < count and end - word < 3 and passage.words[end] in grammar.construct and passage.near(end):
        end += 1
    if end == word or end >= count or not passage.near(end) or passage.taken[end]:
        return 0
    return end + 1 if passage.words[end].startswith("ال") and len(passage.words[end]) > 4 else 0


def _second(passage: Passage, word: int) -> bool:
    """Whether a given name stands before a word."""
    before = passage.till.get(word)
    return before is not None and before.meanings.given


def _agrees(passage: Passage, word: int, grammar: Grammar) -> bool:
    """Whether a definite word is an adjective of the body before it ("الهيئة العليا") and no noun of its own ("الحركة الموقف")."""
    text = passage.words[word]
    if passage.words[word - 1].endswith("ه"):
        return text.endswith(("ه", "ا")) or text in grammar.adjective
    return text.endswith("ي") or text in grammar.adjective


def _definite(passage: Passage, word: int, grammar: Grammar, *, lead: bool) -> int:
    """Past the definite words and names that complete an Arabic organisation's name."""
    start, count = word, len(passage.words)
    while word < count and word - start < 5 and passage.near(word) and not passage.taken[word]:
        text = passage.words[word]
        hit = passage.at.get(word)
        if (
            hit is not None
            and hit.of("speech", "role", "office", "body", "tail", "blocked", "head_office") is not None
            and not text.startswith(("ال", "لل", "وال"))
        ):
            break
        if word == start and lead and text in ("مدينه", "قريه", "صوت", "محلي") and passage.near(word + 1):
            word += 1  # "بلدية مدينة …", "إذاعة صوت …"
            start += 1
            continue
        if word == start and lead and (closed := _construct(passage, word, grammar)):
            word = closed
            continue
        definite = text.startswith(("ال", "لل", "وال")) and len(text) > 4
        named = hit is not None and not hit.joined and hit.of("name", "city", "capital", "given") is not None
        if hit is not None and not hit.joined and not named and hit.of("nationality") is not None:
            named = word > start or passage.raw(word).startswith(("ال", "لل"))  # "مجلة ألمانية": any German magazine
            definite = definite and named
        if word == start:
            if text.startswith("لل"):
                break  # "مصنع للأحزمة": what it is for, not what it is called
            if text in grammar.common and not (
                lead and definite and passage.words[start - 1] in ("جامعه", "حزب", "صحيفه", "جريده", "قناه")
            ):
                break
            if not lead and not (definite and text.startswith("ال") and _agrees(passage, word, grammar)):
                break
            if (
                lead
                and not definite
                and not named
                and (
                    hit is not None
                    or len(text) < 3
                    or (text[0] == "و" and len(text) > 4)  # "منصة ومتابعة"
                    or (text[0] in "وبلف" and text[1:] in grammar.common)
                    or passage.raw(word).endswith(("ة", "ات", "ية", "ين", "ون", "ا"))
                    or plain(passage, word, grammar)  # "شركة تتولى"
                )
            ):
                break
        elif hit is None and _second(passage, word) and not plain(passage, word, grammar):
            pass  # "مستشفى فرحات حشاد"
        elif (not definite and not (named and text not in grammar.common)) or (
            text in grammar.common and not named and not text.endswith(("يه", "ي"))
        ):
            break
        word += 1
        if hit is not None and hit.end > word:
            word = hit.end
    return word
