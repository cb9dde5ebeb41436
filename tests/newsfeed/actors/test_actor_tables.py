"""The tables: ours have the right form, a desk's own are read strictly and say what is wrong and where."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newsfeed import data
from newsfeed.actors import ActorDataError, ActorTagger
from newsfeed.actors.entry import LANGUAGES
from newsfeed.actors.gazetteer import NAME_TABLES, OWN_TABLES
from newsfeed.actors.grammar import CLASSES
from newsfeed.actors.table import own, read
from newsfeed.text import Document

GOOD = "id\ttype\tcountry\tcode\tname_en\tname_ru\talias_en\tsource\nnf:nordwind\torganisation\tDE\tDEUBUS\tNordwind Energy\tНордвинд\tNordwind\town\n"


@pytest.mark.parametrize("name", [*NAME_TABLES, *OWN_TABLES])
def test_tables_have_the_form_a_desk_must_keep(name: str, tmp_path: Path) -> None:
    copy = tmp_path / name
    copy.write_text(data.text(f"actors/{name}"), encoding="utf-8")
    rows = read(copy)
    assert rows or name.startswith("own_")
    for row in rows:
        assert row["source"], row.place
    ids = [row["id"] for row in rows]
    assert len(ids) == len(set(ids)) or name == "cities.tsv"


@pytest.mark.parametrize(
    "name",
    ["blocked.tsv", "composed.tsv", "contexts.tsv", "demonyms.tsv", "forms.tsv", "forms_ru.tsv", "grammar.tsv", "metonyms.tsv", "names.tsv",
     "nationalities.tsv", "own_names.tsv", "portfolio_codes.tsv", "portfolios.tsv", "roles.tsv", "speech.tsv", "spellings.tsv"],
)  # fmt: skip
def test_rule_tables_have_a_source(name: str) -> None:
    rows = own(name)
    assert rows
    assert all(row["source"] for row in rows)


def test_every_class_of_small_words_is_read_and_told() -> None:
    """No row is there for nothing, no class without a row, and the head of the table says what each is."""
    found = {row["class"] for row in own("grammar.tsv")}
    assert found == set(CLASSES)
    head = " ".join(line for line in data.text("actors/grammar.tsv").splitlines() if line.startswith("#"))
    assert [name for name in found if not re.search(rf"\b{name}\b", head)] == []
    for row in own("grammar.tsv"):
        assert row["language"] in LANGUAGES, row.place
        assert all(any(char.isalnum() or char == "&" for char in word) for word in row["words"].split("|")), row.place


def test_no_table_names_a_share_alike_source() -> None:
    for name in [*NAME_TABLES, *OWN_TABLES]:
        assert "supraverden" not in data.text(f"actors/{name}")


def test_portfolios_and_codes_agree() -> None:
    known = {row["portfolio"] for row in own("portfolio_codes.tsv")}
    assert {row["portfolio"] for row in own("portfolios.tsv")} - {"-"} <= known
    assert {row["portfolio"] for row in own("composed.tsv")} <= known
    assert all(re.fullmatch("[A-Z]{3,9}", row["code"]) for row in own("portfolio_codes.tsv"))


def test_an_own_file_adds_and_explains(tmp_path: Path) -> None:
    path = tmp_path / "desk.tsv"
    path.write_text("# our names\n" + GOOD, encoding="utf-8")
    tagger = ActorTagger([path])
    document = Document("", "Nordwind Energy said profits rose. Nordwind will hire.", "en")
    actor = next(a for a in tagger.tag(document).actors if a.id == "nf:nordwind")
    assert (actor.type, actor.country, actor.code, actor.count) == ("organisation", "DE", "DEUBUS", 2)
    assert {e.row for e in tagger.explain(document) if e.id == "nf:nordwind"} == {"desk.tsv:3"}


@pytest.mark.parametrize(
    ("text", "row", "column"),
    [
        ("", None, None),
        ("id\tname_en\nnf:a\tAb\n", 1, "type"),
        ("id\ttype\tcolour\nnf:a\tcity\tred\n", 1, "colour"),
        ("id\ttype\tid\n", 1, "id"),
        ("id\ttype\tname_en\nnf:a\torganisation\n", 2, None),
        ("id\ttype\tname_en\nQ5\torganisation\tAb\n", 2, "id"),
        ("id\ttype\tname_en\nnf:A b\torganisation\tAb\n", 2, "id"),
        ("id\ttype\tname_en\nnf:a\tplanet\tAb\n", 2, "type"),
        ("id\ttype\tname_en\tcountry\nnf:a\tcity\tAb\tDEU\n", 2, "country"),
        ("id\ttype\tname_en\tcode\nnf:a\tcity\tAb\tdeu\n", 2, "code"),
        ("id\ttype\tname_en\tfrom\nnf:a\tcity\tAb\t2024-13-01\n", 2, "from"),
        ("id\ttype\tname_en\tfrom\tto\nnf:a\tperson\tAb Cd\t2025\t2020-06\n", 2, "to"),
        ("id\ttype\tname_en\nnf:a\tcity\t\n", 2, None),
        ("id\ttype\tname_en\nnf:a\tcity\t---\n", 2, "name_en"),
        ("id\ttype\tname_en\nnf:a\tcity\tX\n", 2, "name_en"),
        ("id\ttype\tname_en\nnf:a\tcity\ta\x00b\n", 2, "name_en"),
        ("id\ttype\tname_en\nnf:a\tcity\t" + "ab" * 3000 + "\n", 2, "name_en"),
        ("id\ttype\tname_en\nnf:a\tcity\t" + "ab " * 41 + "\n", 2, "name_en"),
    ],
)
def test_a_bad_own_file_is_refused(tmp_path: Path, text: str, row: int | None, column: str | None) -> None:
    path = tmp_path / "bad.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ActorDataError) as caught:
        ActorTagger([path])
    assert (caught.value.row, caught.value.column) == (row, column)
    assert "bad.tsv" in str(caught.value)


def test_files_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "binary.tsv").write_bytes(b"\xff\xfe\x00id")
    for path in (tmp_path / "binary.tsv", tmp_path, tmp_path / "absent.tsv"):
        with pytest.raises(ActorDataError):
            read(path)


def test_an_unknown_name_model_is_refused() -> None:
    with pytest.raises(ValueError, match="no name model"):
        ActorTagger(people="oracle")


def test_the_name_model_finds_what_rules_miss() -> None:
    pytest.importorskip("natasha")
    document = Document("", "Накануне Гюллинор Бекхаузен уехал в Тарту.", "ru")
    found = [actor.id for actor in ActorTagger(people="natasha").tag(document).actors if actor.type == "person"]
    assert len(found) == 1


def test_every_context_rule_is_known() -> None:
    kinds = {
        "never",
        "after",
        "before",
        "not_after",
        "not_before",
        "near",
        "anywhere",
        "not_anywhere",
        "raw",
        "not_raw",
        "middle",
        "exact",
        "bracket",
        "hyphen",
    }
    assert {row["rule"] for row in own("contexts.tsv")} <= kinds
