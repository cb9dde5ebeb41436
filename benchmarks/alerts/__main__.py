"""Articles against stored queries: `python -m benchmarks.alerts [--sizes 1000,10000,100000] [--articles N]`.

Every row holds so many desk queries in one matcher and matches articles it has not seen; "with clauses" adds what an alert needs
to be explained. Times are CPU time: one thread computes, and other work on the machine does not count. Memory is the growth of the process; the plain loop evaluates every query and must find the same matches.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
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


def measure(subscriptions: list[Subscription], feed: list[Enriched]) -> list[object]:
    """One row of the table."""
    gc.collect()
    before, start = anonymous_kb(), time.process_time()
    matcher = Matcher()
    for subscription in subscriptions:
        matcher.put(subscription)
    build = time.process_time() - start
    gc.collect()
    memory = (anonymous_kb() - before) / len(subscriptions)
    times, explained, found = [], [], 0
    for article in feed:
        start = time.process_time()
        matches = matcher.match(article)
        middle = time.process_time()
        for match in matches:
            _ = match.clauses
        times.append(middle - start)
        explained.append(time.process_time() - start)
        found += len(matches)
    start = time.process_time()
    matcher.remove(subscriptions[0].id)
    matcher.put(subscriptions[0])
    change = time.process_time() - start
    return [
        f"{len(subscriptions):,}", f"{build:.1f}", f"{memory:.1f}", f"{found / len(feed):.1f}", _ms(times, 50), _ms(times, 99), _ms(explained, 50),
        _ms(explained, 99), f"{change * 1e6:.0f}",
    ]  # fmt: skip


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


def beside(subscriptions: list[Subscription], feed: list[Enriched]) -> list[list[object]]:
    """The matcher and Lucene Monitor (Multipass, 4 passes) on the same queries and articles, one thread each."""
    matcher = Matcher()
    for subscription in subscriptions:
        matcher.put(subscription)
    times, found = [], []
    for article in feed:
        start = time.process_time()
        matches = matcher.match(article)
        times.append(time.process_time() - start)
        found.append({match.subscription.id for match in matches})
    figures, theirs = monitor.run(subscriptions, feed)
    here, there = (
        sum(len(a - b) for a, b in zip(found, theirs, strict=True)),
        sum(len(b - a) for a, b in zip(found, theirs, strict=True)),
    )
    return [
        ["newsfeed", f"{len(subscriptions):,}", _ms(times, 50), _ms(times, 99), here],
        ["Lucene Monitor 9.11.1", f"{len(subscriptions):,}", f"{figures['p50']:.2f}", f"{figures['p99']:.2f}", there],
    ]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default="1000,10000,100000")
    options.add_argument("--articles", type=int, default=500)
    options.add_argument("--no-lucene", action="store_true", help="leave out the comparison with Lucene Monitor")
    chosen = options.parse_args()
    made = world(SEED)
    feed = articles(made, chosen.articles, SEED + 1)
    sizes = [int(size) for size in chosen.sizes.split(",")]
    asked = queries(made, max(sizes), SEED + 2)
    header = [
        "queries",
        "build s",
        "KB a query",
        "matches",
        "p50 ms",
        "p99 ms",
        "with clauses p50",
        "p99 ms ",
        "change us",
    ]
    show("Matching one 3 KB article", header, [measure(asked[:size], feed) for size in sizes])
    show(
        "Held against a plain loop",
        ["queries", "articles", "loop p50 ms", "false", "missed"],
        [same(asked[: min(sizes[-1], 20_000)], feed[:50])],
    )
    if chosen.no_lucene or not monitor.available():
        print("Lucene Monitor is left out: " + ("as asked" if chosen.no_lucene else "Maven and Java are not here"))
        return
    show("Beside Lucene Monitor", ["matcher", "queries", "p50 ms", "p99 ms", "matches only here"], beside(asked, feed))


if __name__ == "__main__":
    main()
