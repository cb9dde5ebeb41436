"""How a text speaks: to its reader or of an event. Marks by which advice, lists and offers are told from news, whatever they are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from newsfeed.data import rows

if TYPE_CHECKING:
    from newsfeed.subjects.lexicon import Pointer
    from newsfeed.subjects.scan import Found

FORM = "form:"  # a rule for how a text speaks, as in form:advice
_SHORT = 70  # words; a shorter body is taken as this long, so that one word of a brief is not a style


@dataclass(frozen=True, slots=True)
class Form:
    """One row of ``data/subjects/forms.tsv``; the file says what the figures mean.

    Attributes: name; kinds: of what is not news it speaks for (figures above 0) or against; title, rate, most: how much.
    """

    name: str
    kinds: tuple[str, ...]
    title: float
    rate: float
    most: float


@cache
def forms() -> dict[str, Form]:
    """The forms by name."""
    return {
        row["form"]: Form(
            row["form"], tuple(row["kinds"].split()), float(row["title"]), float(row["rate"]), float(row["most"])
        )
        for row in rows("subjects/forms.tsv")
    }


def form_evidence(weighed: Sequence[tuple[Pointer, float]], found: Found, words: int) -> dict[str, float]:
    """Evidence for (or against) each kind of what is not news.

    Args:
        weighed: patterns of rules for forms; others do not count. found: where they stand. words: of the body.
    """
    titles: dict[str, float] = {}
    bodies: dict[str, float] = {}
    for pointer, _ in weighed:
        for topic in pointer.rule.topics:
            if topic.startswith(FORM):
                name = topic[len(FORM) :]
                if pointer.number in found.title:
                    titles[name] = max(titles.get(name, 0.0), min(1.0, pointer.weight))
                if pointer.number in found.body:
                    bodies[name] = bodies.get(name, 0.0) + pointer.weight * len(found.body[pointer.number])
    out: dict[str, float] = {}
    for form in forms().values():
        rate = 100 * bodies.get(form.name, 0.0) / max(words, _SHORT) * form.rate
        amount = form.title * titles.get(form.name, 0.0) + (
            min(rate, form.most) if form.most > 0 else max(rate, form.most)
        )
        for kind in form.kinds:
            out[kind] = out.get(kind, 0.0) + amount
    return out
