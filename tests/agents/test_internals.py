"""What newsfeed takes from inside Faust and aiokafka: an update that moves any of it must be noticed here, not in production."""

from __future__ import annotations

import inspect
from importlib.metadata import version

import aiokafka
import faust
from aiokafka.consumer.fetcher import Fetcher
from faust.agents.actor import Actor
from faust.transport import conductor
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer, Producer
from faust.types.tuples import Message
from mode.services import Service
from mode.utils.queues import ThrowableQueue

from agents.app import create_app, when_stopped
from agents.consumer import FETCH_WAIT_MS, IDLE_WAIT_MS
from agents.consumer import Consumer as OurConsumer
from agents.consumer import ConsumerThread as OurThread
from agents.settings import Settings
from agents.streams import BatchStream


def source(what: object) -> str:
    return inspect.getsource(what)  # type: ignore[arg-type]


def test_the_pinned_versions() -> None:
    assert (version("faust-streaming"), version("aiokafka")) == ("0.15.3", "0.14.0")


def test_the_producer_inside_fausts_producer() -> None:
    assert "self._producer = self._new_producer()" in source(Producer)
    assert {"topic", "value", "key", "partition", "timestamp_ms", "headers"} <= set(
        inspect.signature(aiokafka.AIOKafkaProducer.send).parameters
    )


async def test_batches_come_from_the_queue_that_the_conductor_fills() -> None:
    """``agents.streams`` reads it; an app makes its streams of that class."""
    app = create_app("clean", Settings())
    stream = app.stream(app.topic("x"))
    assert isinstance(stream, BatchStream)
    assert isinstance(stream.channel.queue, ThrowableQueue)
    assert {"tracked", "generation_id"} <= set(Message.__slots__)
    body = source(conductor.ConductorCompiler.build)
    assert "queue.put_nowait_enhanced(" in body
    assert "message.incref(channels_n)" in body
    assert {"on_stream_event_in", "on_stream_event_out"} <= set(dir(app.sensors))
    assert "_throw(StopAsyncIteration())" in source(Actor.cancel)


def test_messages_are_handed_over_in_a_race_with_the_end_of_the_flow() -> None:
    """``agents.consumer`` takes the first step of the first before it makes tasks."""
    from faust.transport.consumer import Consumer as Bookkeeping

    assert (
        "await self.wait_first(\n                                callback(message), self.suspend_flow.wait()\n"
        in source(Bookkeeping._drain_messages)
    )
    assert OurConsumer.wait_first is not Service.wait_first


def test_the_wait_of_an_idle_fetch() -> None:
    assert "fetch_max_wait_ms=1500" in source(AIOKafkaConsumerThread._create_worker_consumer)
    assert "self._fetch_max_wait_ms = fetch_max_wait_ms" in source(aiokafka.AIOKafkaConsumer.__init__)
    assert "fetch_max_wait_ms=self._fetch_max_wait_ms" in source(aiokafka.AIOKafkaConsumer.start)
    assert OurThread._create_worker_consumer is not AIOKafkaConsumerThread._create_worker_consumer
    assert "_new_consumer_thread" in source(Consumer)
    assert FETCH_WAIT_MS < IDLE_WAIT_MS < 1500
    assert "self._proc_fetch_request(assignment, node_id, request)" in source(Fetcher._fetch_requests_routine)
    assert "self._fetch_max_wait_ms,\n" in source(Fetcher._get_actions_per_node)
    assert "return needs_wakeup" in source(Fetcher._proc_fetch_request)


async def test_an_app_has_what_the_agents_use() -> None:
    app = create_app("clean", Settings(topic_prefix="x."))
    assert app.conf.id == "x.newsfeed-clean"
    assert app._assignment is None
    assert app.rebalancing is False
    assert app.transport.Consumer is OurConsumer
    assert callable(app.tables.on_commit)
    assert "self._assignment = assigned" in source(faust.App._update_assignment)
    assert "tables.on_commit" in source(
        type(app.tables).__module__ and __import__("faust.transport.consumer", fromlist=["Consumer"]).Consumer
    )


def test_messages_have_seconds_and_a_type_of_time() -> None:
    made = source(AIOKafkaConsumerThread._fetch_records) if hasattr(AIOKafkaConsumerThread, "_fetch_records") else ""
    whole = source(__import__("faust.transport.drivers.aiokafka", fromlist=["x"]))
    assert "timestamp / 1000.0" in made + whole
    assert "timestamp_type" in made + whole


async def test_apps_are_made_by_a_factory() -> None:
    one, two = create_app("tag", Settings()), create_app("tag", Settings())
    assert one is not two
    assert one.conf.web_enabled is False
    assert one.conf.producer_acks == -1
    assert (
        one.conf.processing_guarantee == faust.types.enums.ProcessingGuarantee.AT_LEAST_ONCE
        if hasattr(faust.types, "enums")
        else True
    )


def test_where_a_consumer_stands() -> None:
    """``agents.lag`` reads it."""
    from aiokafka.consumer.subscription_state import Assignment, TopicPartitionState
    from faust.transport.consumer import Consumer as Bookkeeping

    assert {"position", "has_valid_position"} <= set(dir(TopicPartitionState))
    assert "self.highwater = None" in source(TopicPartitionState)
    assert "self.timestamp = None" in source(TopicPartitionState)
    assert "tp_state.timestamp = now_ms" in source(Fetcher._proc_fetch_request)
    assert callable(Assignment.state_value)
    assert "self._committed_offset = " in source(Bookkeeping.__init__)
    assert isinstance(Bookkeeping.unacked, property)


def test_what_ends_last_when_an_app_stops() -> None:
    """``agents.app.when_stopped`` closes readers when no batch needs them any more."""
    body = source(faust.App.stop) if "async def stop" in source(faust.App) else source(Service.stop)
    steps = ["await self.on_stop()", "await self._stop_children()", "await self._stop_exit_stacks()"]
    assert sorted(steps, key=body.index) == steps


async def test_what_is_closed_when_an_app_has_stopped() -> None:
    closed = list[str]()

    async def close() -> None:
        closed.append("reader")

    app = create_app("match", Settings())
    when_stopped(app, close)
    assert not closed
    await app.async_exit_stack.aclose()
    assert closed == ["reader"]


def test_where_the_lease_is_renewed_and_asked() -> None:
    from aiokafka.consumer.group_coordinator import GroupCoordinator
    from aiokafka.producer.sender import BaseHandler, SendProduceReqHandler

    heartbeats = source(GroupCoordinator)
    assert "success = await self._do_heartbeat()" in heartbeats
    assert heartbeats.count("self.reset_generation()") >= 2
    assert "await self._sender.client.send(node_id, req, group=self.group)" in source(BaseHandler.do)
    assert "request = ProduceRequest(" in source(SendProduceReqHandler.create_request)
    assert "self._coordinator = GroupCoordinator(" in source(aiokafka.AIOKafkaConsumer.start)
    assert "Sender(\n            self.client," in source(aiokafka.AIOKafkaProducer.__init__)
    assert "await listener" in source(GroupCoordinator) or "await res" in source(GroupCoordinator)
    assert "on_partitions_revoked" in source(GroupCoordinator._on_join_prepare)


def test_how_a_group_is_left() -> None:
    """``agents.membership`` does it another way."""
    from aiokafka.consumer.group_coordinator import CoordinatorGroupRebalance, GroupCoordinator

    body = source(GroupCoordinator.close)
    steps = [
        "_closing",
        "_coordination_task",
        "_stop_heartbeat_task",
        "_stop_commit_offsets_refresh_task",
        "_maybe_leave_group",
    ]
    assert sorted(steps, key=body.index) == steps
    assert "LeaveGroupRequest(self.group_id, self.member_id)" in source(GroupCoordinator._maybe_leave_group)
    assert "self.member_id = JoinGroupRequest.UNKNOWN_MEMBER_ID" in source(GroupCoordinator.reset_generation)
    assert "await self._coordinator.close()" in source(aiokafka.AIOKafkaConsumer.stop)
    assert "await self._push_error_to_user(exc)" in source(GroupCoordinator)
    assert "self._coordinator._send_req(request)" in source(CoordinatorGroupRebalance._send_sync_group_request)
