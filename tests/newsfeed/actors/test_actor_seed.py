"""The seed article, read in place: the actors it must give and the one it must not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newsfeed.actors import ActorTagger
from newsfeed.text import Document

SEED = (
    Path(os.environ.get("NEWSFEED_SHARED", Path(__file__).resolve().parents[4] / "shared")) / "seed" / "article_ar.txt"
)


@pytest.mark.shared
def test_seed_article() -> None:
    if not SEED.is_file():
        pytest.skip(f"no seed article at {SEED}")
    lines = SEED.read_text(encoding="utf-8").splitlines()
    document = Document(lines[1], "\n".join(lines[4:]), "ar", "2026-02-09")
    tags = ActorTagger().tag(document)
    actors = {actor.id: actor for actor in tags.actors}
    assert {actor.country for actor in tags.actors if actor.type == "country"} == {"RU", "US", "GB", "CA"}
    assert "لندن" in [mention.text for mention in actors["wd:Q145"].mentions]
    assert any(mention.text.startswith("أمريكا") for mention in actors["wd:Q30"].mentions)
    for portfolio, code in (("nf:foreign-ru", "RUSGOV"), ("nf:foreign-us", "USAGOV")):
        assert actors[portfolio].type == "organisation"
        assert (actors[portfolio].code or "").startswith(code)
        assert any(mention.text.startswith("وزارتي الخارجية") for mention in actors[portfolio].mentions)
    person = actors["nf:person-alexander-gusarov"]
    assert (person.type, person.organisation, person.count) == ("person", "nf:foreign-ru", 2)
    assert "رئيس إدارة" in (person.role or "")
    assert "wd:Q7184" not in actors, "NATO: the text names a department for North Atlantic affairs"
    assert ("with", "nf:foreign-ru", "nf:foreign-us") in {(r.type, r.who, r.whom) for r in tags.relations}
    assert "said" in {relation.type for relation in tags.relations if relation.who == person.id}
