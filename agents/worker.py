"""The worker: runs the agents of one process, stops cleanly on SIGTERM, ends with a reason when it cannot go on."""

from __future__ import annotations

import asyncio
import gc
import importlib
import os
import signal
import tempfile
import time
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from aiohttp import web
from aiokafka.errors import KafkaError
from prometheus_client import REGISTRY

from agents import clients, health, logs, metrics
from agents.app import App, create_app
from agents.delivery import EXIT_FAIL_STOP, fail_stop
from agents.events import Events
from agents.lag import Lag
from agents.settings import Settings, SettingsError
from newsfeed.copies import STATE_VERSION
from topics import creation
from topics.catalogue import TOPICS

log = logs.get("worker")

AGENTS = ("clean", "deduplicate", "tag", "match", "group", "deliver")
EXIT_UNREACHABLE, EXIT_TOPICS = 3, 4
STOP_SECONDS = 8.0  # supervisors are promised 10
CHECK_SECONDS = 0.2
LOOK_SECONDS = 1.0
TOPICS_SECONDS = 15.0
UNREACHABLE = (clients.Unreachable, KafkaError, OSError)  # a broker may also go away while the first answers come


class Worker:
    """The apps of the chosen agents in one event loop."""

    def __init__(self, settings: Settings, only: tuple[str, ...] = AGENTS) -> None:
        self._settings = settings
        self._apps: dict[str, App] = {}
        self._only = only
        self._lag = Lag()

    def _create(self) -> None:
        for name in self._only:
            app = create_app(name, self._settings)
            importlib.import_module(f"agents.{name}").attach(app, self._settings)
            self._apps[name] = app

    def report(self) -> tuple[bool, bool, dict[str, object]]:
        """Whether work moves; whether every agent has its assignment, is not in a rebalance and hears of the broker; the details."""
        behind: dict[str, int] = {}
        for (name, _, _), records in self._lag.messages().items():
            behind[name] = behind.get(name, 0) + records
        agents = {}
        for name, app in self._apps.items():
            assigned = app._assignment  # None until the group's first answer; a test guards the name
            agents[name] = {
                "started": app.started,
                "rebalancing": app.rebalancing,
                "assigned": assigned is not None,
                "partitions": sorted(place.partition for place in assigned or ()),
                "lag": behind.get(name, 0),
            }
        stalled, silent = self._lag.stalled()[0], self._lag.silent()
        details = {"agents": agents, "stalled_seconds": round(stalled, 1), "broker_silent_seconds": round(silent, 1)}
        ready = self._assigned() and silent < self._settings.session_timeout
        return stalled < self._settings.stall_seconds, ready, details

    def _assigned(self) -> bool:
        """Whether every agent knows its partitions and none is in a rebalance."""
        apps = self._apps.values()
        return bool(apps) and all(app.started and app._assignment is not None and not app.rebalancing for app in apps)

    async def _prepare(self) -> int:
        async with clients.admin(self._settings) as admin:
            if self._settings.create_topics:
                created = await creation.create(admin, self._settings.sizing)
                if created:
                    log.info("topics created", topics=created)
            fatal = [finding for finding in await creation.check(admin, self._settings.sizing) if finding.fatal]
        for finding in fatal:
            log.error("topic is not as it must be", topic=finding.topic, what=finding.what)
        return EXIT_TOPICS if fatal else 0

    async def run(self) -> int:
        """Run until SIGTERM or SIGINT; returns the exit code.

        Raises:
            SettingsError: the data folder or the address of the pages cannot be used.
        """
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        try:
            code = await self._prepare()
        except creation.TopicError as error:
            log.error("cannot start", reason=str(error))
            return EXIT_TOPICS
        except UNREACHABLE as error:
            return _cannot_start(error)
        if code:
            return code
        _make(self._settings.data_dir)
        gc.disable()  # names and rules stay: going through their 900,000 objects again and again would double the time to load them
        self._create()
        gc.freeze()  # and would stop everything for 0.3 s at times later
        gc.enable()
        REGISTRY.register(self._lag)
        metrics.BUILD.labels(version("newsfeed"), STATE_VERSION).set(1)
        events = Events(self._settings)
        pages, address = await self._serve(events)
        log.info(
            "worker starts",
            agents=list(self._only),
            brokers=self._settings.bootstrap_servers,
            health=address,
            pid=os.getpid(),
            state_version=STATE_VERSION,
        )
        for app in self._apps.values():
            app.finalize()
        starting: asyncio.Future[Any] = asyncio.gather(*(app.start() for app in self._apps.values()))
        asked: asyncio.Future[Any] = asyncio.ensure_future(stop.wait())
        limit = self._settings.stall_seconds
        begun, _ = await asyncio.wait([starting, asked], timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        code = _outcome(starting) if begun else _cannot_start(TimeoutError(f"no answer for {limit:g} s"))
        if not code:
            code = await self._watch(stop)
        with suppress(TimeoutError):
            await asyncio.wait_for(events.close(), 1)
        await self._stop()
        REGISTRY.unregister(self._lag)
        with suppress(TimeoutError):
            await asyncio.wait_for(pages.cleanup(), 1)
        log.info("worker stopped", exit_code=code)
        return code

    async def _serve(self, events: Events) -> tuple[web.AppRunner, str]:
        """The pages and their address."""
        try:
            return await health.serve(self._settings.web_bind, self._settings.web_port, self.report, events.routes())
        except OSError as error:
            raise SettingsError(f"NEWSFEED_WEB_BIND, NEWSFEED_WEB_PORT: {error.strerror or error}") from None

    async def _watch(self, stop: asyncio.Event) -> int:
        told, look, loop = False, 0.0, asyncio.get_running_loop()
        assigned = loop.time()
        gone = asyncio.ensure_future(self._gone())
        while not stop.is_set():
            for name, app in self._apps.items():
                if app.crashed or app.should_stop:
                    log.error("agent ended", agent=name, reason=repr(app.crash_reason))
                    return EXIT_FAIL_STOP
            if not told and self.report()[1]:
                log.info("worker ready")
                told = True
            if loop.time() >= look:
                look = loop.time() + LOOK_SECONDS
                self._lag.look(self._apps)
                assigned = loop.time() if self._assigned() else assigned
                code = self._stuck(loop.time() - assigned)
                if code:
                    return code
            if gone.done():
                log.error("topic is not as it must be", topic=gone.result(), what="it was deleted while the worker ran")
                return EXIT_TOPICS
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), CHECK_SECONDS)
        return 0

    def _stuck(self, unassigned: float) -> int:
        """The exit code where nothing has moved for too long, 0 otherwise; ``unassigned``: seconds without an assignment."""
        limit = self._settings.stall_seconds
        seconds, place = self._lag.stalled()
        if place is not None and seconds >= limit:
            agent, topic, partition = place
            silent = self._lag.silent() >= limit
            reason = "the broker says nothing of the partition" if silent else "work waits and no commit moves"
            log.error(
                "agent stalled", reason=reason, agent=agent, topic=topic, partition=partition, seconds=round(seconds)
            )
            return EXIT_FAIL_STOP
        if unassigned >= limit:
            log.error("agent stalled", reason="the broker assigns no partitions", seconds=round(unassigned))
            return EXIT_FAIL_STOP
        return 0

    async def _gone(self) -> str:
        """The name of a topic that is missing at two looks one after the other; returns when there is one."""
        names, before = {self._settings.sizing.name(spec) for spec in TOPICS.values()}, set[str]()
        while True:
            await asyncio.sleep(TOPICS_SECONDS)
            missing = set[str]()
            with suppress(*UNREACHABLE):
                async with clients.admin(self._settings) as admin:
                    missing = names - set(await admin.list_topics())
            for name in sorted(missing & before):
                return name
            before = missing

    async def _stop(self) -> None:
        """Let every batch that has begun end and commit; what has not begun, or hangs, is left to the next start."""
        stopping = asyncio.gather(*(app.stop() for app in self._apps.values()), return_exceptions=True)
        late = time.monotonic() + STOP_SECONDS
        while not stopping.done() and time.monotonic() < late:
            for app in self._apps.values():
                if app.batch is not None:  # it may wait for a window of a million articles to be read
                    app.batch.give_up()
            await asyncio.wait([stopping], timeout=CHECK_SECONDS)
        if not stopping.done():
            # At once, without cancelling anything: a cancelled batch would be acknowledged.
            fail_stop("did not stop in time; the next start replays what was not committed")


def _make(folder: Path) -> None:
    """The data folder, where the windows' files will stand."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise SettingsError(f"NEWSFEED_DATA_DIR: nothing can be written to {folder}: {error.strerror}") from None


def _outcome(starting: asyncio.Future[Any]) -> int:
    """The exit code that the start of the apps leads to, 0 where they started or still do."""
    if not starting.done():
        return 0
    try:
        starting.result()
    except UNREACHABLE as error:
        return _cannot_start(error)
    return 0


def _cannot_start(error: BaseException) -> int:
    reason = str(error) if isinstance(error, clients.Unreachable) else f"{type(error).__name__}: {error}"
    log.error("cannot start", reason=reason)
    return EXIT_UNREACHABLE


def run(settings: Settings, only: tuple[str, ...] = AGENTS) -> int:
    """Run a worker in a fresh event loop; returns the exit code.

    Raises:
        SettingsError: see ``Worker.run``.
    """
    logs.configure(settings.log_level, settings.log_format)
    return asyncio.run(Worker(settings, only).run())
