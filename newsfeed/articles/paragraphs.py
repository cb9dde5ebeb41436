"""Paragraphs as the search for repetitions sees them: folded, and squeezed so that lost spaces make no difference."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from newsfeed.text import Folded, fold

LEAST_WORDS = 4  # a shorter line (a subheading, "Read more") may stand twice in an article
LEAST_LETTERS = 16  # of a squeezed paragraph that counts as one
_NUMBERS = re.compile(r"[-−]?\d+")
_TAIL = re.compile(r"\s*[\"'»”’)\]]*[.!?…؟。]*[\"'»”’)\]]*")


@dataclass(frozen=True)
class Paragraph:
    """One paragraph, or one piece of a paragraph that was run together.

    Attributes:
        text: as it is written.
        squeezed: the folded text without spaces: equal for the same words however they are spaced and punctuated.
        words: how many folded words.
        run_on: it came from a paragraph that runs several together.
    """

    text: str
    squeezed: str
    words: int
    run_on: bool = False

    @cached_property
    def ident(self) -> str:
        """``squeezed`` and the numbers in it: "3.5 %" is not "35 %"."""
        numbers = numbers_of(self.text)
        return f"{self.squeezed}\0{' '.join(numbers)}" if numbers else self.squeezed

    def same(self, other: Paragraph) -> bool:
        """Whether both have one ``ident``."""
        return self.squeezed == other.squeezed and self.ident == other.ident

    @property
    def long(self) -> bool:
        return self.words >= LEAST_WORDS and len(self.squeezed) >= LEAST_LETTERS

    @property
    def spacing(self) -> int:
        """How well spaced it is: of two with one ``ident`` the higher is the better written."""
        return self.text.count(" ")


def of(text: str, folded: str, *, run_on: bool = False) -> Paragraph:
    """A paragraph from its text and its folded text."""
    return Paragraph(text, folded.replace(" ", ""), folded.count(" ") + 1 if folded else 0, run_on)


def numbers_of(text: str) -> list[str]:
    """The numbers of a text with their signs; a dash before the first letter is a bullet."""
    first = next((at for at, char in enumerate(text) if char.isalnum()), 0)
    return _NUMBERS.findall(text, first)


def fold_all(texts: Sequence[str]) -> list[Paragraph]:
    """Paragraphs of several texts by one folding of all of them."""
    if not texts:
        return []
    folded = fold("\n".join(texts))
    starts = np.cumsum([0] + [len(text) + 1 for text in texts[:-1]])
    bounds = [*np.searchsorted(folded.origin, starts).tolist(), len(folded.text)]
    return [of(text, folded.text[bounds[at] : bounds[at + 1]].strip()) for at, text in enumerate(texts)]


def cut(text: str, at: Sequence[int]) -> list[str]:
    """A text cut before the given offsets of its squeezed form (ascending, the first 0): as many pieces.

    Closing quotation marks and full stops stay with the piece before.
    """
    folded = fold(text)
    letters = _letters(folded)
    places = [0]
    for offset in at[1:]:
        behind = int(letters[offset - 1]) + 1
        found = _TAIL.match(text, behind)
        places.append(min(found.end() if found else behind, int(letters[offset])))
    ends = [*places[1:], len(text)]
    return [text[start:end].strip() for start, end in zip(places, ends, strict=True)]


def _letters(folded: Folded) -> NDArray[np.int32]:
    codes = np.frombuffer(folded.text.encode("utf-32-le", "surrogatepass"), np.uint32)
    letters: NDArray[np.int32] = folded.origin[codes != 32]
    return letters
