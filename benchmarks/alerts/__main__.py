"""Articles against stored queries: `python -m benchmarks.alerts [--sizes 1000,10000,100000] [--articles N] [--lucene-articles N]`.

Every row holds so many desk queries in one matcher and matches articles it has not seen; "with clauses" adds what an alert needs
to be explained. Times are CPU time, for one thread computes and other work on the machine does not count; the wall's are beside it. Memory is
the growth of the process. The plain loop evaluates every query and must find the same matches; Lucene Monitor gets the same queries and the
first of the same articles. The whole takes about five minutes, most of it Lucene's index.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.alerts import monitor
from benchmarks.alerts.feed import articles, queries, world
from benchmarks.table import show
from newsfeed.records import Enriched, Subscription
from newsfeed.subscriptions import Matcher, parse
from newsfeed.subscriptions.reading import Reading

SEED = 20_261_125


def anonymous_kb() -> int:
    """Resident anonymous memory of this process in KB (Linux)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1])
    return 0


@dataclass(slots=True)
class Measured:
    """A matcher of so many queries: a row of the table, its time and matches for every article."""

    queries: int
    build: float
    row: list[object]
    times: list[float]
    matches: list[set[str]]


def measure(subscriptions: list[Subscription], feed: list[Enriched]) -> Measured:
    """Build a matcher, match every article once."""
    gc.collect()
    before, start = anonymous_kb(), time.process_time()
    matcher = Matcher()
    for subscription in subscriptions:
        matcher.put(subscription)
    build = time.process_time() - start
    gc.collect()
    memory = (anonymous_kb() - before) / len(subscriptions)
    times: list[float] = []
    wall: list[float] = []
    explained: list[float] = []
    found: list[set[str]] = []
    for article in feed:
        start, begun = time.process_time(), time.perf_counter()
        matches = matcher.match(article)
        middle, ended = time.process_time(), time.perf_counter()
        for match in matches:
            _ = match.clauses
        explained.append(time.process_time() - start)
        times.append(middle - start)
        wall.append(ended - begun)
        found.append({match.subscription.id for match in matches})
    start = time.process_time()
    matcher.remove(subscriptions[0].id)
    matcher.put(subscriptions[0])
    change = time.process_time() - start
    row = [
        f"{len(subscriptions):,}", f"{build:.1f}", f"{memory:.1f}", f"{sum(map(len, found)) / len(feed):.1f}", _ms(times, 50), _ms(times, 99),
        _ms(wall, 50), _ms(explained, 50), _ms(explained, 99), f"{change * 1e6:.0f}",
    ]  # fmt: skip
    return Measured(len(subscriptions), build, row, times, found)


def _ms(times: list[float], percent: int) -> str:
    return f"{statistics.quantiles(times, n=100)[percent - 1] * 1e3:.2f}"


def same(subscriptions: list[Subscription], feed: list[Enriched]) -> list[object]:
    """The matcher held against a loop over all queries."""
    matcher, parsed = Matcher(), [(subscription.id, parse(subscription.query)) for subscription in subscriptions]
    for subscription in subscriptions:
        matcher.put(subscription)
    false = missed = 0
    times = []
    for article in feed:
        start = time.process_time()
        reading = Reading(article)
        plain = {id for id, query in parsed if query.holds(reading)}
        times.append(time.process_time() - start)
        found = {match.subscription.id for match in matcher.match(article)}
        false += len(found - plain)
        missed += len(plain - found)
    return [f"{len(subscriptions):,}", len(feed), _ms(times, 50), false, missed]


def beside(ours: Measured, subscriptions: list[Subscription], feed: list[Enriched]) -> list[list[object]]:
    """The matcher and Lucene Monitor (Multipass, 4 passes) on the same queries and articles, CPU time of one thread each."""
    theirs, found = monitor.run(subscriptions[: ours.queries], feed)
    times, matches = ours.times[: len(feed)], ours.matches[: len(feed)]
    p50, p99 = float(_ms(times, 50)), float(_ms(times, 99))
    pairs = list(zip(matches, found, strict=True))
    here, there = sum(len(a - b) for a, b in pairs), sum(len(b - a) for a, b in pairs)
    each = [f"{sum(map(len, side)) / len(feed):.1f}" for side in (matches, found)]
    size = [f"{ours.queries:,}", len(feed)]
    return [
        ["newsfeed", *size, f"{ours.build:.0f}", each[0], f"{p50:.2f}", f"{p99:.2f}", "1", here],
        ["Lucene Monitor 9.11.1", *size, f"{theirs['build']:.0f}", each[1], f"{theirs['p50']:.2f}", f"{theirs['p99']:.2f}",
         f"{theirs['p50'] / p50:.1f}", there],
    ]  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default="1000,10000,100000")
    options.add_argument("--articles", type=int, default=500)
    options.add_argument("--lucene-articles", type=int, default=100, help="how many of them Lucene Monitor gets")
    options.add_argument("--no-lucene", action="store_true", help="leave out the comparison with Lucene Monitor")
    chosen = options.parse_args()
    made = world(SEED)
    feed = articles(made, chosen.articles, SEED + 1)
    sizes = sorted(int(size) for size in chosen.sizes.split(","))
    asked = queries(made, sizes[-1], SEED + 2)
    measured = [measure(asked[:size], feed) for size in sizes]
    header = [
        "queries", "build s", "KB a query", "matches", "p50 ms", "p99 ms", "wall p50 ms", "with clauses p50", "with clauses p99", "change us",
    ]  # fmt: skip
    show("Matching one 3 KB article", header, [each.row for each in measured])
    show(
        "Held against a plain loop",
        ["queries", "articles", "loop p50 ms", "false", "missed"],
        [same(asked[:20_000], feed[:50])],
    )
    if chosen.no_lucene or not monitor.available():
        print("Lucene Monitor is left out: " + ("as asked" if chosen.no_lucene else "Maven and Java are not here"))
        return
    header = [
        "matcher",
        "queries",
        "articles",
        "build s",
        "matches",
        "p50 ms",
        "p99 ms",
        "times newsfeed",
        "matches only here",
    ]
    show("Beside Lucene Monitor", header, beside(measured[-1], asked, feed[: chosen.lucene_articles]))


if __name__ == "__main__":
    main()
