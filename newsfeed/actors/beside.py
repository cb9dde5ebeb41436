"""What stands beside a candidate for a person's name: a title, an apposition, a verb of speech."""

from __future__ import annotations

from newsfeed.actors.entry import Hit
from newsfeed.actors.passage import Passage
from newsfeed.actors.people import TITLES


def title_before(passage: Passage, start: int) -> Hit | None:
    if not start:
        return None
    hit = passage.till.get(start)
    if hit is None:
        return None
    citizen = hit.of("nationality") if passage.language == "ru" else None  # "финн Микко Салонен"
    if hit.of(*TITLES) is None and not (citizen is not None and citizen.key == "noun"):
        return None
    return hit if passage.near(start) or passage.gap(start) in (". ", ".") else None


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


def apposed(passage: Passage, end: int) -> bool:
    if end >= len(passage.words) or not passage.comma(end):
        return False
    for word in range(end, min(end + 3, len(passage.words))):
        hit = passage.at.get(word)
        if hit is not None and hit.of(*TITLES) is not None:
            return True
    return False


def speech_beside(passage: Passage, start: int, end: int) -> bool:
    before, behind = passage.till.get(start), passage.at.get(end)
    if before is not None and (r := before.of("speech")) is not None and r.key == "say" and passage.near(start):
        return True
    return behind is not None and (r := behind.of("speech")) is not None and r.key == "say" and passage.near(end)
