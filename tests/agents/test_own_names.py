"""A desk's own names mean the same in a query that is tried and in one that is matched."""

from __future__ import annotations

from pathlib import Path

from agents.own_names import own_names
from agents.settings import load
from newsfeed.subscriptions import parse
from newsfeed.subscriptions.clauses import Tag


def test_a_name_in_one_language_finds_what_another_names(tmp_path: Path) -> None:
    file = tmp_path / "names.tsv"
    file.write_text(
        "id\ttype\tname_en\tname_ar\nnf:wexmoor-board\torganisation\tWexmoor Marsh Board\tهيئة مستنقعات وكسمور\n",
        encoding="utf-8",
    )
    resolve = own_names(load(actor_files=[file]))
    clause = parse('actor:"هيئة مستنقعات وكسمور"', resolve).root
    assert isinstance(clause, Tag)
    assert "actor:nf:wexmoor-board" in clause.keys
    without = parse('actor:"هيئة مستنقعات وكسمور"', own_names(load())).root
    assert isinstance(without, Tag)
    assert "actor:nf:wexmoor-board" not in without.keys
