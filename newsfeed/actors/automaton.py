"""All forms of all languages in one automaton that reads folded words: leftmost, longest, whole words only.

Its states are the beginnings of forms, word by word. An automaton over letters takes several times as long: no cache holds
its tables of 160,000 forms, and a news text begins a form at every fourth word only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from newsfeed.actors.entry import Reading

_GOES_ON = -1  # the beginning of forms that is none itself


class Automaton:
    """Forms and their readings.

    Args:
        forms: folded form (single spaces) -> readings.

    Attributes:
        readings: by the number of the form. numbers: form, or beginning of forms, -> its number (negative: only a beginning).
        seconds: word -> the second words of the forms that begin with it.
    """

    def __init__(self, forms: Mapping[str, Sequence[Reading]]) -> None:
        self.readings: list[tuple[Reading, ...]] = [tuple(found) for found in forms.values()]
        self.numbers = {form: number for number, form in enumerate(forms)}
        seconds: dict[str, set[str]] = {}
        for form in forms:
            place = form.rfind(" ")
            while place > 0:
                start = form[:place]
                if " " not in start:
                    seconds.setdefault(start, set()).add(form[place + 1 :].partition(" ")[0])
                self.numbers.setdefault(start, _GOES_ON)
                place = form.rfind(" ", 0, place)
        self.seconds = {word: frozenset(behind) for word, behind in seconds.items()}

    def __len__(self) -> int:
        return len(self.readings)

    def longest(self, words: Sequence[str], start: int) -> tuple[int, int]:
        """(number, word behind the last) of the longest form of two words or more that begins at a word, or (-1, start).

        It looks no further than the longest form there is (``table.MOST_WORDS``).
        """
        numbers, state, ahead, count = self.numbers, words[start], start + 1, len(words)
        found = _GOES_ON, start
        while ahead < count and (number := numbers.get(state := f"{state} {words[ahead]}")) is not None:
            ahead += 1
            if number >= 0:
                found = number, ahead
        return found
