"""All rules of one language, ready for one pass over the words of an article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from newsfeed.subjects.forms import FORM
from newsfeed.subjects.pattern import Part, Pattern
from newsfeed.subjects.rules import NOT_NEWS, Rule
from newsfeed.subjects.stems import bare, forms, keys
from newsfeed.subjects.terms import Terms

_MOST_WORDS = 1 << 16  # words whose meaning is remembered, about 200 bytes each; then the memory starts afresh
_LONGEST_KNOWN = 64  # characters of a word that is remembered: one of a megabyte would be kept as long as the others
_LONGEST_NUMBER = 3  # digits of what "#" stands for: "10 rules", not "2026 rules"
_LONGEST = 40  # characters of a word that are looked at for beginnings and ends


class Pointer(Struct, frozen=True, gc=False):
    """A pattern of a rule, or a rule on actors alone.

    Attributes:
        number: place in ``Lexicon.pointers``, as loaded. term: the pattern as written. unless: it stands in the must-not column.
        topics: ids it counts for, each once, broader ones included. tops: the top terms among them.
        plain: nothing but its absence keeps it from counting. manner: it speaks of what is not news, or of how a text speaks.
    """

    number: int
    rule: Rule
    term: str
    unless: bool
    weight: float
    topics: tuple[str, ...]
    tops: tuple[str, ...]
    plain: bool
    manner: bool


_Phrase = tuple[int, tuple[int, ...], int, bool]


@dataclass(slots=True)
class Word:
    """What one folded word of a text can be.

    Attributes:
        parts: numbers of the pattern words it satisfies.
        single: patterns that are this one word.
        behind: of phrases that begin with it, by the number of their second word: (length, numbers of the third and further words,
            pattern, does it take its words away), longest first. seconds: the numbers of the second words.
        near: (distance, number of the other word, pattern) of ``~`` patterns one side of which it is.

    Patterns by their numbers, places in ``Lexicon.pointers``.
    """

    parts: frozenset[int]
    single: tuple[int, ...]
    behind: dict[int, list[_Phrase]]
    seconds: frozenset[int]
    near: tuple[tuple[int, int, int], ...]

    def phrases(self, following: Word) -> list[_Phrase]:
        """Those whose second word ``following`` can be, longest first."""
        both = self.seconds & following.parts
        if len(both) == 1:
            return self.behind[next(iter(both))]
        return sorted((phrase for number in both for phrase in self.behind[number]), key=_longest_first)


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
        terms: the topics of the rules.
    """

    def __init__(self, rules: Sequence[Rule], language: str, terms: Terms) -> None:
        self.language = language
        self._terms = terms
        self._index = _Index()
        self._numbers: dict[Part, int] = {}
        self._single: dict[int, list[Pointer]] = {}
        self._phrases: dict[int, list[tuple[int, _Phrase]]] = {}
        self._near: dict[int, list[tuple[int, int, int]]] = {}
        self._words: dict[str, Word | None] = {}
        self.on_actors: list[Pointer] = []
        self.pointers: list[Pointer] = []
        self.silencing: set[int] = set()  # numbers of the patterns of must-not columns
        for rule in rules:
            if language in rule.languages:
                self._add(rule)

    def _add(self, rule: Rule) -> None:
        lines = [term for topic in rule.topics if (term := self._terms.by_id.get(topic))]
        topics = tuple(dict.fromkeys(code for term in lines for code in (*term.path, term.id)))
        tops = tuple(dict.fromkeys(term.top for term in lines))
        manner = any(topic.startswith((NOT_NEWS, FORM)) for topic in rule.topics)
        plain = bool(rule.topics) and not (rule.unless or rule.where or rule.actors)

        def pointer(term: str, weight: float, *, unless: bool) -> Pointer:
            made = Pointer(
                len(self.pointers), rule, term, unless, weight, topics, tops, plain=plain and not unless, manner=manner
            )
            self.pointers.append(made)
            return made

        if not rule.patterns:
            self.on_actors.append(pointer(", ".join(rule.actors), rule.weight, unless=False))
        for unless, patterns in ((False, rule.patterns), (True, rule.unless)):
            for pattern in patterns:
                weight = rule.weight if pattern.weight is None else pattern.weight
                self._index_pattern(pattern, pointer(pattern.written, weight, unless=unless))

    def _index_pattern(self, pattern: Pattern, pointer: Pointer) -> None:
        if pointer.unless:
            self.silencing.add(pointer.number)
        numbers = tuple(self._number(part) for part in pattern.parts)
        if pattern.near is not None:
            self._near.setdefault(numbers[0], []).append((pattern.near, numbers[1], pointer.number))
            self._near.setdefault(numbers[1], []).append((pattern.near, numbers[0], pointer.number))
        elif len(numbers) == 1:
            self._single.setdefault(numbers[0], []).append(pointer)
        else:
            phrase = len(numbers), numbers[2:], pointer.number, not pointer.unless
            self._phrases.setdefault(numbers[0], []).append((numbers[1], phrase))

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
        long: dict[str, Word | None] = {}
        for word in words:
            memory = known if len(word) <= _LONGEST_KNOWN else long
            if word not in memory:
                memory[word] = self._look_up(word)
        return [known[word] if word in known else long[word] for word in words]

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
        behind: dict[int, list[_Phrase]] = {}
        for number in ordered:
            for second, phrase in self._phrases.get(number, ()):
                behind.setdefault(second, []).append(phrase)
        for phrases in behind.values():
            phrases.sort(key=_longest_first)
        near = [entry for number in ordered for entry in self._near.get(number, ())]
        near.sort(key=_by_pattern)
        return Word(frozenset(parts), _heaviest(single), behind, frozenset(behind), tuple(near))


def _longest_first(phrase: _Phrase) -> tuple[int, int]:
    return -phrase[0], phrase[2]


def _by_pattern(entry: tuple[int, int, int]) -> tuple[int, int]:
    return entry[2], entry[1]


def _heaviest(pointers: list[Pointer]) -> tuple[int, ...]:
    """One word counts once for the same topics: of patterns that mean the same word only the heaviest, in the order of the rules."""
    best: dict[tuple[tuple[str, ...], bool, tuple[str, ...], int], Pointer] = {}
    for pointer in sorted(pointers, key=lambda pointer: pointer.number):
        rule = pointer.rule
        alone = pointer.number if pointer.unless else id(rule) if rule.unless else -1
        key = (rule.topics, pointer.unless, rule.actors, alone)
        if key not in best or abs(pointer.weight) > abs(best[key].weight):
            best[key] = pointer
    return tuple(sorted(pointer.number for pointer in best.values()))
