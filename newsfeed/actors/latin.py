"""One Latin spelling for a name in any script, for ids and labels: the same name gives the same slug where the spelling allows it.

Arabic writes no short vowels and Russian has several romanisations, so this is not a transliteration for reading but a
deterministic one: tables of whole words for names known in several scripts (``spellings.tsv``), letters for the rest.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

_CYRILLIC = dict(zip("абвгдезийклмнопрстуфыэ", ["a", "b", "v", "g", "d", "e", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "y", "e"], strict=True)) | {
    "ё": "e", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "yu", "я": "ya",
    "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ў": "u",
}  # fmt: skip
_ARABIC = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ٱ": "a", "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r",
    "ز": "z", "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "a", "غ": "g", "ف": "f", "ق": "q", "ك": "k", "ل": "l", "م": "m",
    "ن": "n", "ه": "h", "و": "u", "ي": "i", "ى": "a", "ة": "a", "ئ": "i", "ؤ": "u", "ء": "", "پ": "p", "چ": "ch", "ڤ": "v", "گ": "g", "ک": "k", "ی": "i",
}  # fmt: skip
_ARABIC_ENDINGS = (
    ("وف", "ov"),
    ("يف", "ev"),
    ("ييف", "ev"),
    ("سكي", "skiy"),
    ("نكو", "nko"),
    ("فيتش", "vich"),
    ("يان", "yan"),
)
_VOWELS = "aeiou"


def word_key(word: str, spellings: Mapping[str, str]) -> str:
    """The Latin form of one word in lower case: from the table of spellings, else letter by letter."""
    low = unicodedata.normalize("NFC", word.casefold())
    plain = (
        "".join(char for char in unicodedata.normalize("NFKD", low) if not unicodedata.combining(char))
        if not _is(low, "\u0400", "\u06ff")
        else low
    )
    if low in spellings:
        return spellings[low]
    if plain in spellings:
        return spellings[plain]
    if _is(low, "\u0600", "\u06ff"):
        return _arabic(low)
    if _is(low, "\u0400", "\u04ff"):
        return "".join(_CYRILLIC.get(char, "") for char in low)
    plain = (
        plain.replace("ß", "ss")
        .replace("æ", "ae")
        .replace("œ", "oe")
        .replace("ø", "o")
        .replace("ł", "l")
        .replace("đ", "d")
        .replace("ı", "i")
    )
    return "".join(char for char in plain if "a" <= char <= "z" or char.isdigit())


def _is(word: str, low: str, high: str) -> bool:
    return not word.isascii() and any(low <= char <= high for char in word)


def _arabic(word: str) -> str:
    word = "".join(char for char in word if not unicodedata.combining(char) and char != "ـ")
    if word.startswith("ال") and len(word) > 4:
        return "al" + _arabic(word[2:])
    for ending, latin in _ARABIC_ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return _arabic(word[: -len(ending)]) + latin
    out = ""
    if word.startswith(("او", "أو")) and len(word) > 3:
        out, word = "o", word[2:]
    for char in word:
        latin = _ARABIC.get(char, "")
        if char == "و" and (not out or out[-1] in _VOWELS):
            latin = "w"
        elif char == "ي" and (not out or out[-1] in "aou"):
            latin = "y"
        elif char == "ع" and out[-1:] == "a":
            latin = ""
        out += latin
    return out


class Spellings(dict[str, str]):
    """Known spellings -> Latin key, with the keys of other words kept for the next time (at most ``KEPT``)."""

    KEPT = 50_000

    def __init__(self, known: Mapping[str, str]) -> None:
        super().__init__(known)
        self._seen: dict[str, str] = {}

    def key(self, word: str) -> str:
        """``word_key`` of a word."""
        found = self._seen.get(word)
        if found is None:
            if len(self._seen) >= self.KEPT:
                self._seen.clear()
            found = self._seen[word] = word_key(word, self)
        return found


def slug(words: list[str], spellings: Spellings) -> str:
    """``nf:person-…``'s Latin part: keys joined by hyphens; a word of a script without letters here by its code points."""
    keys = [spellings.key(word) or "u" + "".join(f"{ord(char):x}" for char in word.casefold()[:12]) for word in words]
    return "-".join(keys)[:100] or "unnamed"


def label(words: list[str], spellings: Spellings) -> str:
    """An English label: Latin names as they are written, others by their keys, capitalised; else as they are written."""
    if not _is("".join(words), "\u0400", "\u06ff"):
        return " ".join(words)
    written = " ".join(_written(word, spellings.key(word) or word) for word in words)
    return written[:1].upper() + written[1:]


def _written(word: str, key: str) -> str:
    """A key with its capital; behind the Arabic article a hyphen."""
    if word.startswith("ال") and len(word) > 4 and key.startswith("al"):
        return f"al-{key[2:3].upper()}{key[3:]}"
    return key[:1].upper() + key[1:]
