"""Names in quotation marks."""

from __future__ import annotations

from newsfeed.actors.passage import Passage

OPEN, CLOSE = '«„“"”', '»“”"'
LONGEST = 8
_OPENING = frozenset(OPEN)  # the last mark of the gap: in 'net", or' the quotation ends


def quoted(passage: Passage, word: int) -> int:
    """The word behind a quotation that opens before a word, or the word itself where none opens."""
    if passage.gap(word).rstrip()[-1:] not in _OPENING or word not in passage.quoted:
        return word
    for end in range(word + 1, min(word + LONGEST, len(passage.words)) + 1):
        if any(char in CLOSE for char in passage.gap(end)):
            return end
    return word


def is_sentence(passage: Passage, start: int, end: int) -> bool:
    return not passage.upper(start) or end - start > 5
