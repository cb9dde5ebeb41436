"""Which language a text is written in: by script, then by letters and function words, then by a model of byte n-grams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsfeed import data
from newsfeed.articles import scripts
from newsfeed.articles.characters import shortened
from newsfeed.articles.languages import code_of, languages

SAMPLE = 1_200  # code points looked at
MODEL_SAMPLE = 400  # code points the model reads; its time is linear, its answer hardly changes behind
LEAST_LETTERS = 12  # below it only a script of one language tells
LETTERS_OF_ALL = 30  # a text of so many has the letters that its language has "always"
LEAST_SIGNS = 3  # letters of a script before it counts at all
CLEAR = 2.0  # how many times the second best the best must score to need no model
LEAST_SCORE = 0.08
LEAST_CONFIDENCE = 0.5  # of the model (softmax over the languages of the script)
CONTRADICTED_WORDS = 40  # a declared language is doubted only by this much text
CONTRADICTED_SCORE = 0.2
_SHARED = {"Hani": ("zh", "ja", "ko"), "Kana": ("ja",), "Hang": ("ko",)}


@dataclass(frozen=True)
class _Profile:
    words: frozenset[str]
    letters: frozenset[str]
    always: bool


@cache
def _profiles() -> dict[str, dict[str, _Profile]]:
    """Profiles by script and language, the usual language of news first."""
    found: dict[str, dict[str, _Profile]] = {}
    for row in data.rows("articles/profiles.tsv"):
        profile = _Profile(frozenset(row["words"].split()), frozenset(row["letters"]), row["always"] == "yes")
        found.setdefault(row["script"], {})[row["code"]] = profile
    return found


def decide(declared: str | None, text: str, notes: list[str]) -> str | None:
    """ISO 639-1: the declared language where the text can be written in it, else the detected one, None for too little text."""
    text = text[:SAMPLE]
    if declared is None:
        return detect(text)
    code = code_of(declared)
    if code is None:
        notes.append(f"language dropped: unknown: {shortened(declared)}")
        return detect(text)
    if not _contradicted(code, text):
        return code
    found = detect(text)
    notes.append(f"language dropped: the text is not {code}" + (f" but {found}" if found else ""))
    return found


def detect(text: str) -> str | None:
    """ISO 639-1 of a text, None for too little of it. Deterministic; reads the first ``SAMPLE`` code points."""
    text = text[:SAMPLE]
    found = scripts.counts(text)
    script = next(iter(found), None)
    if script is None or found[script] < LEAST_SIGNS:
        return None
    if script in _SHARED:
        return _east_asian(found)
    own = _written_in(script)
    if len(own) <= 1:
        return own[0] if own else None
    ranked = _ranked(script, text, found[script])
    best, code = ranked[0]
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    if best >= LEAST_SCORE and best >= CLEAR * second:
        return code
    if found[script] < LEAST_LETTERS:
        return "ar" if script == "Arab" and best == 0 else None
    lacking = set(own).intersection(_profiles()[script]).difference(code for _, code in ranked)
    return _by_model(text, [code for code in own if code not in lacking])


@cache
def _written_in(script: str) -> tuple[str, ...]:
    """The languages of a script that may be answered."""
    return tuple(code for code, language in languages().items() if language.detected and script in language.scripts)


def _east_asian(found: dict[str, int]) -> str:
    """Han alone is Chinese; a tenth of kana makes it Japanese, a tenth of Hangul Korean."""
    total = sum(found.get(name, 0) for name in _SHARED)
    if found.get("Kana", 0) * 10 >= total:
        return "ja"
    return "ko" if found.get("Hang", 0) * 10 >= total else "zh"


@dataclass(frozen=True)
class _Signs:
    """What speaks for the languages of a script, which are numbered.

    Attributes:
        words: function words to the numbers of the languages that have them.
        numbers: uint8 by code point, the number of a letter that tells languages apart, 0 of any other.
        owners: languages by letters, 1 where a language has one.
    """

    words: dict[str, list[int]]
    numbers: NDArray[np.uint8]
    owners: NDArray[np.int64]


@cache
def _signs(script: str) -> _Signs:
    profiles = list(_profiles()[script].values())
    words: dict[str, list[int]] = {}
    for at, profile in enumerate(profiles):
        for word in sorted(profile.words):
            words.setdefault(word, []).append(at)
    letters = sorted(set().union(*(profile.letters for profile in profiles)))
    numbers = np.zeros(0x10000, np.uint8)
    numbers[[ord(letter) for letter in letters]] = range(1, len(letters) + 1)
    return _Signs(
        words,
        numbers,
        np.array([[letter in profile.letters for letter in ["", *letters]] for profile in profiles], int),
    )


def _ranked(script: str, text: str, letters: int) -> list[tuple[float, str]]:
    """Languages of a script by the share of their function words and of their letters; without those whose letters lack."""
    profiles, known = _profiles()[script], _signs(script)
    codes = scripts.codes(text.lower())
    words = scripts.words(codes)
    said = [0] * len(profiles)
    for word in words:
        for at in known.words.get(word, ()):
            said[at] += 1
    signs = (known.owners @ np.bincount(known.numbers[codes], minlength=known.owners.shape[1])).tolist()
    scored = [
        (said[at] / (len(words) or 1) + signs[at] / (letters or 1), -at, code)
        for at, (code, profile) in enumerate(profiles.items())
        if signs[at] or not profile.always or letters < LETTERS_OF_ALL
    ]
    return [(score, code) for score, _, code in sorted(scored, reverse=True)]


def _contradicted(code: str, text: str) -> bool:
    """Whether the text is in another script, or is long and full of another language's function words and none of its own."""
    found = scripts.counts(text)
    script = next(iter(found), None)
    if script is None or found[script] < LEAST_SIGNS:
        return False
    written = languages()[code].scripts
    if sum(count for name, count in found.items() if name in written) * 2 < sum(found.values()):
        return True
    if code not in _profiles().get(script, {}) or len(text.split()) < CONTRADICTED_WORDS:
        return False
    ranked = _ranked(script, text, found[script])
    own = next((score for score, name in ranked if name == code), 0.0)
    return ranked[0][0] >= CONTRADICTED_SCORE and own * 4 < ranked[0][0]


@cache
def _model() -> Any:
    """The byte n-gram model of py3langid (Lui and Baldwin, 2012), restricted to the languages of the detector; read once."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(sorted(code for code, language in languages().items() if language.detected))
    return model


def _by_model(text: str, codes: Sequence[str]) -> str | None:
    ranked = [(float(share), str(code)) for code, share in _model().rank(text[:MODEL_SAMPLE]) if code in codes]
    best, code = ranked[0]
    return code if best >= LEAST_CONFIDENCE * sum(share for share, _ in ranked) else None
