"""``python -m benchmarks.quality.actors [--test] [--errors N] [--natasha] [SET …]``: the table of actor scores."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from benchmarks.quality.actors import countries, load
from benchmarks.quality.actors.load import Event, Gold
from benchmarks.quality.actors.score import Score, country_recall, score, together
from newsfeed.actors import ActorTagger

SPANS: dict[str, dict[str, Callable[[], Iterator[Gold]]]] = {
    "factrueval": {"dev": lambda: load.factrueval("devset"), "test": lambda: load.factrueval("testset")},
    "wojood": {"dev": lambda: load.wojood(("train", "val")), "test": lambda: load.wojood(("train", "val", "test"))},
    "aqmar": {"dev": lambda: load.aqmar("dev"), "test": lambda: load.aqmar("test")},
}
EVENTS: dict[str, Callable[[], Iterator[Event]]] = {
    "assault (ar)": lambda: load.arabic_events("assault"),
    "protest (ar)": lambda: load.arabic_events("protest"),
    "petrarch (en)": lambda: load.petrarch("PETR2_GSR_validation.xml", "en"),
    "fight (es)": lambda: load.petrarch("spanish_fight_reduced_181227v2_validation.xml.gz", "es"),
    "1018 (es)": lambda: load.petrarch("spanish_validation_1018_noaccent.xml", "es"),
}


def line(name: str, kind: str, one: Score) -> str:
    return f"{name:<18} {kind:<8} {one.precision:6.3f} {one.recall:6.3f} {one.f1:6.3f} {one.predicted:7} {one.gold:6}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", help="factrueval, wojood, aqmar, events, countries (default all)")
    parser.add_argument("--test", action="store_true", help="the test parts (for the report only)")
    parser.add_argument("--errors", type=int, default=0, help="print this many wrong and missed spans a type")
    parser.add_argument("--natasha", action="store_true", help="with the Russian name model")
    options = parser.parse_args()
    tagger = ActorTagger(people="natasha" if options.natasha else None)
    part = "test" if options.test else "dev"
    print(f"{'data set':<18} {'type':<8} {'prec':>6} {'recall':>6} {'F1':>6} {'spans':>7} {'gold':>6}")
    for name, parts in SPANS.items():
        if options.sets and name not in options.sets:
            continue
        found = score(tagger, parts[part]())
        for kind, one in found.items():
            print(line(f"{name} {part}", kind, one))
        print(line(f"{name} {part}", "PER+ORG", together([found["PER"], found["ORG"]])))
        print(line(f"{name} {part}", "all", together(found.values())))
        for kind, one in found.items():
            for label, texts in (("wrong", one.wrong), ("missed", one.missed)):
                for text in texts[:: max(1, len(texts) // max(options.errors, 1))][: options.errors]:
                    print(f"   {label} {kind} {text}")
    if not options.sets or "events" in options.sets:
        total = Score()
        for name, events in EVENTS.items():
            one = country_recall(tagger, events())
            print(f"{name:<18} {'country':<8} {'':6} {one.recall:6.3f} {'':6} {'':7} {one.gold:6}")
            total.found += one.found
            total.gold += one.gold
            for text in one.missed[:: max(1, len(one.missed) // max(options.errors, 1))][: options.errors]:
                print(f"   missed {text}")
        print(f"{'all events':<18} {'country':<8} {'':6} {total.recall:6.3f} {'':6} {'':7} {total.gold:6}")
    if not options.sets or "countries" in options.sets:
        rows = [
            (f"countries ({x})", countries.score(tagger, countries.sentences(x, part))) for x in countries.LANGUAGES
        ]
        rows += [
            (f"{name} ({language})", countries.listed(tagger, SPANS[name][part]()))
            for name, language in (("factrueval", "ru"), ("wojood", "ar"), ("aqmar", "ar"))
        ]
        for name, one in rows:
            print(line(name, "country", one))
            for label, texts in (("wrong", one.wrong), ("missed", one.missed)):
                for text in texts[: options.errors]:
                    print(f"   {label} {text}")


if __name__ == "__main__":
    main()
