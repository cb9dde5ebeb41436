"""English labels of Arabic bodies that no table has, and of names in general."""

from __future__ import annotations

import pytest

from newsfeed.actors import ActorTagger
from newsfeed.actors.table import own
from newsfeed.text import Document, fold_text


@pytest.fixture(scope="module")
def tagger() -> ActorTagger:
    return ActorTagger()


@pytest.mark.parametrize(
    ("text", "id", "label"),
    [
        ("قالت الجمعية الطبية اللبنانية إن الزلزال ضرب كرمان.", "nf:org-aljmaya-altbia-allbnania", "Lebanese Medical Association"),
        ("ضرب الزلزال البلدة، وأكدت هيئة الكوارث والطوارئ التركية ذلك.", "nf:org-hiia-alkuarth-waltuari-altrkia", "Turkish Disasters and Emergencies Authority"),
        ("درس الطلبة في جامعة طهران.", "nf:org-jamaa-thran", "University of Tehran"),
        ("قالت الهيئة العليا المستقلة للانتخابات إن النتائج جاهزة.", "nf:org-alhiia-alalia-almstqla-llantkhabat", "Supreme Independent Elections Authority"),
        ("نظرت المحكمة الابتدائية بتونس في القضية.", "nf:org-almhkma-alabtdaiia-btuns", "First Instance Court of Tunisia"),
        ("نقل الجرحى إلى مستشفى فرحات حشاد.", "nf:org-mstshfa-frhat-hshad", "Frhat Hshad Hospital"),
    ],
)  # fmt: skip
def test_what_its_words_mean(tagger: ActorTagger, text: str, id: str, label: str) -> None:
    assert (id, label) in {(actor.id, actor.name) for actor in tagger.tag(Document("", text, "ar")).actors}


def test_the_article_of_a_name_has_a_hyphen(tagger: ActorTagger) -> None:
    (actor,) = tagger.tag(Document("", "وقال وزير الداخلية سعيد القحطاني إن الفرق وصلت.", "ar")).actors
    assert (actor.id, actor.name) == ("nf:person-said-alqhtani", "Said al-Qhtani")


def test_the_table_says_each_word_once() -> None:
    rows = own("labels_ar.tsv")
    assert {row["kind"] for row in rows} == {"of", "head", "adjective", "noun"}
    assert all(row["source"] and row["english"] for row in rows)
    said = [(row["kind"], fold_text(row["arabic"])) for row in rows]
    assert sorted(said) == sorted(set(said))
