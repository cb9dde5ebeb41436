"""What stands beside a candidate for a person's name: a title, an apposition, a verb of speech."""

from __future__ import annotations

from newsfeed.actors.entry import Hit
from newsfeed.actors.passage import Passage
from newsfeed.actors.people import TITLES

_PHRASE = 9  # words of a title before a comma


def title_before(passage: Passage, start: int) -> Hit | None:
    if not start:
        return None
    hit = passage.till.get(start)
    if hit is None:
        return None
    if hit.of("tail") is not None and passage.language in ("fr", "es") and passage.near(hit.start):
        head = passage.till.get(hit.start)  # "la ministre des Finances Liis Tamm"
        return head if head is not None and head.of("head_office") is not None and passage.near(start) else None
    citizen = hit.of("nationality") if passage.language == "ru" else None  # "финн Микко Салонен"
    if hit.of(*TITLES) is None and not (citizen is not None and citizen.key == "noun"):
        return None
    # "Dr. Weiss"; but "the captain. Furious fans …"
    dotted = passage.gap(start) in (". ", ".") and passage.words[start - 1] in passage.grammar.dotted
    return hit if dotted or passage.near(start) else None


def title_further(passage: Passage, start: int, most: int = 7) -> bool:
    """Whether a title stands a few words back in the same phrase: "Президент ФИФА Зепп Блаттер"."""
    word = start
    while word > 0 and start - word < most and passage.near(word):
        word -= 1
        hit = passage.at.get(word)
        if hit is not None:
            if hit.of("speech") is not None:
                return False
            if hit.of(*TITLES) is not None:
                return True
    return False


def presented(passage: Passage, start: int, end: int) -> bool:
    """Whether a title's phrase and a comma stand before, and a comma or full stop behind: "La ministre, Liis Tamm, a"."""
    if not passage.comma(start) or passage.gap(end).strip()[:1] not in (",", "."):
        return False
    if passage.words[start] in passage.grammar.particle:
        return False  # ", El Sherei," is a family name only
    for word in range(start, max(start - _PHRASE, 0), -1):
        hit = passage.till.get(word)
        if hit is not None and hit.of("speech") is not None:
            return False
        if hit is not None and hit.of(*TITLES) is not None:
            return True
        if not passage.near(word - 1):
            return False
    return False


def compound_title(passage: Passage, start: int) -> bool:
    """Whether a German compound of a title stands before: "Betriebsratsvorsitzende", "Musikforscher"."""
    if passage.language != "de" or not passage.near(start) or not passage.upper(start - 1):
        return False
    return passage.words[start - 1].endswith(passage.grammar.title_end)


def titled(passage: Passage, start: int) -> bool:
    """Whether a title stands before, in German also one that is a compound."""
    return title_before(passage, start) is not None or compound_title(passage, start)


def apposed(passage: Passage, end: int) -> bool:
    """Whether ", chief executive …" follows; a title with a name behind it (", Dr Weiss") is somebody else's."""
    if end >= len(passage.words) or not passage.comma(end):
        return False
    for word in range(end, min(end + 3, len(passage.words))):
        hit = passage.at.get(word)
        if hit is not None and (title := hit.of(*TITLES)) is not None:
            named = hit.end < len(passage.words) and passage.upper(hit.end)
            return title.key != "title" or not named or not passage.upper(word)
    return False


def speaks(passage: Passage, start: int) -> bool:
    """Whether the name that begins at a word beside a verb of speech can be who says it: no place, no object of the verb."""
    verb = passage.till.get(start)
    if verb is not None and verb.of("speech") is not None and passage.near(start):
        # English puts the speaker behind the verb only where what is said stands before it: "told Reality Check"
        return passage.language != "en" or verb.end - verb.start > 1 or not passage.near(verb.start)
    if not passage.near(start):
        return True
    before, grammar = passage.words[start - 1], passage.grammar
    if before in grammar.inside or before in grammar.of:
        return False  # "Police in Cedar Rapids said", "the College of Emergency Medicine said"
    return before not in grammar.joins or start < 2 or not passage.upper(start - 2)


def speech_beside(passage: Passage, start: int, end: int) -> bool:
    before, behind = passage.till.get(start), passage.at.get(end)
    if before is not None and (r := before.of("speech")) is not None and r.key == "say" and passage.near(start):
        return True
    return behind is not None and (r := behind.of("speech")) is not None and r.key == "say" and passage.near(end)
