"""Byte-level mutation of real articles: what crawlers, broken encoders and hostile producers may leave in a message."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence

PIECES = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\\ud800", b"\\u0000", b"\xd9\x80" * 40, b"\xcc\x81" * 200, b"\xe2\x80\x8f",
    b"\xe2\x80\xae", b"\xe2\x80\x8d", b"\xf0\x9f\x87\xb7\xf0\x9f\x87\xba", b"\xef\xb7\xba", b'"', b"\\", b"{", b"[" * 70, b"]" * 70, b"null",
    b"true", b"-1e999", b"1" * 400, b"<script>", b"<p>" * 300, b"&#x110000;", b"&amp;" * 100, b"<![CDATA[", b"<!--", b"\r\n" * 300,
    b" " * 5_000, b"a" * 20_000, "ب".encode() * 10_000, "и".encode() * 10_000, b"A.B." * 2_000, b'""' * 2_000, b"- " * 4_000,
    b"RUSSIA " * 1_000, "قال ".encode() * 2_000, b"said X, head of " * 500, b"http://a.b/" * 500, b"2026-02-31", b"(" * 3_000, b"\xe2\x80\x9c" * 2_000,
)  # fmt: skip
LONGEST = 128 << 10  # bytes

Mutation = Callable[[bytearray, random.Random, Sequence[bytes]], None]


def _at(data: bytearray, chance: random.Random) -> int:
    return chance.randrange(len(data) + 1)


def _flip(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    for _each in range(chance.randrange(1, 9)):
        if data:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _piece(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    place = _at(data, chance)
    data[place:place] = chance.choice(PIECES)


def _random(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    place = _at(data, chance)
    data[place:place] = chance.randbytes(chance.randrange(1, 64))


def _delete(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    place = _at(data, chance)
    del data[place : place + chance.randrange(1, 400)]


def _cut(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    del data[_at(data, chance) :]


def _repeat(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    place = _at(data, chance)
    data[place:place] = bytes(data[place : place + chance.randrange(1, 60)]) * chance.randrange(2, 300)


def _move(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    start = _at(data, chance)
    moved = bytes(data[start : start + chance.randrange(1, 300)])
    del data[start : start + len(moved)]
    place = _at(data, chance)
    data[place:place] = moved


def _splice(data: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    other = chance.choice(others)
    start = chance.randrange(len(other) + 1)
    place = _at(data, chance)
    data[place:place] = other[start : start + chance.randrange(1, 800)]


MUTATIONS: tuple[Mutation, ...] = (_flip, _piece, _random, _delete, _cut, _repeat, _move, _splice)


def mutated(seeds: Sequence[bytes], number: int, *, seed: int) -> bytes:
    """Input ``number`` of a run: one of the seeds, changed up to eight times. The same numbers give the same bytes."""
    chance = random.Random(f"{seed}/{number}")
    original = chance.choice(seeds)
    inside = _fields(original) if number % 4 else None
    if inside is None:
        return _changed(original, chance, seeds)
    for name in chance.sample(sorted(inside), chance.randrange(1, len(inside) + 1)):
        value = inside[name]
        text = _changed(str(value).encode(), chance, seeds).decode(
            "utf-8", chance.choice(("replace", "ignore", "surrogateescape"))
        )
        inside[name] = (
            text if isinstance(value, str) or chance.random() < 0.9 else chance.choice((None, 0, [], {}, True, [text]))
        )
    return json.dumps(inside, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")


def _changed(value: bytes, chance: random.Random, seeds: Sequence[bytes]) -> bytes:
    data = bytearray(value)
    for _ in range(chance.randrange(1, 9)):
        chance.choice(MUTATIONS)(data, chance, seeds)
        del data[LONGEST:]
    return bytes(data)


def _fields(value: bytes) -> dict[str, object] | None:
    """The fields of a JSON message: three of four inputs are changed inside them, so that they are read at all."""
    try:
        found = json.loads(value)
    except ValueError:
        return None
    return found if isinstance(found, dict) and found else None
