"""The process dies at every send, state write and acknowledgement, one after the other, and must end the same, byte for byte.

A failing case names its number: ``CRASH_POINT=137 pytest tests/chaos/test_crash_points.py`` runs it alone, ``CRASH_SEED=2`` takes
another order of events.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import accounts
import pytest
from crash_points import Answers, Life, Stopped, answers, beginning
from crash_script import OWN_TOPIC, script
from scripted_app import ScriptedApp
from scripted_log import Death, Durable, ScriptedLog
from structlog.testing import capture_logs

from agents import deduplicate, delivery
from agents.groups import Groups
from newsfeed.copies import pack_entries
from topics import cloudevents

SEED = int(os.environ.get("CRASH_SEED", "1"))
POINT = int(os.environ.get("CRASH_POINT", "0"))
TOLD = ("news.verdicts.v1", "news.alerts.v1")


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of lives say thousands of times that they are ready."""
    with capture_logs():
        yield


class Lives:
    """Lives of the process over one script, one after the other."""

    def __init__(self, patch: pytest.MonkeyPatch, folder: Path, seed: int = SEED) -> None:
        self._patch, self._folder, self._seed = patch, folder, seed
        self._script = script()

    async def undisturbed(self) -> ScriptedLog:
        return await self._live(beginning(), random.Random(f"undisturbed {self._seed}"))

    async def _live(self, durable: Durable, rng: random.Random) -> ScriptedLog:
        return await Life(durable, self._script, rng, self._folder).live(self._patch)

    async def wrong(self, death: Death, wanted: Answers) -> str | None:
        """What is wrong after a death, for every third also after another one in the life that follows; None where nothing is."""
        rng = random.Random(f"after {self._seed} {death.number}")
        try:
            next_life = await self._live(death.left(rng), rng)
            _same(next_life.durable, wanted)
            if next_life.deaths and death.number % 3 == 0:
                again = rng.choice(next_life.deaths)
                _same((await self._live(again.left(rng), rng)).durable, wanted)
        except (AssertionError, Stopped) as error:
            return f"point {death.number} ({death.kind}, {death.topic}): {error} {error.__cause__ or ''}"[:1_000]
        return None

    async def failures(self, deaths: Iterable[Death], wanted: Answers) -> list[str]:
        return [found for death in deaths if (found := await self.wrong(death, wanted)) is not None]


def _same(durable: Durable, wanted: Answers) -> None:
    found = answers(durable)
    lost, more = wanted.keys() - found.keys(), found.keys() - wanted.keys()
    assert not lost, f"lost: {sorted(map(str, lost))[:3]}"
    assert not more, f"too many: {sorted(map(str, more))[:3]}"
    changed = [id for id in wanted if found[id] != wanted[id]]
    assert not changed, f"changed: {found[changed[0]]} for {wanted[changed[0]]}"


@pytest.mark.timeout(900)  # half a minute of work; the machine may be busy
async def test_every_crash_point(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lives = Lives(monkeypatch, tmp_path)
    calm = await lives.undisturbed()
    assert {death.kind for death in calm.deaths} == {"send", "state write", "acknowledgement"}
    assert [death.number for death in calm.deaths] == list(range(1, len(calm.deaths) + 1))
    chosen = [death for death in calm.deaths if POINT in (0, death.number)]
    failed = await lives.failures(chosen, answers(calm.durable))
    assert not failed, f"{len(failed)} of {len(chosen)} crash points (seed {SEED}):\n" + "\n".join(failed[:10])


async def test_the_script_has_every_kind_of_verdict_and_alert(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    durable = (await Lives(monkeypatch, tmp_path).undisturbed()).durable
    values = {topic: [json.loads(record.value or b"") for record in durable.of(topic)] for topic in TOLD}
    assert {(each["kind"], each["method"]) for each in values["news.verdicts.v1"]} >= {
        ("original", "none"), ("original", "partial_copy"), ("duplicate", "same_message"), ("duplicate", "identical_text"),
        ("duplicate", "near_copy"), ("duplicate", "partial_copy"), ("update", "declared"), ("correction", "declared"),
        ("withdrawal", "declared"), ("embargo", "declared"),
    }  # fmt: skip
    assert any("held back" in note for each in values["news.verdicts.v1"] for note in each["notes"])
    alerts = values["news.alerts.v1"]
    assert {each["trigger"] for each in alerts} == {"original", "update", "correction", "withdrawal"}
    assert {each["subscription"] for each in alerts} == {"all", "waits", "paced", "own"}
    assert any(each["also"] for each in alerts), "nothing was told as one"
    reasons = {record.header("__connect.errors.exception.class.name") for record in durable.of("news.dead.v1")}
    assert reasons == {"not_json", "wrong_type", "unsupported_content_type"}
    enriched = durable.of("news.enriched.v1")
    assert {(record.key, record.value) for record in durable.of(OWN_TOPIC)} < {(r.key, r.value) for r in enriched}
    answered = [*durable.of("news.verdicts.v1"), *durable.of("news.dead.v1")]
    totals = accounts.check(durable.of("news.raw.v1"), answered, enriched)  # type: ignore[arg-type]
    assert totals["raw"] == 24
    assert totals["repeats"] == 0


async def test_the_same_seed_dies_at_the_same_points(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    one, two = [await Lives(monkeypatch, tmp_path).undisturbed() for _ in range(2)]
    assert one.deaths == two.deaths
    other = await Lives(monkeypatch, tmp_path, SEED + 1).undisturbed()
    assert [death.topic for death in one.deaths] != [death.topic for death in other.deaths]


# --- the harness itself: each of these mistakes must be found --------------------------------------------------------------


def acknowledged_before_it_arrived(patch: pytest.MonkeyPatch) -> None:
    """*tag* does not wait for what it sends: it arrives when *group* commits, which is the last to do so."""
    waiting: list[Any] = []
    deliver, commit = delivery._deliver, ScriptedApp.commit

    async def hasty(step: delivery.Step, events: list[delivery.Event], agent: str) -> None:
        if agent == "tag":
            waiting.extend(await step(events))
        else:
            await deliver(step, events, agent)

    def late(app: ScriptedApp) -> None:
        commit(app)
        while app.group == "group" and waiting:
            waiting.pop(0).arrive()

    patch.setattr(delivery, "_deliver", hasty)
    patch.setattr(ScriptedApp, "commit", late)


def an_id_by_chance(patch: pytest.MonkeyPatch) -> None:
    made = iter(range(1_000_000))
    patch.setattr(cloudevents, "cause", lambda raw: f"{raw.offset}-{next(made)}")


def a_window_without_its_entries(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(deduplicate, "pack_entries", lambda entries: pack_entries([]))


def forgotten_who_was_told(patch: pytest.MonkeyPatch) -> None:
    async def nobody(*_: Any) -> list[Any]:
        return []

    patch.setattr(Groups, "_told", nobody)


MISTAKES: dict[Callable[[pytest.MonkeyPatch], None], str] = {
    acknowledged_before_it_arrived: "lost",
    an_id_by_chance: "changed",
    a_window_without_its_entries: "otherwise",
    forgotten_who_was_told: "otherwise",
}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("mistake", MISTAKES)
async def test_a_mistake_is_found(
    mistake: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mistake(monkeypatch)
    lives = Lives(monkeypatch, tmp_path)
    calm = await lives.undisturbed()
    wanted = answers(calm.durable)
    for death in calm.deaths:
        if MISTAKES[mistake] in (await lives.wrong(death, wanted) or ""):
            return
    raise AssertionError("no crash point showed it")
