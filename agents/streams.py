"""Faust's stream with batches straight from the queue that Faust fills.

Faust's own ``take_events`` goes through the event loop and through its sensors for every single event, and looks for a batch only
when its time is up. Here a batch is what waits. tests/agents/test_internals.py guards what is taken from inside Faust.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Any

from faust import Stream
from mode.utils.times import Seconds, want_seconds

from agents.batch import Batch, Event


class BatchStream(Stream[Any]):
    """A stream that is read by ``take_events`` and by nothing else."""

    async def take_events(self, max_: int, within: Seconds) -> AsyncGenerator[Sequence[Event], None]:
        """What came, in order, until Faust stops the agent. A batch is acknowledged when its receiver asks for the next or ends.

        Args:
            max_: most events of a batch.
            within: seconds. Before a batch that is not full the receiver rests as long as it worked, but takes it up at the latest
                so long after it took up the one before: the more there is to do, the larger batches get. After a pause nothing waits.
        """
        app: Any = self.app
        now, every = asyncio.get_running_loop().time, want_seconds(within)
        earliest = now()
        while True:
            try:
                taken = await self._taken(max_, earliest)
            except StopAsyncIteration:  # thrown into the queue when the agent is to stop
                return
            began = now()
            events = [event for event in taken if self._current(event)]
            for event in events:
                self._track(event)
            self._tell_monitor(events)
            batch = app.batch = Batch(events)
            try:
                if events:
                    yield batch
            finally:
                app.batch = None
                batch.done.set()
                for event in events:
                    if not batch.given_up:
                        event.ack()
            ended = now()
            earliest = min(ended + (ended - began), began + every)

    async def _taken(self, most: int, earliest: float) -> list[Event]:
        """The next events, at the earliest at a time of the loop if they are fewer than ``most``."""
        channel: Any = self.channel
        queue = channel.queue
        taken: list[Event] = [await queue.get()]
        pause = earliest - asyncio.get_running_loop().time()
        if pause > 0 and queue.qsize() < most - 1:
            await asyncio.sleep(pause)
        while len(taken) < most and not queue.empty():
            taken.append(queue.get_nowait())
        return taken

    def _current(self, event: Event) -> bool:
        """Whether it was fetched under the assignment that holds now; otherwise it comes again, here or at another worker."""
        app: Any = self.app
        message: Any = event.message
        return bool(app.flow_control.is_active() and message.generation_id == app.consumer_generation_id)

    def _track(self, event: Event) -> None:
        """Have it counted as in hand until it is acknowledged."""
        message: Any = event.message
        if not message.tracked:
            message.tracked = True
            self.app.consumer.track_message(message)

    def _tell_monitor(self, events: list[Event]) -> None:
        """Once a partition is enough for Faust's watch over streams that stand still."""
        sensors: Any = self.app.sensors
        for place, event in {event.message.tp: event for event in events}.items():
            state = sensors.on_stream_event_in(place, event.message.offset, self, event)
            sensors.on_stream_event_out(place, event.message.offset, self, event, state)
