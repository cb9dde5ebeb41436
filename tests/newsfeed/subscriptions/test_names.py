"""What a name in a query can mean is what the gazetteer can give an article."""

from __future__ import annotations

import pytest

from newsfeed.actors import gazetteer
from newsfeed.subscriptions import names, parse


def test_every_table_of_the_gazetteer_but_cities_is_known_to_queries() -> None:
    given = {name.removesuffix(".tsv") for name in (*gazetteer.NAME_TABLES, *gazetteer.OWN_TABLES)}
    assert set(names._ACTOR_TABLES) == {name for name in given if "cities" not in name}


@pytest.mark.parametrize("name", ["Aristotle", "أرسطو", "Аристотель", "Aristóteles"])
def test_a_name_means_its_actor_in_every_language(name: str) -> None:
    assert "actor:wd:Q868" in names.actor_value(name, 1)


def test_ids_that_no_article_gets_are_told() -> None:
    query = parse("actor:(Q159 OR Q999999999 OR RU OR nf:own OR Nobody) AND topic:(medtop:20000639 OR medtop:99999999)")
    assert query.unknown_actors() == ["Q999999999"]
    assert query.unknown_topics() == ["medtop:99999999"]
