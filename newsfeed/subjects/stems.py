"""Which forms of a word a pattern means: light stemming, one way for each language.

English, French, German, Russian and Spanish words are compared by their Snowball stem (Porter 2001), taken of
the folded word on both sides. Arabic words are compared whole, after their proclitics (و ف ب ك ل ال) are cut off,
with the forms a pattern's word takes (dual, plural, feminine, possessive), which are made when the patterns are
loaded: so رياضة (sport) is never الرياض (Riyadh), which suffix stripping (Larkey's light10) makes of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import snowballstemmer

LANGUAGES = ("ar", "en", "ru", "fr", "es", "de")
_SNOWBALL = {"en": "english", "fr": "french", "de": "german", "ru": "russian", "es": "spanish"}
_LONGEST = 40  # characters; a longer word is no word of a lexicon, and a stemmer must not work on 100,000 of one letter
_AND = ("و", "ف")
_PROCLITICS = ("بال", "كال", "فال", "وال", "لل", "ال", "ب", "ك", "ل", "س")
_SUFFIXES = ("ه", "ات", "ين", "ون", "ان", "ها", "هم", "هما", "نا", "ي", "يه", "يا", "ا", "يين", "يون", "يات", "اتها", "اتهم", "اته", "ته", "تها", "تهم")
_FEMININE = ("ه", "ات", "تين", "تان", "تها", "ته", "تهم", "تنا", "تي", "اتها", "اته", "اتهم", "اتنا")


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    stemmer = snowballstemmer.stemmer(_SNOWBALL[language])
    return stemmer.stemWord  # type: ignore[no-any-return]


def keys(word: str, language: str) -> tuple[str, ...]:
    """What a folded word of a text is looked up by: its stem, or (Arabic) itself and itself without proclitics."""
    if len(word) > _LONGEST:
        return ()
    return _arabic_keys(word) if language == "ar" else (_stemmer(language)(word),)


def forms(word: str, language: str) -> tuple[str, ...]:
    """What a folded word of a pattern is stored under."""
    return _arabic_forms(word) if language == "ar" else (_stemmer(language)(word),)


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
            if start.startswith(clitic) and len(rest) > 2:
                out.append(rest)
                if clitic == "لل":
                    out.append("ل" + rest)  # للاعب is ل + لاعب
                break
    return tuple(dict.fromkeys(out))


def _arabic_forms(word: str) -> tuple[str, ...]:
    if len(word) < 3:
        return (word,)
    if word.endswith("ه"):
        return tuple(dict.fromkeys([word, *(word[:-1] + suffix for suffix in _FEMININE)]))
    if word.endswith("ي"):
        return (word, *(word + suffix for suffix in ("ه", "ا", "ين", "ون", "ات", "تين")))
    if word.endswith(("ون", "ين", "ات", "اء")):
        return (word, *(word + suffix for suffix in ("ه", "ها", "هم", "نا")))
    return (word, *(word + suffix for suffix in _SUFFIXES))
