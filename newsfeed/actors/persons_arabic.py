"""Unknown people in Arabic, which has no capitals: a given name and what can follow it, a title or a speech verb before it."""

from __future__ import annotations

from itertools import compress

from newsfeed.actors.arabic_names import bears, foreign_shaped, plain
from newsfeed.actors.entry import STOPS, Hit
from newsfeed.actors.grammar import Grammar
from newsfeed.actors.passage import Passage
from newsfeed.actors.people import Person

_NO_NAME = tuple(sorted(STOPS - {"name", "nationality", "city", "capital"}))  # what is a place may begin a name as well
_LEADING = frozenset({"role", "office", "nationality", "tail", "speech"})
_LONGEST = 4
_TITLE = 8  # words of a title


def find(passage: Passage, grammar: Grammar) -> list[Person]:
    """Unknown people of an Arabic field."""
    out: list[Person] = []
    done = 0
    for word in _candidates(passage, grammar):
        if word < done or passage.taken[word]:
            continue
        if bears(passage, word, grammar):  # "ميدان محمد فريد": a place that bears a name
            done = _extend(passage, word + 1, word, grammar)
            continue
        person = _enclosed(passage, word, grammar) or _by_its_words(passage, word, grammar)
        if person is not None:
            out.append(person)
            done = person.end
    return out


def _by_its_words(passage: Passage, word: int, grammar: Grammar) -> Person | None:
    """The name that begins at a word, by what its words are or look like."""
    hit = passage.at.get(word)
    if hit is not None and hit.of("given", "weak") is not None and hit.of(*_NO_NAME) is None:
        return _from_given(passage, word, hit, grammar)
    if (hit is None or hit.of("given", "weak") is None) and _title_ends(passage, word):
        return _from_title(passage, word, grammar)
    if passage.words[word] in grammar.kunya and (
        hit is None or hit.of("role", "name", "city", "capital", "form") is None
    ):
        return _from_kunya(passage, word, grammar)
    if hit is not None:
        return _from_given(passage, word, hit, grammar) if hit.of("weak") and _title_ends(passage, word) else None
    if passage.words[word + 1 : word + 2] == ["بن"]:
        return _from_nasab(passage, word, grammar)
    return _from_apposition(passage, word, grammar) or _from_head(passage, word, grammar)


def _candidates(passage: Passage, grammar: Grammar) -> list[int]:
    """Words where a name can begin: given names, what follows a title, an office or a speech verb, and kinship words."""
    count = len(passage.words)
    found: set[int] = set()
    if not grammar.kunya.isdisjoint(passage.vocabulary):
        found.update(compress(range(count), map(grammar.kunya.__contains__, passage.words)))
    if "بن" in passage.vocabulary:
        sure = grammar.sure
        found |= {w - 1 for w, text in enumerate(passage.words) if text == "بن" and w and passage.words[w - 1] in sure}
    for hit in passage.hits:
        kinds = hit.meanings.kinds
        if "given" in kinds or "weak" in kinds:
            found.add(hit.start)
        if (role := kinds.get("role")) is not None and role.key == "head":
            behind = hit.end
            while (
                behind < count
                and behind - hit.end < 4
                and passage.near(behind)
                and passage.words[behind].startswith("ال")
            ):
                behind += 1
            if hit.end < behind < count:
                found.add(behind)
        if hit.end < count and not _LEADING.isdisjoint(kinds):
            found.add(hit.end)
    return sorted(found)


def _enclosed(passage: Passage, word: int, grammar: Grammar) -> Person | None:
    """ "قال وزير الداخلية علي يرلي قايا إن …": two to four words between a title and what is said, whatever they look like."""
    if passage.words[word].startswith("ال"):
        return None
    first = passage.at.get(word)
    named = first is not None and first.of("given", "weak") is not None
    if not (_title_ends(passage, word) or (named and _head_ends(passage, word))) or not _says(passage, word):
        return None
    end, count = word, len(passage.words)
    while end < count and end - word <= _LONGEST and passage.near(end) and not passage.taken[end]:
        text, hit = passage.words[end], passage.at.get(end)
        if text in ("ان", "بان"):
            return Person(word, end, 0, None, "title before", given=word) if end - word > 1 else None
        if (
            text in grammar.common
            if hit is None
            else hit.of("given", "weak", "surname") is None or hit.readings[0].skip
        ):
            return None
        if len(text) < 2 or (text == "علي" and passage.raw(end).endswith("ى")):
            return None  # "على" is on
        end += 1
    return None


def _says(passage: Passage, word: int) -> bool:
    """Whether a verb of saying stands before a title that ends here."""
    for back in range(word, max(0, word - _TITLE), -1):
        hit = passage.till.get(back)
        if hit is not None and (verb := hit.of("speech")) is not None:
            return verb.key == "say"
        if not passage.near(back) or passage.words[back - 1] == "ان":
            return False
    return False


def _head_ends(passage: Passage, word: int) -> bool:
    """Whether "مدير الكرة", a head and what it heads, stands before."""
    back = word
    while back and word - back < _LONGEST and passage.near(back) and passage.words[back - 1].startswith("ال"):
        back -= 1
    hit = passage.till.get(back) if back < word and passage.near(back) else None
    role = hit.of("role") if hit is not None else None
    return role is not None and role.key == "head"


def _from_given(passage: Passage, word: int, hit: Hit, grammar: Grammar) -> Person | None:
    weak = hit.of("given") is None
    raw = passage.raw(word)
    if raw.endswith("ى") if passage.words[word] == "علي" else raw.endswith(("مني", "ناديه")):
        return None  # "على" is on, "مني" from me, "ناديه" his club; the names are "علي", "منى" and "نادية"
    end = _extend(passage, hit.end, word, grammar)
    reading = hit.of("given") or hit.of("weak")
    assert reading is not None
    title = _title_ends(passage, word)
    if end - word < 2 and (weak or not title or word + 1 in passage.at or not passage.near(word)):
        return None
    if (
        weak
        and not title
        and passage.words[word + 1] not in grammar.nasab
        and not (passage.at.get(word + 1) is not None and passage.at[word + 1].of("given") is not None)
    ):
        return None
    return Person(word, end, reading.skip, None, "given name and surname", reading.row, given=word)


def _from_kunya(passage: Passage, word: int, grammar: Grammar) -> Person | None:
    """ "أبو مازن", "ابن طولون": by-names made of a kinship word and a name."""
    end = word + 1
    if end >= len(passage.words) or not passage.near(end) or passage.words[word] == "ام":
        return None
    if passage.words[word].endswith("عبد"):
        last = _extend(passage, end + 1, word + 1, grammar) if passage.words[end].startswith("ال") else end
        return (
            Person(word, last, len(passage.words[word]) - 3, None, "given name and surname", given=word)
            if last > end + 1
            else None
        )
    hit = passage.at.get(end)
    text = passage.words[end]
    if (
        plain(passage, end, grammar)
        or text.startswith(("لل", "بال"))
        or (hit is not None and hit.of("given", "weak", "surname") is None)
    ):
        return None
    last = _extend(passage, end + 1, end - 1, grammar) if hit is not None else end + 1
    return Person(word, last, 0, None, "by-name", given=word)


def _from_nasab(passage: Passage, word: int, grammar: Grammar) -> Person | None:
    """ "عمر بن الخطاب": before "son of" also a name that is a word of the language is a name."""
    if not passage.near(word + 1) or passage.words[word] not in grammar.sure:
        return None
    end = _extend(passage, word + 1, word, grammar)
    return Person(word, end, 0, None, "given name and surname", given=word) if end > word + 2 else None


def _extend(passage: Passage, word: int, start: int, grammar: Grammar) -> int:
    """Past the words that belong to the name: given names, particles with their noun, one family name."""
    unknown = 0
    count = len(passage.words)
    while word < count and word - start < _LONGEST and passage.near(word) and not passage.taken[word]:
        text = passage.words[word]
        if (
            len(text) == 1
            and word + 1 < count
            and passage.gap(word + 1) == ". "
            and not plain(passage, word + 1, grammar)
        ):
            return word + 2  # "كاثلين ج. ماكينيس"
        hit = passage.at.get(word)
        if text == "علي" and passage.raw(word).endswith("ى"):
            break  # "محمد على الاتفاق": on
        if text in grammar.ordinal and not unknown:
            unknown += 1
            word += 1
            continue
        if (
            text in grammar.theophoric
            and word > start
            and passage.words[word - 1] not in grammar.theophoric
            and (text != "الله" or passage.words[word - 1].endswith(grammar.of_god))
        ):
            word += 1
            start += 1
            continue
        if (
            text in grammar.particle
            and word + 1 < count
            and passage.near(word + 1)
            and (
                passage.words[word + 1] not in grammar.common
                or text in grammar.nasab
                or text in ("ابن", "ال")  # "آل ثاني", folded
                or (text.endswith(grammar.of_god) and passage.words[word + 1] in grammar.theophoric)
            )
        ):
            if text == "ال":
                return word + 2  # the house ends the name
            word += 2
            start += 1
            continue
        if text in grammar.particle or (hit is not None and hit.joined):
            break  # a particle without its noun, or "and" with another name
        if (
            hit is not None
            and hit.of("given", "weak") is not None
            and not (hit.readings[0].skip or hit.of("speech", "body", "role"))
        ):
            word += 1
            continue
        if (
            hit is not None
            and hit.of("nationality") is not None
            and text.startswith("ال")
            and text.endswith("ي")
            and not unknown
            and word - start == 1
        ):
            behind = passage.at.get(word + 1)
            if behind is None or behind.of("nationality") is None:
                return word + 1
            return word
        if hit is not None and not STOPS.isdisjoint(hit.meanings.kinds):
            break
        family = hit is not None and hit.of("surname") is not None
        if unknown or (plain(passage, word, grammar) and not family) or not "\u0600" <= text[0] <= "\u06ff":
            break
        if (
            text.startswith("ال")
            and not family
            and not text.endswith("ي")
            and word - start == 1
            and not _title_ends(passage, start)
            and not _introduces(passage, word + 1)
            and not (
                passage.words[start] in grammar.sure
                and passage.words[start] not in grammar.common
                and not passage.raw(word).endswith(("ة", "ات", "ين", "ون"))
            )
        ):
            break
        unknown += 1
        word += 1
    return word


def _introduces(passage: Passage, word: int) -> bool:
    """Whether ", رئيس …" follows."""
    title = passage.at.get(word) if passage.comma(word) else None
    return title is not None and title.of("role", "office", "head_office") is not None


def _title_ends(passage: Passage, word: int) -> bool:
    if not word or not passage.near(word):
        return False
    hit = passage.till.get(word)
    if hit is None:
        return False
    role = hit.of("role")
    if role is not None and role.key == "title":
        return True
    if hit.of("nationality") is not None and not passage.words[word].startswith("ال"):
        back = passage.till.get(hit.start)
        if back is not None and passage.near(hit.start) and back.of("office", "tail", "role") is not None:
            return True
    if hit.of("tail") is not None:
        back = passage.till.get(hit.start)
        return back is not None and back.of("head_office") is not None and not passage.words[word].startswith("ال")
    return hit.of("office") is not None and passage.words[hit.start].startswith(("ال", "وال"))


def _from_title(passage: Passage, word: int, grammar: Grammar) -> Person | None:
    text = passage.words[word]
    if text.startswith("ال") and passage.words[word - 1] in grammar.honoured:
        return _family(passage, word, grammar)
    if text.startswith(("ال", "لل", "بال", "وال")) or plain(passage, word, grammar):
        return None
    after = passage.words[word + 1] if word + 1 < len(passage.words) else ""
    if after.startswith("ال") and not after.endswith("ي"):
        return None  # "لحضور المؤتمر": a noun and what it is of
    behind = passage.at.get(word + 1)
    if behind is not None and behind.of("given") is not None:
        return None  # the name begins at the next word
    hit = passage.at.get(word)
    if hit is not None and hit.readings:
        return None
    end = word + 1
    count = len(passage.words)
    if end < count and passage.near(end) and passage.words[end] in grammar.ordinal:
        return Person(word, end + 1, 0, None, "title before", passage.till[word].readings[0].row, given=word)
    while end < count and end - word < 3 and passage.near(end) and not passage.taken[end]:
        other = passage.at.get(end)
        if passage.words[end] in grammar.particle and end + 1 < count and passage.near(end + 1):
            end += 2
            continue
        if (other is not None and other.of("given") is None) or plain(passage, end, grammar):
            break
        end += 1
    if end - word < 2 and not _single(passage, word, text):
        return None
    before = passage.till[word]
    return Person(word, end, 0, None, "title before", before.readings[0].row, given=word)


def _family(passage: Passage, word: int, grammar: Grammar) -> Person | None:
    """ "الدكتور الخليدي": a family name with its article; an adjective of the title ends otherwise or is a known word."""
    text = passage.words[word]
    after = passage.words[word + 1] if word + 1 < len(passage.words) and passage.near(word + 1) else ""
    hit = passage.at.get(word)
    if (
        (hit is not None and hit.of("surname") is None)
        or text in grammar.common
        or len(text) < 5
        or not text.endswith("ي")
        or (after.startswith("ال") and not after.endswith("ي"))
    ):
        return None
    return Person(word, word + 1, 0, None, "title before", passage.till[word].readings[0].row)


def _single(passage: Passage, word: int, text: str) -> bool:
    """One unknown word behind a title (or a title and a nationality) is a name where it looks like a foreign one."""
    hit = passage.till[word]
    if hit.of("role") is None:
        back = passage.till.get(hit.start)
        if back is None or back.of("role") is None:
            return False
    return (
        foreign_shaped(passage, word, passage.grammar) and text[-1] + passage.words[word - 1][-1] != "ته"
    )  # "الوزيرة رفضت": a verb


def _from_head(passage: Passage, word: int, grammar: Grammar) -> Person | None:
    """ "رئيس الهيئة بهرام دلاوري إن …": a head, what it heads, two unknown words and what was said."""
    if not word or not passage.words[word - 1].startswith("ال") or passage.words[word].startswith("ال"):
        return None
    end, count = word, len(passage.words)
    while (
        end < count
        and end - word < 3
        and passage.near(end)
        and passage.at.get(end) is None
        and not plain(passage, end, grammar)
    ):
        end += 1
    if end - word < 2 or end >= count or not (passage.words[end] in ("ان", "بان") or passage.comma(end)):
        return None
    return Person(word, end, 0, None, "head of something before", given=word)


def _from_apposition(passage: Passage, word: int, grammar: Grammar) -> Person | None:
    """Two or three unknown words between a speech verb and ", رئيس …"."""
    before = passage.till.get(word)
    if before is None or (verb := before.of("speech")) is None or verb.key != "say" or not passage.near(word):
        return None
    end, count = word, len(passage.words)
    while (
        end < count
        and end - word < 3
        and (end == word or passage.near(end))
        and passage.at.get(end) is None
        and not plain(passage, end, grammar)
    ):
        if passage.words[end].startswith("ال") and end == word:
            return None
        end += 1
    if end - word < 2 or end >= count or not passage.comma(end):
        return None
    title = passage.at.get(end)
    if title is None or title.of("role", "office", "head_office") is None:
        return None
    return Person(word, end, 0, None, "speech verb and apposition", verb.row, given=word)
