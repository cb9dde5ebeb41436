"""``python -m benchmarks.quality.gold [--half dev] [--errors]``: the taggers on the project's own gold set."""

from __future__ import annotations

import argparse
from itertools import combinations

from benchmarks.quality.gold.load import LANGUAGES, GoldArticle, Translated, articles, known_terms, translations
from benchmarks.quality.gold.score import Compared, Count, compare, jaccard, tops
from benchmarks.table import show
from newsfeed.actors import ActorTagger
from newsfeed.records import Actor
from newsfeed.subjects import SubjectTagger, SubjectTags
from newsfeed.subjects.terms import shipped_terms
from newsfeed.text.document import Document

FIELDS = ("actors", "countries", "codes", "low", "top")
Taggers = tuple[ActorTagger, SubjectTagger]
HEADER = ("language", "wanted", "precision", "recall", "F1", "F1 strict")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("dev", "test"), help="one half only")
    parser.add_argument(
        "--errors", action="store_true", help="print every wrong and missed answer (of the dev half unless --half test)"
    )
    options = parser.parse_args()
    terms = known_terms()
    taggers = ActorTagger(), SubjectTagger()
    gold = articles(terms)
    for half in (options.half,) if options.half else ("dev", "test"):
        shown = options.errors and half == (options.half or "dev")
        _half(half, [article for article in gold if article.half == half], taggers, errors=shown)
    if options.half != "test":
        _languages(translations(terms), taggers, errors=options.errors)


def _tag(document: Document, taggers: Taggers) -> tuple[list[Actor], SubjectTags]:
    actors = taggers[0].tag(document).actors
    return actors, taggers[1].tag(document, actors)


def _half(half: str, gold: list[GoldArticle], taggers: Taggers, *, errors: bool) -> None:
    sums = {name: {language: Count() for language in (*LANGUAGES, "all")} for name in (*FIELDS, "not news")}
    for article in gold:
        actors, subjects = _tag(article.document, taggers)
        compared = compare(article.answer, actors, subjects.topics)
        counts = {name: getattr(compared, name) for name in FIELDS}
        counts["not news"] = _not_news(article.answer.not_news, subjects.not_news)
        for name, count in counts.items():
            for language in (article.document.language or "", "all"):
                sums[name][language].add(count)
        if errors:
            _print_errors(article.name, compared, counts["not news"])
    titles = {
        "actors": "actors by id (target F1 .90)",
        "countries": "countries by id and role",
        "low": "topics, lower terms (target F1 .75)",
        "top": "topics, top terms (target F1 .88)",
        "not news": "not news (the kind must be right)",
    }
    for name, title in titles.items():
        show(f"Gold set, {half} half: {title}", HEADER, [_row(lang, count) for lang, count in sums[name].items()])
    codes = sums["codes"]["all"]
    print(f"Codes of the countries and institutions found: {codes.right} of {codes.right + len(codes.wrong)} right")
    if errors:
        print("\n".join(codes.wrong))


def _row(language: str, count: Count) -> tuple[object, ...]:
    wanted = count.right + len(count.missed)
    return language, wanted, *(f"{x:.3f}" for x in (count.precision, count.recall, count.f1, count.strict_f1))


def _not_news(wanted: str | None, said: str | None) -> Count:
    if wanted is not None and wanted == said:
        return Count(right=1)
    return Count(wrong=[said] if said else [], missed=[wanted] if wanted else [])


def _languages(gold: list[Translated], taggers: Taggers, *, errors: bool) -> None:
    """Mean Jaccard over the fifteen pairs of languages of each text, and each language against the gold answer."""
    rows: list[tuple[object, ...]] = []
    means: list[tuple[float, float]] = []
    per_language = {language: (Count(), Count()) for language in LANGUAGES}
    for text in gold:
        ids: dict[str, set[str]] = {}
        top: dict[str, set[str]] = {}
        for language, document in text.documents.items():
            actors, subjects = _tag(document, taggers)
            ids[language], top[language] = {actor.id for actor in actors}, tops(subjects.topics)
            compared = compare(text.answer, actors, subjects.topics)
            per_language[language][0].add(compared.actors)
            per_language[language][1].add(compared.top)
            if errors:
                _print_errors(f"{text.name} ({language})", compared, Count())
        pairs = list(combinations(LANGUAGES, 2))
        both = tuple(sum(jaccard(found[a], found[b]) for a, b in pairs) / len(pairs) for found in (ids, top))
        means.append((both[0], both[1]))
        rows.append((text.name, f"{both[0]:.3f}", f"{both[1]:.3f}"))
    rows.append(("all", *(f"{sum(mean[i] for mean in means) / len(means):.3f}" for i in (0, 1))))
    show("Translations: Jaccard between languages (targets .90 and .85)", ("text", "actor ids", "top topics"), rows)
    held = [(language, f"{counts[0].f1:.3f}", f"{counts[1].f1:.3f}") for language, counts in per_language.items()]
    show("Translations: F1 against the gold answer", ("language", "actors", "top topics"), held)


def _print_errors(name: str, compared: Compared, not_news: Count) -> None:
    names = {term.id: term.name for term in shipped_terms()}
    for field in FIELDS:
        count: Count = getattr(compared, field)
        if count.wrong or count.missed:
            missed = [f"{one} {names.get(one, '')}".strip() for one in count.missed]
            print(f"{name} {field}: wrong {count.wrong}, missed {missed}")
    if not_news.wrong or not_news.missed:
        print(f"{name} not news: said {not_news.wrong}, wanted {not_news.missed}")


if __name__ == "__main__":
    main()
