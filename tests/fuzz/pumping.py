"""Every regular expression of newsfeed against long texts made from itself: ``python tests/fuzz/pumping.py``.

The attack strings are those that make a backtracking matcher try again and again (J. Davis et al., The Impact of Regular
Expression Denial of Service in Practice, ESEC/FSE 2018): what stands before a repetition, then what is repeated, thousands of
times, then nothing that could follow. A search that grows with the length takes milliseconds; one that grows with its square takes
minutes and is broken off, so where the line between them is drawn does not matter. Each is searched for from every place of the
text: one that is meant for a certain place says so (``\\A``, a look behind).

Prints a line for each expression that was broken off, and how many were tried.
"""

from __future__ import annotations

import importlib
import itertools
import pkgutil
import re
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

LENGTH = 100_000  # characters; a square of it is ten thousand million steps
SECONDS = 3.0  # of the processor's time
PACKAGES = ("newsfeed", "agents", "topics")
ROOT = Path(__file__).resolve().parents[2]
USES = ("compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn")
MANY = 100  # a repetition that may be longer than this counts as one without end
SAMPLES = 3  # of a set or of branches

parser: Any = re._parser  # type: ignore[attr-defined]
Expression = tuple[str | bytes, int]


class BrokenOff(Exception):
    """The search took too long."""


def collect(work: Callable[[], None]) -> dict[Expression, str]:
    """The expressions that newsfeed's own modules compile while ``work`` runs, with the module of each."""
    found: dict[Expression, str] = {}

    def watched(use: Callable[..., Any]) -> Callable[..., Any]:
        def noting(pattern: Any, *arguments: Any, **options: Any) -> Any:
            caller = Path(sys._getframe(1).f_code.co_filename)
            if caller.is_relative_to(ROOT) and caller.relative_to(ROOT).parts[0] in PACKAGES:
                compiled = (
                    pattern if isinstance(pattern, re.Pattern) else real(pattern, *_flags(use, arguments, options))
                )
                found[compiled.pattern, compiled.flags & ~re.UNICODE] = str(caller.relative_to(ROOT))
            return use(pattern, *arguments, **options)

        return noting

    real = re.compile
    kept = {name: getattr(re, name) for name in USES}
    for name, use in kept.items():
        setattr(re, name, watched(use))
    try:
        work()
    finally:
        for name, use in kept.items():
            setattr(re, name, use)
    return found


def _flags(use: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]) -> tuple[Any, ...]:
    if use.__name__ == "compile" and arguments:
        return arguments[:1]
    return (options["flags"],) if "flags" in options else ()


def attacks(pattern: str | bytes, flags: int) -> Iterator[str]:
    """Long texts made from an expression: for each of its repetitions without end, the way to it and the repeated part."""
    for before, repeated in _repetitions(parser.parse(pattern, flags)):
        for part in repeated:
            if part:
                yield before + part * (LENGTH // len(part))
                yield (before + part) * (LENGTH // len(before + part))
                yield before + part * (LENGTH // len(part)) + "\0"


def _repetitions(tree: Any, before: str = "") -> Iterator[tuple[str, list[str]]]:
    for operation, argument in tree:
        name = str(operation)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, inner = argument
            if most > MANY:
                yield before, _texts(inner)
            yield from _repetitions(inner, before)
            before += _texts(inner)[0] * min(least, MANY)
            continue
        for inner in _inner(name, argument):
            yield from _repetitions(inner, before)
        before += _one(name, argument)[0]


def _inner(name: str, argument: Any) -> list[Any]:
    match name:
        case "SUBPATTERN":
            return [argument[3]]
        case "BRANCH":
            return list(argument[1])
        case "ASSERT" | "ASSERT_NOT":
            return [argument[1]]
        case "ATOMIC_GROUP":
            return [argument]
        case _:
            return []


def _texts(tree: Any) -> list[str]:
    """A few texts that a part of an expression matches."""
    choices = [
        [text * max(1, argument[0]) for text in _texts(argument[2])]
        if str(operation).endswith("REPEAT")
        else _one(str(operation), argument)
        for operation, argument in tree
    ]
    return ["".join(texts) for texts in itertools.islice(itertools.product(*choices), SAMPLES)] or [""]


def _one(name: str, argument: Any) -> list[str]:
    match name:
        case "LITERAL":
            return [chr(argument)]
        case "NOT_LITERAL":
            return [chr(argument + 1)]
        case "ANY":
            return ["a"]
        case "IN":
            return _members(argument)
        case "SUBPATTERN" | "BRANCH" | "ATOMIC_GROUP":
            return [text for inner in _inner(name, argument) for text in _texts(inner)][:SAMPLES] or [""]
        case _:  # a place, an assertion, a reference: no text of its own
            return [""]


CLASSES = {
    "CATEGORY_DIGIT": "7", "CATEGORY_NOT_DIGIT": "a", "CATEGORY_SPACE": " ", "CATEGORY_NOT_SPACE": "a", "CATEGORY_WORD": "a",
    "CATEGORY_NOT_WORD": " ",
}  # fmt: skip


def _members(items: Any) -> list[str]:
    found = []
    negated = bool(items) and str(items[0][0]) == "NEGATE"
    for operation, argument in items:
        match str(operation):
            case "LITERAL":
                found.append(chr(argument))
            case "RANGE":
                found.append(chr(argument[0]))
            case "CATEGORY":
                found.append(CLASSES[str(argument)])
    if not negated:
        return found[:SAMPLES]
    lone: Any = re.compile(f"[{''.join(map(re.escape, found))}]") if found else None
    return [text for text in "a <7.-\n" if lone is None or not lone.match(text)][:SAMPLES]


def slow(pattern: str | bytes, flags: int, *, seconds: float = SECONDS) -> str | None:
    """The beginning of a text on which a search does not come to its end within the seconds; None where all do."""
    compiled: Any = re.compile(pattern, flags)
    for text in attacks(pattern, flags):
        subject = text.encode("utf-8", "replace") if isinstance(pattern, bytes) else text
        if not _ends(lambda subject=subject: compiled.sub("" if isinstance(subject, str) else b"", subject), seconds):
            return text[:20]
    return None


def _ends(search: Callable[[], object], seconds: float) -> bool:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise BrokenOff

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        search()
    except BrokenOff:
        return False
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return True


def everything() -> None:
    """Import all modules and read the valid inputs of every fuzz target, so that what is compiled late is compiled, too."""
    for package in PACKAGES:
        root = importlib.import_module(package)
        for module in pkgutil.walk_packages(root.__path__, f"{package}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    from long import TARGETS, made

    for name in TARGETS:
        target = made(name)
        for value in target.originals:
            target.answer(value)


def main() -> int:
    """Returns the exit code: 1 where an expression was broken off."""
    sys.path.insert(0, str(ROOT))
    found = collect(everything)
    wrong = 0
    for (pattern, flags), module in sorted(found.items(), key=lambda item: item[1]):
        if (text := slow(pattern, flags)) is not None:
            wrong += 1
            print(f"{module}: {pattern!r} does not end on {text!r} repeated")
    print(f"{len(found)} expressions, {wrong} broken off")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
