"""Arabic words as they are written together with the little words before them.

The conjunctions و and ف, the prepositions ب ك ل and the article ال are written as one word with what follows; ل swallows the
alif of the article (لل). Expanded when the gazetteer is built, on folded text, so that nothing is stripped at run time.
"""

from __future__ import annotations

_BEFORE = ("", "و", "ف")
_PREPOSITIONS = ("", "ب", "ك", "ل")


def with_clitics(form: str) -> list[tuple[str, int]]:
    """(spelling, characters before the name) of a folded Arabic form, the bare one first."""
    out: list[tuple[str, int]] = []
    for before in _BEFORE:
        for preposition in _PREPOSITIONS:
            prefix = before + preposition
            if preposition == "ل" and form.startswith("ال"):
                out.append((prefix + "ل" + form[2:], len(before)))  # the article is in the preposition: shown whole
            else:
                out.append((prefix + form, len(prefix)))
    return out


def is_arabic(text: str) -> bool:
    """Whether the first letter is Arabic."""
    return bool(text) and "\u0600" <= text[0] <= "\u06ff"
