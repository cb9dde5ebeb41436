"""All rules of one language, ready for one pass over the words of an article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from newsfeed.subjects.pattern import Part, Pattern
from newsfeed.subjects.rules import Rule
from newsfeed.subjects.stems import bare, forms, keys

_MOST_WORDS = 1 << 17  # words whose meaning is remembered; then the memory starts afresh
_LONGEST_NUMBER = 3  # digits of what "#" stands for: "10 rules", not "2026 rules"
_LONGEST = 40  # characters of a word that are looked at for beginnings and ends


@dataclass(frozen=True, slots=True)
class Pointer:
    """A pattern of a rule and its weight. ``unless``: it stands in the must-not column. Ordered as loaded by ``number``."""

    number: int
    rule: Rule
    pattern: Pattern
    unless: bool
    weight: float


@dataclass(slots=True)
class Word:
    """What one folded word of a text can be.

    Attributes:
        parts: numbers of the pattern words it satisfies.
        single: patterns that are this one word.
        phrases: (length, numbers of the words behind, pattern) of phrases that begin with it, longest first.
        seconds: numbers of the second words of those phrases.
        near: (distance, number of the other word, pattern) of ``~`` patterns one side of which it is.
    """

    parts: frozenset[int]
    single: tuple[Pointer, ...]
    phrases: tuple[tuple[int, tuple[int, ...], Pointer], ...]
    seconds: frozenset[int]
    near: tuple[tuple[int, int, Pointer], ...]


@dataclass(slots=True)
class _Index:
    """Where the words of patterns stand by how they are compared."""

    stem: dict[str, list[int]] = field(default_factory=dict)
    exact: dict[str, list[int]] = field(default_factory=dict)
    prefix: dict[str, list[int]] = field(default_factory=dict)
    suffix: dict[str, list[int]] = field(default_factory=dict)
    inside: dict[str, list[int]] = field(default_factory=dict)
    number: dict[str, list[int]] = field(default_factory=dict)


class Lexicon:
    """The compiled rules of one language.

    Args:
        rules: in the order of their files; those for other languages are left out.
        language: one of ``stems.LANGUAGES``.
    """

    def __init__(self, rules: Sequence[Rule], language: str) -> None:
        self.language = language
        self._index = _Index()
        self._numbers: dict[Part, int] = {}
        self._single: dict[int, list[Pointer]] = {}
        self._phrases: dict[int, list[tuple[int, tuple[int, ...], Pointer]]] = {}
        self._near: dict[int, list[tuple[int, int, Pointer]]] = {}
        self._words: dict[str, Word | None] = {}
        self.actor_rules: list[Rule] = []
        self.pointers: list[Pointer] = []
        for rule in rules:
            if language in rule.languages:
                self._add(rule)

    def _add(self, rule: Rule) -> None:
        if not rule.patterns:
            self.actor_rules.append(rule)
        for unless, patterns in ((False, rule.patterns), (True, rule.unless)):
            for pattern in patterns:
                weight = rule.weight if pattern.weight is None else pattern.weight
                pointer = Pointer(len(self.pointers), rule, pattern, unless, weight)
                self.pointers.append(pointer)
                numbers = tuple(self._number(part) for part in pattern.parts)
                if pattern.near is not None:
                    self._near.setdefault(numbers[0], []).append((pattern.near, numbers[1], pointer))
                    self._near.setdefault(numbers[1], []).append((pattern.near, numbers[0], pointer))
                elif len(numbers) == 1:
                    self._single.setdefault(numbers[0], []).append(pointer)
                else:
                    self._phrases.setdefault(numbers[0], []).append((len(numbers), numbers[1:], pointer))

    def _number(self, part: Part) -> int:
        number = self._numbers.get(part)
        if number is None:
            number = self._numbers[part] = len(self._numbers)
            table: dict[str, list[int]] = getattr(self._index, part.kind)
            for form in forms(part.text, self.language) if part.kind == "stem" else (part.text,):
                table.setdefault(form, []).append(number)
        return number

    def words(self, words: list[str]) -> list[Word | None]:
        """What each folded word can be; None for a word no rule names."""
        known = self._words
        try:
            return [known[word] for word in words]
        except KeyError:
            pass
        if len(known) > _MOST_WORDS:
            known.clear()
        for word in words:
            if word not in known:
                known[word] = self._look_up(word)
        return [known[word] for word in words]

    def _look_up(self, word: str) -> Word | None:
        index = self._index
        parts: set[int] = set()
        whole = bare(word, self.language)
        for form in whole:
            parts.update(index.exact.get(form, ()))
            for end in range(2, min(len(form), _LONGEST) + 1):
                parts.update(index.prefix.get(form[:end], ()))
        for key in keys(word, self.language):
            parts.update(index.stem.get(key, ()))
        short = word[-_LONGEST:]
        for start in range(len(short) - 1):
            parts.update(index.suffix.get(short[start:], ()))
            if index.inside:
                for end in range(start + 2, len(short) + 1):
                    parts.update(index.inside.get(short[start:end], ()))
        if word.isdecimal() and len(word) <= _LONGEST_NUMBER:
            parts.update(index.number.get("#", ()))
        if not parts:
            return None
        ordered = sorted(parts)
        single = [pointer for number in ordered for pointer in self._single.get(number, ())]
        if any(not pointer.rule.topics and not pointer.unless for pointer in single):
            single = [pointer for pointer in single if pointer.unless]  # "поэтому" is no form of "поэт"
        phrases = [phrase for number in ordered for phrase in self._phrases.get(number, ())]
        near = [entry for number in ordered for entry in self._near.get(number, ())]
        return Word(
            frozenset(parts),
            _heaviest(single),
            tuple(sorted(phrases, key=lambda phrase: (-phrase[0], phrase[2].number))),
            frozenset(phrase[1][0] for phrase in phrases),
            tuple(sorted(near, key=lambda entry: (entry[2].number, entry[1]))),
        )


def _heaviest(pointers: list[Pointer]) -> tuple[Pointer, ...]:
    """One word counts once for the same topics: of patterns that mean the same word only the heaviest, in the order of the rules."""
    best: dict[tuple[tuple[str, ...], bool, tuple[str, ...], int], Pointer] = {}
    for pointer in sorted(pointers, key=lambda pointer: pointer.number):
        rule = pointer.rule
        alone = pointer.number if pointer.unless or rule.unless else -1
        key = (rule.topics, pointer.unless, rule.actors, alone)
        if key not in best or abs(pointer.weight) > abs(best[key].weight):
            best[key] = pointer
    return tuple(sorted(best.values(), key=lambda pointer: pointer.number))
