"""How an Arabic word looks that can, or cannot, be part of a name; which words of a name stand for it later on."""

from __future__ import annotations

from newsfeed.actors.grammar import Grammar
from newsfeed.actors.passage import Passage

# Native words of five letters and more begin with a letter of a pattern or a small word, or end like a feminine, plural or pronoun.


def plain(passage: Passage, word: int, grammar: Grammar) -> bool:
    """A word that is no part of a name: a small or common word, or shaped like a verb or a feminine or plural noun."""
    text = passage.words[word]
    if text in grammar.common or len(text) < 2 or text.isdigit():
        return True
    hit = passage.at.get(word)
    if hit is not None and hit.of("given") is not None:
        return False
    raw = passage.raw(word)
    if text[0] in "وفبكل" and text[1:] in grammar.common:
        return True
    if text.startswith(("لل", "بال", "وال", "فال", "كال")):
        return True
    if text.startswith(("ست", "سي")) and not (
        text.endswith(("ان", "ين")) or raw.startswith("ستا")
    ):  # "سيعلن"; but "ستولمان", "ستارك"
        return True
    if (
        text[0] in "وف"
        and text[1:2] in "يت"
        and len(text) in (5, 6)
        and not text.startswith(("ويل", "وات", "فين", "في"))
    ):
        return True  # "ويعمم": and, with a verb
    if text.endswith(("اته", "اتها", "اتهم")):
        return True
    if text.startswith(("تت", "يت", "تست", "يست")):
        return True  # "تتولى", "يستخدم": verbs
    if text[0] in "تا" and text[-1] == "ت" and len(text) > 4 and not text.endswith("ات"):
        return True  # "توسعت", "انتقلت": verbs
    if (
        ((text[0] == "ي" and len(text) in (4, 5)) or (text[0] == "ت" and len(text) == 4))
        and not raw.endswith(("ن", "و"))
        and not text.startswith("تا")
    ):
        return True
    return raw.endswith(("ات", "ًا", "اً", "ة")) and not text.startswith("ال") and len(text) > 4


def bears(passage: Passage, word: int, grammar: Grammar) -> bool:
    """ "جامع ابن طولون", "بمستشفى شارل نيكول": before the name that begins at a word stands what bears it."""
    first = word - 1
    if first > 0 and passage.words[first] in grammar.kunya and passage.near(word):
        first -= 1
    if first < 0 or not passage.near(first + 1):
        return False
    text = passage.words[first]
    return text in grammar.named_place or (text[0] in "بلوفك" and text[1:] in grammar.named_place)


def short_names(words: list[str], skip: int, grammar: Grammar) -> tuple[str, str]:
    """What stands for an Arabic name later on: (its last word, "" where that alone says nothing; its first word in
    "معاوية بن أبي سفيان" and "لويس السابع", else "")."""
    first, last = words[0][skip:], words[-1]
    if last in grammar.ordinal or last in grammar.theophoric:
        return "", first if last in grammar.ordinal and first not in grammar.kunya else ""
    return last, first if words[1:2] and words[1] in grammar.nasab and first not in grammar.kunya else ""


def foreign_shaped(passage: Passage, word: int, grammar: Grammar) -> bool:
    """Whether an unknown word looks like no Arabic noun or verb: "روزفلت", "هيدينك"."""
    if word >= len(passage.words) or word in passage.at or not passage.near(word):
        return False
    text = passage.words[word]
    if len(text) < 5 or not "\u0600" <= text[0] <= "\u06ff":
        return False
    return text.endswith(grammar.foreign_end) or (
        text[0] not in grammar.native_begin and not text.endswith(grammar.native_end)
    )
