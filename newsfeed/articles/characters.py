"""What a reader does not see is removed, what he sees alike is written alike: characters, entities, white space."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache

# Categories Cc (without line ends), Cf and Cs of Unicode 16; a test holds them against the running Python's tables.
_UNSEEN = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
)
_REMOVED = re.compile(f"[{_UNSEEN}\u2065\ufff0-\ufff8\U000e0000-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U000e0fff]+")
_LINE_END = re.compile(r"\r\n?|[\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_ENTITY = re.compile(
    r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});|&(?:nbsp|quot|amp|lt|gt)(?![A-Za-z0-9=;])"
)
_ENTITY_DEPTH = 3  # "&amp;amp;quot;" is seen in feeds that were escaped at each of three hands
_MARKS_IN_A_ROW = 30  # Unicode's stream-safe text format (UAX #15, section 13)


def entities(text: str) -> str:
    """Character references resolved, also doubly escaped ones; those without a semicolon only where they are certain."""
    for _ in range(_ENTITY_DEPTH):
        if "&" not in text:
            break
        resolved = _ENTITY.sub(lambda found: html.unescape(found[0] if found[0][-1] == ";" else found[0] + ";"), text)
        if resolved == text:
            break
        text = resolved
    return text


def seen(text: str) -> str:
    """Text without control, invisible, bidirectional and surrogate characters, in NFC; line ends are newlines."""
    # All that is removed, and every other line end, is unprintable, so most texts need not be searched for it.
    if not text.replace("\n", " ").isprintable():
        text = _REMOVED.sub("", _LINE_END.sub("\n", text))
    return composed(text)


def composed(text: str) -> str:
    """NFC in linear time: runs of marks, which Unicode sorts, are bounded first."""
    if unicodedata.is_normalized("NFC", text):
        return text
    return unicodedata.normalize("NFC", _mark_runs().sub(r"\1", text))


@cache
def _mark_runs() -> re.Pattern[str]:
    marks = [chr(code) for code in range(0x300, 0x1E95F) if unicodedata.combining(chr(code))]
    kind = "[" + "".join(map(re.escape, marks)) + "]"
    return re.compile(f"({kind}{{{_MARKS_IN_A_ROW}}}){kind}+")


def one_line(text: str) -> str:
    """White space of every kind made single spaces, none outside."""
    return " ".join(text.split())


def lines(text: str) -> list[str]:
    """The lines that hold anything, each with single spaces."""
    return [line for line in (" ".join(piece.split()) for piece in text.split("\n")) if line]


def plain(text: str) -> str:
    """A short value (an id, a source, a name) on one line, without what nobody sees."""
    return one_line(seen(text))


def has_letters(text: str) -> bool:
    """Whether any character is a letter."""
    return any(map(str.isalpha, text))


def shortened(text: str, size: int = 64) -> str:
    """A value as a note quotes it."""
    value = plain(text[: 4 * size])
    return value if len(value) <= size else value[:size] + "…"
