"""Same words, other facts: what tells a template's next filling, or a contradiction, from an edited copy.

An edited copy keeps the numbers and names and changes the words around them; a template does the reverse.
"""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from newsfeed.copies.classes import opposites, same_thing, words_of
from newsfeed.copies.compare import SHORT_GAP, Passage, Words

FEW_NUMBERS = 3  # from here on the share of common numbers speaks
COMMON_NUMBERS = 0.5  # of the smaller set: below this the numbers are others
SWAPPED_NUMBERS = 0.3  # swapped figures for each that stayed
NUMBER_GAP = 5  # words: in a longer rewritten stretch other figures are no wonder
MANY_SWAPS = 3  # stretches in which figures stand for other figures, and
SWAPPED_SHARE = 0.5  # their share of all stretches: a bulletin's next issue, whatever small figures recur
SYSTEMATIC = 0.5  # share of the swapped words that are swapped again in the same way
THROUGHOUT = 3  # times, where the title does not show it
NAME_WORDS = 8  # of a name that gives way to one of another length: an organisation, a person with titles
MOST_TIMES = 3  # a name that stands so often in one stretch
MANY_NAMES = 2  # stretches of the body in which a capital word stands for other words, and
NAMES_SHARE = 0.6  # their share of all stretches
FEW_GAPS = 3  # rewritten stretches
TURNED_WORDS = 4  # changed words around a negation: in more of them it says little, but for
LEAD = 30  # words of the body, which tell the news: a statement put in the place of another there counts whole
MANY_TURNED = 2  # stretches in which a word gives way to its opposite, and
TURNED_SHARE = 0.5  # their share of all stretches, from which they are the message among any number of edits
MOST_PASSAGES = 24  # of more, the order is left as it is
SLOT = 30  # words: a longer rewritten stretch is no slot of a template
COMMON_TITLE = 1 / 3  # of the longer title: from here on the titles have one frame
ANY_FRAME = 3  # words that title and text change alike, whatever the titles have in common
SMALL_SLOTS = 2  # words written small that title and text change alike; one alone may be a synonym


def _figures(words: list[int]) -> int:
    """How many of the words have a digit: bit 0 of their hash."""
    return sum([word & 1 for word in words])


class Gap(Struct, frozen=True, gc=False):
    """Words that stand between two shared passages, here (from word ``at`` on) and there, without what both have."""

    at: int
    here: list[int]
    there: list[int]
    only_here: list[int]
    only_there: list[int]


Stretch = tuple[int, int, int, int]


def stretches(here: Words, there: Words, shared: list[Passage]) -> list[Stretch]:
    """What stands between (before, behind) shared passages that follow one another in both texts, from and to, here and
    there, in words; up to ``SLOT`` words. Where title and opening were both written anew, they are two stretches; lines put
    above or below a changed one are none of it."""
    out = []
    here_from = there_from = 0
    for here_to, there_to, here_next, there_next in (
        *((p.start, p.other, p.end, p.other + p.end - p.start) for p in _in_order(shared)),
        (len(here), len(there), 0, 0),
    ):
        if here_from < here.title_words < here_to and there_from < there.title_words < there_to:
            out.append((here_from, here.title_words, there_from, there.title_words))
            here_from, there_from = here.title_words, there.title_words
        if here_to - here_from > SHORT_GAP >= there_to - there_from > 0:
            here_from, here_to = _changed_line(here.lines, here_from, here_to, len(here))
        out.append((here_from, here_to, there_from, there_to))
        here_from, there_from = here_next, there_next
    return [s for s in out if 0 <= s[1] - s[0] <= SLOT and 0 <= s[3] - s[2] <= SLOT and (s[1] > s[0] or s[3] > s[2])]


def _changed_line(lines: list[tuple[int, int]], start: int, end: int, size: int) -> tuple[int, int]:
    """The part of a stretch that stands in one line with the passage behind it, at the end of the text with that before it."""
    if end < size:
        return max([start, *(first for first, last in lines if first <= end < last)]), end
    return start, min([end, *(last for first, last in lines if first < start < last)])


def _in_order(shared: list[Passage]) -> list[Passage]:
    """The passages that follow one another in both texts, of most words: a phrase that repeats is matched at its first place
    here, and so out of its order."""
    end = 0
    for passage in shared:
        if passage.other < end:
            break
        end = passage.other + passage.length
    else:
        return shared
    if len(shared) > MOST_PASSAGES:
        return shared
    weight: list[int] = []
    before: list[int] = []
    for at, passage in enumerate(shared):
        best, last = max(
            ((weight[n], n) for n in range(at) if shared[n].other + shared[n].length <= passage.other), default=(0, -1)
        )
        weight.append(best + passage.length)
        before.append(last)
    at = weight.index(max(weight))
    chain = [at]
    while before[at] >= 0:
        at = before[at]
        chain.append(at)
    return [shared[at] for at in reversed(chain)]


def gaps(here: Words, there: Words, found: list[Stretch]) -> list[Gap]:
    """The short stretches in which words differ."""
    out = []
    all_mine, all_theirs = here.listed, there.listed
    for here_from, here_to, there_from, there_to in found:
        if here_to - here_from <= SHORT_GAP and there_to - there_from <= SHORT_GAP:
            mine, theirs = all_mine[here_from:here_to], all_theirs[there_from:there_to]
            if set(mine).isdisjoint(theirs):
                out.append(Gap(here_from, mine, theirs, mine, theirs))
                continue
            only_here = [word for word in mine if word not in theirs]
            only_there = [word for word in theirs if word not in mine]
            if only_here or only_there:
                out.append(Gap(here_from, mine, theirs, only_here, only_there))
    return out


def other_facts(here: Words, there: Words, shared: list[Passage], short_words: int) -> str | None:
    """Why two texts in the same words tell different things: ``numbers``, ``names``, ``contradiction``; None where they do not."""
    found = stretches(here, there, shared)
    between = gaps(here, there, found)
    if not between:
        return None
    titles = here.listed[: here.title_words], there.listed[: there.title_words]
    same_title = _title_filled_anew(*titles)
    if _number_outside(here, there, shared) and _numbers_differ(here, there, between, short_words):
        return "numbers"
    # Among many edits a turned word is chance; among few it is the message. Another title is another editor's.
    retitled = here.title_words and there.title_words and not same_title
    turned = [gap for gap in between if not (retitled and gap.at < here.title_words)]
    opposite = sum(_opposite(gap) for gap in turned)
    if opposite >= MANY_TURNED and opposite >= TURNED_SHARE * len(turned):
        return "contradiction"
    if len(turned) > FEW_GAPS:
        turned = [gap for gap in turned if same_title and gap.at < here.title_words]
    if any(_opposite(gap) or _negated(gap, here.title_words) for gap in turned):
        return "contradiction"
    if _names_differ(here, between, same_title) or _title_carried(here, there, titles, found):
        return "names"
    return None


def _number_outside(here: Words, there: Words, shared: list[Passage]) -> bool:
    """Whether numbers stand outside the shared passages on both sides; else one text has all the numbers of the other."""
    mine = _outside(here.listed, [(p.start, p.end) for p in shared])
    if not _has_number(mine):
        return False
    return _has_number(_outside(there.listed, sorted([(p.other, p.other + p.end - p.start) for p in shared])))


def _has_number(words: list[int]) -> bool:
    """Whether one of the words is a number, in figures or in words."""
    return not words_of("number").isdisjoint(words) or _figures(words) > 0


def _outside(words: list[int], spans: list[tuple[int, int]]) -> list[int]:
    """The words that stand in none of the sorted spans."""
    out: list[int] = []
    at = 0
    for start, end in spans:
        out += words[at:start]
        at = max(at, end)
    return out + words[at:]


def _numbers_differ(here: Words, there: Words, between: list[Gap], short_words: int) -> bool:
    """Figures first: numerals and days in words are common in every text and would hide that the figures are others."""
    figures_here, figures_there = here.figures, there.figures
    if _others(figures_here, figures_there):
        return True
    numbers_here, numbers_there = here.numbers, there.numbers
    if _others(numbers_here, numbers_there):
        return True
    if numbers_here.isdisjoint(_all_here(between)) or numbers_there.isdisjoint(_all_there(between)):
        return False
    close = [gap for gap in between if len(gap.only_here) <= NUMBER_GAP and len(gap.only_there) <= NUMBER_GAP]
    with_figures = [gap for gap in close if not figures_here.isdisjoint(gap.only_here)]
    local = sum(_figures(gap.only_here) == _figures(gap.only_there) for gap in with_figures)
    if local >= MANY_SWAPS and local >= SWAPPED_SHARE * len(between):
        return True
    # A number stands here where another stands there, and neither is told elsewhere in the other text.
    swapped_figures = _swapped(close, figures_here - figures_there, figures_there - figures_here)
    swapped = _swapped(close, numbers_here - numbers_there, numbers_there - numbers_here)
    common = len(figures_here & figures_there)
    few = common < FEW_NUMBERS or min(len(here), len(there)) < 2 * short_words
    if few:
        return swapped_figures >= 1 or swapped >= 2 or (swapped == 1 and len(between) == 1)
    return swapped_figures >= max(2, SWAPPED_NUMBERS * common)


def _swapped(between: list[Gap], only_here: set[int], only_there: set[int]) -> int:
    """In how many stretches a number stands for another. Where their counts differ, the same is told in another way."""
    if not only_here or not only_there:
        return 0
    return sum(
        not only_here.isdisjoint(gap.here)
        and not only_there.isdisjoint(gap.there)
        and _figures(gap.only_here) == _figures(gap.only_there)
        for gap in between
    )


def _all_here(between: list[Gap]) -> list[int]:
    return [word for gap in between for word in gap.only_here]


def _all_there(between: list[Gap]) -> list[int]:
    return [word for gap in between for word in gap.only_there]


def _no_repeat(words: list[int]) -> bool:
    return len(set(words)) == len(words)


def _others(mine: set[int], theirs: set[int]) -> bool:
    smaller = min(len(mine), len(theirs))
    return smaller >= FEW_NUMBERS and len(mine & theirs) < COMMON_NUMBERS * smaller


def _opposite(gap: Gap) -> bool:
    """Whether a word gives way to its opposite."""
    for one, other in opposites():
        here = not one.isdisjoint(gap.only_here), not other.isdisjoint(gap.only_here)
        there = not one.isdisjoint(gap.only_there), not other.isdisjoint(gap.only_there)
        if sum(here) == 1 and there == (here[1], here[0]):
            return True
    return False


def _negated(gap: Gap, title_words: int) -> bool:
    """Whether only one of the texts says no: in few words, or in another statement in the lead."""
    replaced = gap.only_here and gap.only_there and 0 <= gap.at - title_words < LEAD
    if not replaced and len(gap.only_here) + len(gap.only_there) > TURNED_WORDS:
        return False
    negation = words_of("negation")
    return negation.isdisjoint(gap.only_here) != negation.isdisjoint(gap.only_there)


Swap = tuple[tuple[int, ...], tuple[int, ...]]


def _names_differ(here: Words, between: list[Gap], same_title: bool) -> bool:
    """The same name gives way to the same other name throughout: another team, another company, another place.

    Where the script has capitals, a swapped word that the text writes small is an editor's synonym and no name.
    """
    if here.capital_names and _other_names(here, between):
        return True
    if _no_repeat(_all_here(between)) or _no_repeat(_all_there(between)):
        return False
    swaps = Counter([swap for gap in between for swap in _swaps(gap)])
    often = {swap: count for swap, count in swaps.items() if count > 1}
    if not often:
        return False
    for gap in between:
        for swap in _swaps(gap):
            if swap in often and often[swap] <= THROUGHOUT and gap.at >= here.title_words:
                places = [gap.at + at for at, word in enumerate(gap.here) if word in swap[0]]
                if all(here.written_small(at) for at in places):
                    del often[swap]
    if often and same_title and len(between) <= FEW_GAPS:
        return True
    if sum(often.values()) < max(1, SYSTEMATIC * sum(swaps.values())):
        return False
    return same_title or max(often.values()) >= THROUGHOUT


def _other_names(here: Words, between: list[Gap]) -> bool:
    """Whether what differs is mostly capital words that stand for others: another ambassador, another town."""
    body = [gap for gap in between if gap.at >= here.title_words]
    swapped = sum(
        bool(gap.only_there)
        and any(here.written_large(gap.at + at) for at, word in enumerate(gap.here) if word in gap.only_here)
        for gap in body
    )
    return swapped >= MANY_NAMES and swapped >= NAMES_SHARE * len(body)


def _swaps(gap: Gap) -> list[Swap]:
    """Word for word where as many words stand on both sides, else the whole short name for the other. What one house writes
    for another (said, told; factory, plant) is no name."""
    mine, theirs = gap.only_here, gap.only_there
    for times in range(min(MOST_TIMES, len(mine), len(theirs)), 1, -1):
        here, there = mine[: len(mine) // times], theirs[: len(theirs) // times]
        if here * times == mine and there * times == theirs:
            return [(tuple(here), tuple(there))] * times
    if len(mine) == len(theirs):
        style, same = words_of("style"), same_thing()
        pairs = zip(mine, theirs, strict=True)
        return [((a,), (b,)) for a, b in pairs if not (a in style and b in style) and b not in same.get(a, ())]
    if 0 < len(mine) <= NAME_WORDS and 0 < len(theirs) <= NAME_WORDS:
        return [(tuple(mine), tuple(theirs))]
    return []


def _title_carried(here: Words, there: Words, titles: tuple[list[int], list[int]], found: list[Stretch]) -> bool:
    """Title and text change alike: words of the titles that the other text lacks altogether stand in the bodies, here and
    there, in the same slot. An editor's new title does not take the old one's words out of the body."""
    mine, theirs = titles
    one_frame = len(set(mine) & set(theirs)) >= COMMON_TITLE * max(len(mine), len(theirs), 1)
    style = words_of("style")
    same, none = same_thing(), frozenset[int]()
    new = {
        word for word in mine if word not in theirs and word not in style and same.get(word, none).isdisjoint(theirs)
    }
    old = {word for word in theirs if word not in mine and word not in style and same.get(word, none).isdisjoint(mine)}
    if not new or not old:
        return False
    carried_here: set[int] = set()
    carried_there: set[int] = set()
    large = elsewhere = False
    for here_from, here_to, there_from, there_to in found:
        at, other = max(here_from, here.title_words), max(there_from, there.title_words)
        came = [(at + n, word) for n, word in enumerate(here.listed[at:here_to]) if word in new]
        theirs = there.listed[other:there_to]
        went = old.intersection(theirs)
        if came and went:
            carried_here.update(word for _, word in came)
            carried_there |= went
            large = large or not all(here.written_small(place) for place, _ in came)
        elif not came and not went and other < there_to and not set(here.listed[at:here_to]) <= set(theirs):
            elsewhere = True
    carried_here.difference_update(there.listed)
    carried_there.difference_update(here.listed)
    # Where capitals do not tell a name, one word alone may be a synonym: then something else must have changed as well.
    one_is_enough = large and (here.capital_names or elsewhere)
    wanted = (1 if one_is_enough else SMALL_SLOTS) if one_frame else ANY_FRAME
    return min(len(carried_here), len(carried_there)) >= wanted


def _title_filled_anew(mine: list[int], theirs: list[int]) -> bool:
    """Whether the titles are the same but for few words: the template's title with another name."""
    changed = max(len(set(mine) - set(theirs)), len(set(theirs) - set(mine)))
    return bool(mine and theirs) and 0 < changed <= max(len(mine), len(theirs)) // 2
