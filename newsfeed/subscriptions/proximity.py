"""Sloppy phrases as in Lucene: how far words may have moved from where the phrase has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence


def windows(
    places: Mapping[str, Sequence[int]], slots: Sequence[Sequence[str]], slop: int
) -> Iterator[tuple[int, int]]:
    """The places where a phrase stands with at most ``slop`` moves: (first word, last word), from left to right.

    A word at place p for slot i has moved by p - i; the phrase is found where the moves of all its words lie within
    ``slop`` of each other (two words change places with 2). A word repeated in the phrase needs a place for each time.
    Linear: each slot walks once over its places.

    Args:
        places: word -> ascending places in the text.
        slots: for each word of the phrase its spellings.
        slop: 0 for the phrase as it is.
    """
    columns: list[Sequence[int]] = []
    for slot in slots:
        found = [places[word] for word in dict.fromkeys(slot) if word in places]
        if not found:
            return
        columns.append(found[0] if len(found) == 1 else sorted(set().union(*found)))
    before = [next((j for j in range(i - 1, -1, -1) if set(slots[j]) & set(slots[i])), -1) for i in range(len(slots))]
    at = [0] * len(columns)
    least = min(column[0] - i for i, column in enumerate(columns))
    while True:
        moves: list[int] = []
        for i, column in enumerate(columns):
            low = least + i
            if before[i] >= 0:
                low = max(low, columns[before[i]][at[before[i]]] + 1)
            while at[i] < len(column) and column[at[i]] < low:
                at[i] += 1
            if at[i] == len(column):
                return
            moves.append(column[at[i]] - i)
        lowest, highest = min(moves), max(moves)
        if highest - least <= slop:
            chosen = [column[at[i]] for i, column in enumerate(columns)]
            yield min(chosen), max(chosen)
            least = max(least, lowest) + 1
        else:
            least = max(least + 1, highest - slop)
