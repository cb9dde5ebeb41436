"""The ledger of one partition of news.alerts.v1: what is still to be delivered, and what is done. Rebuilt from news.deliveries.v1.

The newest record of a key counts. The ledger's records stand in the partition of the same number, so that whoever owns the alerts
owns their ledger.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from agents import clients, logs
from agents.ends import end_of
from agents.settings import Settings
from newsfeed.records import Delivery
from topics import codec
from topics.catalogue import DELIVERIES

log = logs.get("ledger")

REMEMBERED = 50_000  # deliveries that are done, so that an alert that is read or written again is not delivered again
OPEN = ("pending", "retry")
AGAIN_SECONDS = 1.0
DELIVERED = -1


class Ledger:
    """What is open, what is done, and which outlets are disabled, of one partition.

    Attributes:
        open: deliveries that are to be tried, by key.
        position: offset up to which the log was read for it.
    """

    def __init__(self) -> None:
        self.open: dict[str, Delivery] = {}
        self.position = 0
        self._done: OrderedDict[str, int] = OrderedDict()  # offset of the alert; DELIVERED where nothing reopens it
        self._disabled: dict[tuple[str, str], int] = {}  # (subscription, outlet): offset of the subscription's record

    def apply(self, delivery: Delivery) -> None:
        """Take the newest record of a delivery."""
        key = delivery.key
        self._done.pop(key, None)
        if delivery.outcome in OPEN:
            self.open[key] = delivery
            return
        self.open.pop(key, None)
        here = delivery.alert.offset if delivery.alert is not None else DELIVERED
        self._done[key] = DELIVERED if delivery.outcome == "delivered" else here
        while len(self._done) > REMEMBERED:
            self._done.popitem(last=False)
        if delivery.outcome == "disabled" and delivery.subscribed is not None:
            self._disabled[delivery.subscription, delivery.outlet] = delivery.subscribed

    def wants(self, key: str, offset: int) -> bool:
        """Whether an alert at this offset is still to be taken: not delivered, not open, and not given up at this offset.

        One that was given up and stands in the log again, further on, was sent again on purpose.
        """
        done = self._done.get(key)
        return key not in self.open and (done is None or DELIVERED < done < offset)

    def disabled(self, subscription: str, outlet: str, subscribed: int) -> bool:
        """Whether the receiver disabled the outlet since the subscription was put the last time."""
        return subscribed <= self._disabled.get((subscription, outlet), -1)


async def load(settings: Settings, partition: int, known: Ledger) -> Ledger:
    """Bring the ledger of a partition up to what stands in the log; waits for a broker that is gone.

    What is read a second time changes nothing: the newest record of a key counts.
    """
    place = TopicPartition(settings.sizing.name(DELIVERIES), partition)
    while True:
        began = time.monotonic()
        try:
            async with clients.consumer(settings) as consumer:
                consumer.assign([place])
                end = await end_of(consumer, place)
                if known.position > end:  # another log
                    known = Ledger()
                begin = max(known.position, (await consumer.beginning_offsets([place]))[place])
                consumer.seek(place, begin)
                while await consumer.position(place) < end:
                    for records in (await consumer.getmany(place, timeout_ms=500)).values():
                        for record in records:
                            delivery = codec.decode(record.value, Delivery)
                            if not isinstance(delivery, codec.Bad):
                                known.apply(delivery)
                known.position = end
        except (KafkaError, OSError, clients.Unreachable) as error:
            log.warning("cannot read the ledger, trying again", partition=partition, error=str(error) or repr(error))
            await asyncio.sleep(AGAIN_SECONDS)
            continue
        seconds = round(time.monotonic() - began, 2)
        log.info("ledger ready", partition=partition, records=end - begin, open=len(known.open), seconds=seconds)
        return known
