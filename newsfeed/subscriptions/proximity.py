"""Sloppy phrases as in Lucene: how far words may have moved from where the phrase has them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence


def windows(columns: Sequence[Sequence[int]], slop: int) -> Iterator[tuple[int, int]]:
    """The places where a phrase stands with at most ``slop`` moves: (first word, last word), from left to right.

    A word at place p for slot i has moved by p - i; the phrase is found where the moves of all its words lie within
    ``slop`` of each other (two words change places with 2). Each slot needs a place of its own. Linear in the text: each slot
    walks once over its places.

    Args:
        columns: for each word of the phrase its ascending places in the text.
        slop: 0 for the phrase as it is.
    """
    if not all(columns):
        return
    apart = len(set().union(*columns)) == sum(map(len, columns))
    at = [0] * len(columns)
    least = min(column[0] - i for i, column in enumerate(columns))
    while True:
        highest = least
        for i, column in enumerate(columns):
            while at[i] < len(column) and column[at[i]] < least + i:
                at[i] += 1
            if at[i] == len(column):
                return
            highest = max(highest, column[at[i]] - i)
        if highest - least > slop:
            least = max(least + 1, highest - slop)
            continue
        nearest = [column[at[i]] for i, column in enumerate(columns)]
        chosen = nearest if apart or len(set(nearest)) == len(nearest) else _distinct(columns, least, slop)
        if chosen:
            yield min(chosen), max(chosen)
            least = max(least, min(place - i for i, place in enumerate(chosen)))
        least += 1


def _distinct(columns: Sequence[Sequence[int]], least: int, slop: int) -> list[int] | None:
    """A place of its own for each slot, moves from ``least`` to ``least + slop``; None where there is none (augmenting paths)."""
    owner: dict[int, int] = {}

    def seat(i: int, tried: set[int]) -> bool:
        column = columns[i]
        for number in range(bisect_left(column, least + i), len(column)):
            place = column[number]
            if place > least + i + slop:
                return False
            if place not in tried:
                tried.add(place)
                if place not in owner or seat(owner[place], tried):
                    owner[place] = i
                    return True
        return False

    if not all(seat(i, set()) for i in range(len(columns))):
        return None
    return sorted(owner, key=lambda place: owner[place])
