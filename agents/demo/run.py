"""The demo from start to end: broker, topics, worker, subscriptions, feed; then what came out, held against what should."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from rich.console import Console

from agents.demo import DEFAULT_RATE
from agents.demo.board import Board
from agents.demo.sample import SampleMessage, sample_messages, sample_subscriptions
from agents.demo.view import LiveView, PlainView, View, summary
from agents.demo.wire import Wire, subscribe, topics
from agents.demo.worker import DemoWorker
from agents.embedded_broker import EmbeddedBroker
from topics.catalogue import Sizing
from topics.creation import create

PATIENCE_SECONDS = 20.0  # without anything new coming, after the last message
SIZING = Sizing(partitions=1)

NEXT = """
[bold]What to try next[/]
  . .venv/bin/activate                              where `newsfeed` is not found: it stands there
  newsfeed enrich agents/sample/feed.jsonl          verdicts and tags without Kafka, one JSON line a message
  newsfeed explain FILE                             your own text (.txt, .html, .json) with its tags, and why
  newsfeed demo --keep                              leave broker and worker running, and talk to them from outside
  docs/producing-and-consuming.md                   your own Kafka, and other languages
"""
KEPT = """
[bold]Broker and worker go on until Ctrl-C.[/] In another terminal:
  export NEWSFEED_BOOTSTRAP_SERVERS={servers}
  newsfeed tail enriched --from-beginning
  newsfeed publish FILE.jsonl
  newsfeed audit
"""


def run_demo(*, console: Console, keep: bool = False, rate: float = DEFAULT_RATE) -> int:
    """Run it. Broker and worker are ended with it, also on Ctrl-C and SIGTERM.

    Args:
        console: where to show it; a live table on a terminal, plain lines elsewhere.
        keep: go on after the feed until Ctrl-C.
        rate: messages a second; 0: as fast as they go.

    Returns:
        0; 1 where what came out differs from what the sample expects.

    Raises:
        BrokerError, WorkerError: one of the two did not come up.
        KeyboardInterrupt: Ctrl-C before the end of the feed, after everything has been ended.
    """
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # a broker that ends first is no news here
    with (
        _terminated_as_interrupted(),
        tempfile.TemporaryDirectory(prefix="newsfeed-demo-") as folder,
        EmbeddedBroker() as broker,
    ):
        return asyncio.run(_play(console, broker.bootstrap_servers, Path(folder), keep=keep, rate=rate))


async def _play(console: Console, servers: str, folder: Path, *, keep: bool, rate: float) -> int:
    console.print(f"Broker at {servers}, in memory. Starting a worker, which reads its names and rules …")
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        await create(admin, SIZING)
    finally:
        await admin.close()
    messages, board = sample_messages(), Board()
    view: View = LiveView(console, board) if console.is_terminal else PlainView(console, board)
    settings = {"PARTITIONS": str(SIZING.partitions)}
    async with contextlib.AsyncExitStack() as stack:
        worker = stack.enter_context(DemoWorker(bootstrap_servers=servers, folder=folder, settings=settings))
        producer = AIOKafkaProducer(bootstrap_servers=servers, acks="all")
        consumer = AIOKafkaConsumer(
            *topics(SIZING), bootstrap_servers=servers, auto_offset_reset="earliest", fetch_max_wait_ms=50
        )
        for client in (producer, consumer):
            stack.push_async_callback(client.stop)
            await client.start()
        await subscribe(producer, SIZING, sample_subscriptions())
        with console.status("starting"):
            await worker.ready()
        console.print(f"Publishing {len(messages)} messages in six languages.\n")
        with view:
            await _feed(
                messages=messages,
                board=board,
                view=view,
                worker=worker,
                producer=producer,
                consumer=consumer,
                rate=rate,
            )
        faults = board.differences()
        summary(console, board, faults)
        console.print(NEXT, highlight=False, soft_wrap=True)
        if keep:
            console.print(KEPT.format(servers=servers), highlight=False, soft_wrap=True)
            await _until_interrupted(worker)
    return 1 if faults else 0


async def _feed(
    *,
    messages: list[SampleMessage],
    board: Board,
    view: View,
    worker: DemoWorker,
    producer: AIOKafkaProducer,
    consumer: AIOKafkaConsumer,
    rate: float,
) -> None:
    """Publish and listen until everything has come, or nothing comes any more."""
    loop = asyncio.get_running_loop()
    last_change = loop.time()

    def changed() -> None:
        nonlocal last_change
        last_change = loop.time()
        view.changed()

    async def pause() -> None:
        worker.check()
        await asyncio.sleep(1 / rate if rate > 0 else 0)

    wire = Wire(sizing=SIZING, board=board, changed=changed)
    listening = asyncio.create_task(wire.listen(consumer))
    try:
        await wire.publish(producer, messages, pause)
        last_change = loop.time()
        while not board.complete and loop.time() - last_change < PATIENCE_SECONDS and not listening.done():
            worker.check()
            await asyncio.sleep(0.1)
    finally:
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening


async def _until_interrupted(worker: DemoWorker) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            worker.check()
            await asyncio.sleep(0.5)


@contextlib.contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """SIGTERM ends the demo as Ctrl-C does: with everything cleared away."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        signal.raise_signal(signal.SIGINT)  # asyncio turns this one into an orderly end

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
