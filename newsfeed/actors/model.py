"""An option a desk switches on: a Russian name model (natasha, about 100 ms an article) beside the rules.

The package ``natasha`` carries its small model inside; nothing is downloaded. It is imported only when asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from newsfeed.actors.passage import Passage
from newsfeed.actors.people import Person

MODELS = ("natasha",)
_LONGEST = 20_000  # code points: the model's memory and time grow with the text


@dataclass(frozen=True, slots=True)
class Span:
    """Words [start, end) that the model takes for a PER or ORG."""

    kind: str
    start: int
    end: int


class Model:
    """Reads Russian fields with natasha's named entity tagger."""

    def __init__(self, segmenter: Any, tagger: Any, document: Any) -> None:
        self._segmenter = segmenter
        self._tagger = tagger
        self._document = document

    def spans(self, passage: Passage) -> list[Span]:
        """The persons and organisations of a field, as whole words, in reading order."""
        text = passage.source[:_LONGEST]
        document = self._document(text)
        document.segment(self._segmenter)
        document.tag_ner(self._tagger)
        by_start = {start: word for word, start in enumerate(passage.starts)}
        by_end = {end: word + 1 for word, end in enumerate(passage.ends)}
        out = []
        for span in document.spans:
            start, end = by_start.get(span.start), by_end.get(span.stop)
            if start is None:
                start = next((word for word, at in enumerate(passage.starts) if at >= span.start), None)
            if end is None:
                end = next((word for word, at in enumerate(passage.starts) if at >= span.stop), len(passage.words))
            if start is not None and end > start and span.type in ("PER", "ORG"):
                out.append(Span(span.type, start, end))
        return out

    def people(self, passage: Passage) -> list[Person]:
        """The people the model finds where nothing is decided yet."""
        out = []
        for span in self.spans(passage):
            if span.kind == "PER" and passage.free(span.start, span.end):
                given = next(
                    (w for w in range(span.start, span.end) if (hit := passage.at.get(w)) and hit.of("given")), -1
                )
                out.append(Person(span.start, span.end, 0, None, "name model natasha", "natasha", given=given))
        return out


def load(name: str) -> Model:
    """The model of a name.

    Raises:
        ValueError: no such model. ModuleNotFoundError: its package is not installed.
    """
    if name not in MODELS:
        raise ValueError(f"no name model {name!r}; known: {', '.join(MODELS)}")
    try:
        import natasha
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "the name model natasha is not installed; install newsfeed with the extra 'people'"
        ) from None
    return Model(natasha.Segmenter(), natasha.NewsNERTagger(natasha.NewsEmbedding()), natasha.Doc)
