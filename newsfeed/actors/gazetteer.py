"""From the tables to the forms of the automaton: every name, nationality, portfolio, title and verb with all its inflections."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from newsfeed.actors.clitics import is_arabic, with_clitics
from newsfeed.actors.entry import LANGUAGES, Entity, Reading, Rule
from newsfeed.actors.grammar import grammars
from newsfeed.actors.latin import Spellings
from newsfeed.actors.latin import slug as latin_slug
from newsfeed.actors.spelling import inflected, put, surface
from newsfeed.actors.table import Row, own, read
from newsfeed.text import fold_text

NAME_TABLES = ("countries.tsv", "regions.tsv", "organisations.tsv", "groups.tsv", "people.tsv", "cities.tsv")
OWN_TABLES = (
    "own_countries.tsv",
    "own_organisations.tsv",
    "own_groups.tsv",
    "own_people.tsv",
    "own_history.tsv",
    "own_business.tsv",
    "own_cities.tsv",
)
_EVERYWHERE = frozenset(LANGUAGES)
_NAMES = frozenset({"name", "city", "capital", "given", "weak", "surname"})


class Gazetteer:
    """The forms and what they can mean.

    Args:
        extra: a desk's own files of names (``table.read``), later rows win over earlier ones with the same id.

    Attributes:
        forms: folded form -> readings. countries: ISO 3166-1 alpha-2 -> country. entities: id -> entity.

    Raises:
        ActorDataError: an own file is bad.
    """

    def __init__(self, extra: Sequence[Path] = ()) -> None:
        self.entities: dict[str, Entity] = {}
        self.countries: dict[str, Entity] = {}
        self.names_of: dict[str, list[str]] = {}
        self._pending: list[tuple[str, Reading]] = []
        self._russian = {row["name"]: row["forms"].split("|") for row in own("forms_ru.tsv")}
        self._portfolios = {row["portfolio"]: row for row in own("portfolio_codes.tsv")}
        self._composed: dict[tuple[str, str], Entity] = {}
        self._slugs: dict[str, str] | None = None
        arabic = grammars()["ar"]
        self._common, self._second = arabic.common, arabic.second
        self._rules = self._read_rules()
        tables = [own(name) for name in NAME_TABLES + OWN_TABLES] + [read(path) for path in extra]
        for number, rows in enumerate(tables):
            for row in rows:
                self._add_entity(row, custom=number >= len(NAME_TABLES) + len(OWN_TABLES))
        self._add_nationalities()
        self._add_seats()
        self._add_portfolios()
        self._add_words()
        self._add_given_names()
        self.forms = self._fold()

    def composed(self, portfolio: str, country: str) -> Entity | None:
        """The institution of a portfolio and a country (alpha-2), or None where either is unknown."""
        key = (portfolio, country)
        if key not in self._composed:
            row, home = self._portfolios.get(portfolio), self.countries.get(country)
            if row is None or home is None:
                return None
            kind = "group" if portfolio == "opposition" else "organisation"
            name = f"{row['name_en']} of {'the ' if home.name.startswith('United') else ''}{home.name}"
            entity = Entity(
                f"nf:{portfolio.replace('_', '-')}-{country.lower()}",
                kind,
                "institution",
                name,
                country,
                home.code + row["code"],
                row=row.place,
            )
            self._composed[key] = entity
        return self._composed[key]

    def by_slug(self, slug: str, spellings: Spellings) -> Entity | None:
        """The person of the tables one of whose names has this Latin key."""
        if self._slugs is None:
            self._slugs = {}
            for actor, written in self.names_of.items():
                for name in written:
                    words = name.split(" ")
                    if len(words) > 1:
                        self._slugs.setdefault(latin_slug(words, spellings), actor)
        found = self._slugs.get(slug)
        return self.entities[found] if found else None

    # --- tables ---------------------------------------------------------------------------------
    def _read_rules(self) -> dict[tuple[str, str], list[tuple[str, Rule]]]:
        """(language, folded form) -> (entity id or "*", rule)."""
        out: dict[tuple[str, str], list[tuple[str, Rule]]] = {}
        for row in own("contexts.tsv"):
            written = row["words"].split("|")
            words = frozenset(w for w in (written if "raw" in row["rule"] else map(fold_text, written)) if w)
            out.setdefault((row["language"], fold_text(row["form"])), []).append(
                (row["actor"], Rule(row["rule"], words, row.place))
            )
        return out

    def _add_entity(self, row: Row, *, custom: bool) -> None:
        name = row["name_en"] or next((row[f"name_{x}"] for x in LANGUAGES if row[f"name_{x}"]), "")
        name = name or next(row[f"alias_{x}"].split("|")[0] for x in LANGUAGES if row[f"alias_{x}"])
        entity = Entity(
            row["id"],
            row["type"],
            row["subtype"],
            name,
            row["country"],
            row["code"],
            row["role"],
            row["from"],
            row["to"],
            row.place,
        )
        self.entities[entity.id] = entity
        if entity.type == "country" and entity.country and entity.country not in self.countries:
            self.countries[entity.country] = entity
        kind = "name"
        if entity.type == "city":
            kind = "capital" if entity.subtype == "capital" else "city"
        for language in LANGUAGES:
            for alias in (row[f"name_{language}"], *row[f"alias_{language}"].split("|")):
                if alias:
                    self._name(alias, language, kind, entity, row.place)
                    if entity.type == "person":
                        self.names_of.setdefault(entity.id, []).append(alias)

    def _name(self, written: str, language: str, kind: str, entity: Entity, place: str) -> None:
        plain = written.strip("«»\"'")
        languages = frozenset({language})
        forms = [plain]
        if language == "ru":
            forms += self._russian.get(plain, ())
        elif language == "de" and plain[-1:].islower() and not plain.endswith(("s", "ß", "z", "x")):
            forms.append(plain + "s")
        if language == "de":
            forms += inflected(plain)
        elif language == "en" and plain.startswith("the "):
            forms.append(plain[4:])
        for form in forms:
            self._add(
                form, Reading(kind, entity=entity, languages=languages, surface=surface(form), written=form, row=place)
            )

    def _add(self, form: str, reading: Reading) -> None:
        self._pending.append((form, reading))

    def _add_nationalities(self) -> None:
        for row in own("nationalities.tsv"):
            country = self.countries.get(row["country"])
            if country is None:
                continue
            languages = frozenset({row["language"]})
            for form in row["forms"].split("|"):
                rule = "capital" if form[:1].isupper() else "any"
                self._add(form, Reading("nationality", row["kind"], country, languages, rule, form, row=row.place))

    def _add_seats(self) -> None:
        for row in own("metonyms.tsv"):
            country = self.countries[row["country"]]
            for form in row["forms"].split("|"):
                forms = [form, *self._russian.get(form, ())] if row["language"] == "ru" else [form]
                for one in forms:
                    self._add(
                        one,
                        Reading(
                            "seat", row["kind"], country, frozenset({row["language"]}), surface(one), one, row=row.place
                        ),
                    )
        for row in own("composed.tsv"):
            if row["country"] not in self.countries or row["language"] not in LANGUAGES:
                continue
            entity = self.composed(row["portfolio"], row["country"])
            assert entity is not None
            self.entities[entity.id] = entity
            for form in row["forms"].split("|"):
                forms = [form, *self._russian.get(form, ())] if row["language"] == "ru" else [form]
                for one in forms:
                    self._add(
                        one,
                        Reading(
                            "composed",
                            row["portfolio"],
                            entity,
                            frozenset({row["language"]}),
                            surface(one),
                            one,
                            row=row.place,
                        ),
                    )

    def _add_portfolios(self) -> None:
        for row in own("portfolios.tsv"):
            for form in row["forms"].split("|"):
                forms = (
                    [form, *self._russian.get(form, ())]
                    if row["language"] == "ru" and row["kind"] != "tail"
                    else [form]
                )
                exact = "exact" if surface(form) == "exact" else "any"
                for one in forms:
                    self._add(
                        one,
                        Reading(
                            row["kind"], row["portfolio"], None, frozenset({row["language"]}), exact, one, row=row.place
                        ),
                    )

    def _add_words(self) -> None:
        for name in ("roles.tsv", "speech.tsv", "forms.tsv", "blocked.tsv"):
            kind = {"roles.tsv": "role", "speech.tsv": "speech", "forms.tsv": "form", "blocked.tsv": "blocked"}[name]
            for row in own(name):
                languages = _EVERYWHERE if row["language"] == "*" else frozenset({row["language"]})
                for form in row["forms"].split("|"):
                    forms = [form, *self._russian.get(form, ())] if row["language"] == "ru" else [form]
                    exact = "capital" if kind == "blocked" and form[:1].isupper() else "any"
                    for one in forms:
                        self._add(one, Reading(kind, row["id"], None, languages, exact, one, row=row.place))

    def _add_given_names(self) -> None:
        for row in own("names.tsv"):
            languages = frozenset(row["languages"].split("|"))
            for name in row["names"].split(" "):
                form, _, lemma = name.partition("=")
                form = form.replace("_", " ")
                self._add(
                    form,
                    Reading(
                        row["kind"],
                        lemma.replace("_", " ") or form,
                        None,
                        languages,
                        "capital" if form[:1].isupper() else "any",
                        form,
                        row=row.place,
                    ),
                )

    # --- folding --------------------------------------------------------------------------------
    def _fold(self) -> dict[str, list[Reading]]:
        forms: dict[str, list[Reading]] = {}
        clitic: dict[str, list[Reading]] = {}
        for written, reading in self._pending:
            form = fold_text(written)
            if form in self._second and form in self._common and reading.kind in ("given", "weak"):
                put(forms, form, replace(reading, kind="weak"))
                continue
            if not form or (
                is_arabic(form)
                and form in self._common
                and reading.kind in _NAMES
                and not reading.rules
                and (reading.entity is None or reading.entity.type != "country")
            ):
                continue
            ruled = self._with_rules(form, reading)
            put(forms, form, ruled)
            if is_arabic(form) and reading.kind not in ("speech", "surname", "blocked"):
                least = 5 if ruled.kind == "city" else 4
                short = len(form) < least and (ruled.entity is None or ruled.entity.type != "country")
                for spelling, skip in with_clitics(form)[1:]:
                    if short or spelling in self._common or (ruled.kind == "city" and "ك" in spelling[:skip]):
                        continue
                    put(
                        clitic,
                        spelling,
                        Reading(
                            ruled.kind,
                            ruled.key,
                            ruled.entity,
                            ruled.languages,
                            ruled.surface,
                            written,
                            skip,
                            ruled.rules,
                            ruled.row,
                        ),
                    )
            elif is_arabic(form) and reading.kind == "speech":
                for before in ("و", "ف"):
                    put(
                        clitic,
                        before + form,
                        Reading(ruled.kind, ruled.key, None, ruled.languages, skip=1, row=ruled.row),
                    )
        for spelling, readings in clitic.items():
            if spelling not in forms:
                forms[spelling] = readings
        self._pending = []
        return forms

    def _with_rules(self, form: str, reading: Reading) -> Reading:
        if reading.kind in ("given", "surname", "blocked"):
            return reading
        rules: list[Rule] = []
        for language in (*reading.languages, "*") if len(reading.languages) == 1 else ("*",):
            found = self._rules.get((language, form), [])
            if language == "de" and reading.kind == "name" and form.endswith("s"):
                found = found + self._rules.get((language, form[:-1]), [])  # the genitive of an ambiguous name
            for actor, rule in found:
                if actor in ("*", reading.kind) or (reading.entity is not None and actor == reading.entity.id):
                    rules.append(rule)
        if not rules:
            return reading
        return Reading(
            reading.kind,
            reading.key,
            reading.entity,
            reading.languages,
            reading.surface,
            reading.written,
            reading.skip,
            tuple(rules),
            reading.row,
        )
