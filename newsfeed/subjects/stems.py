"""Which forms of a word a pattern means: light stemming, one way for each language.

Russian and German words are compared by their Snowball stem (Porter 2001), French and Spanish words without the
endings of number and gender (after Savoy 1999), all taken of the folded word on both sides. English and Arabic words
are compared whole with the forms a pattern's word takes, made when the patterns are loaded (Arabic text words also
without their proclitics و ف ب ك ل ال): so an importer is never important, and رياضة (sport) never الرياض (Riyadh),
which suffix stripping makes of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import snowballstemmer

LANGUAGES = ("ar", "en", "ru", "fr", "es", "de")
_SNOWBALL = {"de": "german", "ru": "russian"}
_LONGEST = 40  # characters; a longer word is no word of a lexicon, and a stemmer must not work on 100,000 of one letter
_SHORTEST_STEM = (
    4  # a stem shorter than this and two letters shorter than its word is too many words: "заем" is not "за"
)
_AND = ("و", "ف")
_PROCLITICS = ("بال", "كال", "فال", "وال", "لل", "ال", "ب", "ك", "ل", "س")
_FUTURE = ("ا", "ت", "ن", "ي")  # what a verb behind س begins with: سعيد (happy) is no عيد (feast)
_SUFFIXES = (
    "ه",
    "ات",
    "ين",
    "ون",
    "ان",
    "ها",
    "هم",
    "هما",
    "نا",
    "ي",
    "يه",
    "يا",
    "ا",
    "يين",
    "يون",
    "يات",
    "اتها",
    "اتهم",
    "اته",
    "ته",
    "تها",
    "تهم",
)
_FEMININE = ("ه", "ات", "تين", "تان", "تها", "ته", "تهم", "تنا", "تي", "اتها", "اته", "اتهم", "اتنا")


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    own = {"fr": _french, "es": _spanish}.get(language)
    return own or snowballstemmer.stemmer(_SNOWBALL[language]).stemWord


def keys(word: str, language: str) -> tuple[str, ...]:
    """What a folded word of a text is looked up by: its stem, or (Arabic, English) itself, without proclitics."""
    if len(word) > _LONGEST:
        return ()
    if language == "ar":
        return _arabic_keys(word)
    if language == "en":
        return (word,)
    stem = _stemmer(language)(word)
    return (stem,) if stem == word else (stem, word)


def forms(word: str, language: str) -> tuple[str, ...]:
    """What a folded word of a pattern is stored under."""
    if language == "ar":
        return _arabic_forms(word)
    if language == "en":
        return _english_forms(word)
    if language == "de" and word.endswith("er") and len(word) > 4:  # a Wähler is no Wahl, an Arbeiter no Arbeit
        return tuple(word + ending for ending in ("", "n", "s", "in", "innen"))
    if language == "de" and word.endswith("erin"):
        return (word, word + "nen")
    stem = _stemmer(language)(word)
    return (word,) if len(stem) < _SHORTEST_STEM and len(word) - len(stem) > 1 else (stem,)


def bare(word: str, language: str) -> tuple[str, ...]:
    """What a folded word of a text is for patterns that name one exact form: itself, without proclitics where it has any."""
    if len(word) > _LONGEST:
        return (word,)
    return _arabic_keys(word) if language == "ar" else (word,)


def _arabic_keys(word: str) -> tuple[str, ...]:
    out = [word]
    starts = [word]
    if word.startswith(_AND) and len(word) > 3:
        starts.append(word[1:])
        out.append(word[1:])
    for start in starts:
        for clitic in _PROCLITICS:
            rest = start[len(clitic) :]
            if start.startswith(clitic) and len(rest) > 2 and (clitic != "س" or rest.startswith(_FUTURE)):
                out.append(rest)
                if clitic == "لل":
                    out.append("ل" + rest)  # للاعب is ل + لاعب
                if clitic.endswith("ال") or clitic == "لل":
                    out.append("ال" + rest)
                break
    return tuple(dict.fromkeys(out))


def _arabic_forms(word: str) -> tuple[str, ...]:
    if len(word) < 3 or word.startswith("ال"):  # الرسم (drawing) is not الرسمي (official)
        return (word,)
    if word.endswith("ه"):
        return tuple(dict.fromkeys([word, *(word[:-1] + suffix for suffix in _FEMININE)]))
    if word.endswith("ي"):
        return (word, *(word + suffix for suffix in ("ه", "ا", "ين", "ون", "ات", "تين")))
    if word.endswith(("ون", "ين", "ات", "اء")):
        return (word, *(word + suffix for suffix in ("ه", "ها", "هم", "نا")))
    return (word, *(word + suffix for suffix in _SUFFIXES))


_ENGLISH_VOWELS = "aeiou"


def _english_forms(word: str) -> tuple[str, ...]:
    """The word, its plural or singular, and the regular forms of a verb."""
    if len(word) < 3 or not word.isalpha():
        return (word,)
    base = word
    if word.endswith("ies") and len(word) > 4:
        base = word[:-3] + "y"
    elif word.endswith(("sses", "shes", "ches", "xes")):
        base = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        base = word[:-1]
    out = [word, base]
    if base.endswith("y") and base[-2] not in _ENGLISH_VOWELS:
        out += [base[:-1] + "ies", base[:-1] + "ied", base + "ing"]
    elif base.endswith("e"):
        out += [base + "s", base + "d", (base if base.endswith("ee") else base[:-1]) + "ing"]  # "being" is of no bee
    elif base.endswith(("s", "sh", "ch", "x", "z")):
        out += [base + "es", base + "ed", base + "ing"]
    elif not base.endswith(("ing", "ed")):
        out += [base + "s", base + "ed", base + "ing"]
    elif base.endswith("ing"):
        out.append(base + "s")
    return tuple(dict.fromkeys(out))


def _french(word: str) -> str:
    if len(word) < 4 or not word.isalpha():
        return word
    if word.endswith("aux") and len(word) > 4:
        return word[:-3] + "al"
    stem = word[:-1] if word[-1] in "sx" else word
    stem = stem.rstrip("e") if len(stem) > 5 else stem
    return stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] else stem


def _spanish(word: str) -> str:
    if len(word) < 4 or not word.isalpha():
        return word
    if word.endswith("ces"):
        return word[:-3] + "z"
    stem = word[:-1] if word.endswith("s") else word
    return stem[:-1] if len(stem) > 3 and stem[-1] in "aeo" else stem
