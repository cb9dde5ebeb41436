"""How forms must be written, and how readings of one form are kept together."""

from __future__ import annotations

from newsfeed.actors.entry import Reading


def surface(written: str) -> str:
    """How a name must be written: an acronym exactly, a name that begins with a capital so, the rest anyhow."""
    letters = [char for char in written if char.isalpha()]
    if not letters or not (letters[0].isupper() or letters[0].islower()):
        return "any"
    if all(char.isupper() for char in letters) and len(letters) <= 6:
        return "exact"
    if letters[0].isupper():
        last = written.replace("-", " ").split()[-1]
        return "capitals" if " " in written and last[:1].isupper() else "capital"
    return "any"


def put(forms: dict[str, list[Reading]], form: str, reading: Reading) -> None:
    """Add a reading; the same meaning in another language only widens the languages."""
    found = forms.setdefault(form, [])
    for number, other in enumerate(found):
        if (other.kind, other.key, other.entity, other.surface, other.skip, other.rules) == (
            reading.kind,
            reading.key,
            reading.entity,
            reading.surface,
            reading.skip,
            reading.rules,
        ):
            found[number] = Reading(
                other.kind,
                other.key,
                other.entity,
                other.languages | reading.languages,
                other.surface,
                other.written,
                other.skip,
                other.rules,
                other.row,
            )
            return
    found.append(reading)


def inflected(name: str) -> list[str]:
    """The cases of a German name that begins with an adjective: "Vereinte Nationen" -> "Vereinten Nationen" …"""
    first, space, rest = name.partition(" ")
    if not space or not rest[:1].isupper() or not first[:1].isupper() or len(first) < 5:
        return []
    for ending in ("er", "es", "e"):
        if first.endswith(ending) and not first.endswith(("ier", "ee")):
            stem = first.removesuffix(ending)
            return [f"{stem}{other} {rest}" for other in ("e", "en", "er", "es", "em") if other != ending]
    return []
