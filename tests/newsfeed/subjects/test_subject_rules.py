"""Rule files: what is refused and where, a desk's own topics, comparison, and the form of the shipped data."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsfeed.data import rows
from newsfeed.subjects import RuleError, SubjectTagger
from newsfeed.subjects.pattern import parse_pattern
from newsfeed.subjects.rules import shipped_rules
from newsfeed.subjects.stems import LANGUAGES, forms, keys
from newsfeed.subjects.terms import shipped_terms
from newsfeed.text import Document

HEADER = "topics\tweight\tterms\n"
BAD = [
    ("a.tsv", HEADER + "nonsense\t2\tword\n", 2, 1, "unknown topic 'nonsense'"),
    ("a.tsv", HEADER + "sport\theavy\tword\n", 2, 7, "not a number"),
    ("a.tsv", HEADER + "sport\t99\tword\n", 2, 7, "weight must be"),
    ("a.tsv", HEADER + "# c\n\nsport\t2\tword, !!, other\n", 4, 15, "no letter or digit"),
    ("a.tsv", HEADER + "sport\t2\ta ~99 b\n", 2, 9, "must be from 1 to 20"),
    ("a.tsv", HEADER + "sport\t2\ta*\n", 2, 9, "at least 2 letters"),
    ("a.tsv", HEADER + "sport\t2\t\n", 2, 9, "no terms"),
    ("a.tsv", HEADER + "sport\t2\tword\tmore\n", 2, 14, "4 cells where the header has 3"),
    ("a.tsv", "topic\tterms\nsport\tword\n", 1, 1, "unknown column 'topic'"),
    ("a.tsv", "weight\tterms\n", 1, None, "no column 'topics'"),
    ("a.tsv", "topics\tactors\tterms\nsport\tmood:bad\tword\n", 2, 7, "unknown condition"),
    ("a.tsv", "topics\tlanguage\tterms\nsport\txx\tword\n", 2, 7, "unknown language 'xx'"),
    ("a.tsv", "topics\tname\tterms\nmedtop:1\tMine\tword\n", 2, 1, "nf:name"),
    ("a.tsv", "topics\tname\tterms\nnf:Ferries\tMine\tword\n", 2, 1, "lower-case"),
    ("a.tsv", "topics\tname\tbroader\tterms\nnf:x\tMine\tnowhere\tword\n", 2, 11, "unknown broader topic"),
    ("a.tsv", HEADER + "not:fun\t2\tword\n", 2, 1, "unknown kind"),
    ("a.tsv", HEADER + "form:song\t2\tword\n", 2, 1, "unknown form"),
    ("a.yaml", "- topics: sport\n  terms: [word, '~~']\n", 2, 17, "~ in '~~'"),
    ("a.yaml", "- topics: sport\n  colour: red\n  terms: [word]\n", 2, 3, "unknown key 'colour'"),
    ("a.yaml", "topics: sport\n", 1, 1, "a list of rules is wanted"),
    ("a.yaml", "- topics: [sport\n", 2, 1, "not YAML"),
    ("a.yaml", "- sport\n", 1, 3, "a rule is a mapping"),
    ("a.yaml", "- terms: [word]\n", 1, 3, "no topics"),
]


@pytest.mark.parametrize(("name", "content", "line", "column", "reason"), BAD)
def test_bad_file_is_refused_with_its_place(
    tmp_path: Path, name: str, content: str, line: int, column: int | None, reason: str
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        SubjectTagger([path])
    assert (caught.value.line, caught.value.column) == (line, column)
    assert reason in caught.value.reason
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.yaml", "", "no rules"), ("a.yaml", "# nothing\n", "no rules"), ("a.yaml", "[" * 5_000, "brackets within brackets"),
        ("a.tsv", "", "no header row"), ("a.tsv", "# nothing\n", "no header row"),
    ],
)  # fmt: skip
def test_a_file_without_rules_or_without_end_is_refused(tmp_path: Path, name: str, content: str, reason: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RuleError, match=reason):
        SubjectTagger([path])


def test_missing_and_undecodable_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="cannot be read"):
        SubjectTagger([tmp_path / "none.tsv"])
    path = tmp_path / "latin.tsv"
    path.write_bytes(HEADER.encode() + b"sport\t2\t\xe9quipe\n")
    with pytest.raises(RuleError, match="line 2: not UTF-8"):
        SubjectTagger([path])


TSV = (
    "topics\tname\tbroader\tlanguage\tweight\tterms\tunless\n"
    "nf:hydrogen\thydrogen economy\trenewable_energy\ten,de\t5\tgreen hydrogen, electrolyser*, hydrogen ~4 pipeline\tbomb\n"
)
YAML = """
- topics: nf:hydrogen
  name: hydrogen economy
  broader: renewable_energy
  language: [en, de]
  weight: 5
  terms: [green hydrogen, electrolyser*, hydrogen ~4 pipeline]
  unless: [bomb]
"""


@pytest.mark.parametrize(("name", "content"), [("desk.tsv", TSV), ("desk.yaml", YAML)])
def test_a_desk_adds_its_own_topic(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    tagger = SubjectTagger([path])
    document = Document(
        title="Port builds green hydrogen plant", body="Two electrolysers feed a pipeline for hydrogen.", language="en"
    )
    own = next(topic for topic in tagger.tag(document, []).topics if topic.id == "nf:hydrogen")
    assert own.name == "hydrogen economy"
    assert own.path[0] == "medtop:04000000"
    assert own.path[-1] == "medtop:20000257"
    assert "green hydrogen" in {span.text for span in own.evidence}
    silenced = Document(title=document.title, body=document.body + " No bomb was found.", language="en")
    assert "nf:hydrogen" not in {topic.id for topic in tagger.tag(silenced, []).topics}
    assert "nf:hydrogen" not in {topic.id for topic in SubjectTagger().tag(document, []).topics}


def test_patterns_read_as_written() -> None:
    assert [part.kind for part in parse_pattern("=Riyadh talk* *krise *mid*").parts] == [
        "exact",
        "prefix",
        "suffix",
        "inside",
    ]
    assert parse_pattern("covid-19^3").weight == 3
    assert [part.text for part in parse_pattern("covid-19").parts] == ["covid", "19"]
    assert parse_pattern("talks ~5 sanctions").near == 5
    assert parse_pattern("# rules").parts[0].kind == "number"


@pytest.mark.parametrize(
    ("language", "pattern", "word", "same"),
    [
        ("ar", "رياضه", "والرياضه", True), ("ar", "رياضه", "الرياض", False), ("ar", "وزير", "وزيرها", True), ("ar", "الرسم", "رسمي", False),
        ("ar", "لاعب", "للاعبين", True), ("en", "import", "important", False), ("en", "party", "parties", True), ("en", "pledge", "pledging", True),
        ("ru", "заем", "за", False), ("ru", "выборы", "выборами", True), ("fr", "danse", "dans", False), ("fr", "national", "nationaux", True),
        ("es", "jugador", "jugadoras", True), ("de", "anklage", "anklagen", True),
    ],
)  # fmt: skip
def test_forms_of_a_word(language: str, pattern: str, word: str, same: bool) -> None:
    assert bool(set(forms(pattern, language)) & set(keys(word, language))) is same


def test_topics_file() -> None:
    table = rows("subjects/topics.tsv")
    known = {row["id"] for row in table}
    assert len({row["key"] for row in table}) == len(known) == len(table)
    assert sum(not row["path"] and row["id"].startswith("medtop:") for row in table) == 17
    assert sum(bool(row["path"]) for row in table) >= 120
    for row in table:
        assert row["name"]
        assert row["source"]
        assert row["id"].startswith(("medtop:", "nf:"))
        if not row["path"]:
            assert all(row[language] for language in ("ar", "fr", "es", "de", "ru"))
        else:
            assert row["path"].split()[0] in known
    assert all(row["id"] in known and row["retired"] not in known for row in rows("subjects/retired.tsv"))
    term = shipped_terms().find("medtop:20000064")  # retired: IPTC recommends war crime
    assert term is not None
    assert term.name == "war crime"


def test_every_topic_can_be_told_in_every_language() -> None:
    tops = {term.id for term in shipped_terms() if not term.path and term.id.startswith("medtop:")}
    spoken: dict[str, set[str]] = {language: set() for language in LANGUAGES}
    for rule in shipped_rules():
        for language in rule.languages:
            spoken[language].update(rule.topics)
    for language in LANGUAGES:
        assert tops <= {term.top for code in spoken[language] if (term := shipped_terms().find(code))}
        assert len(spoken[language]) > 150, language
    assert all(rule.file and rule.line and rule.source for rule in shipped_rules())
