"""From the consumer to the agents, many records at a time.

Faust hands each record on by itself: through an async generator, two locks and four tasks, and each agent
then takes it through another generator. That is most of what a small article costs. Here all that a fetch
brought goes into the agents' buffers in one go, and an agent takes what its buffer holds likewise.

Everything that delivery stands on stays Faust's: the group, assignment, positions, the buffers that a
rebalance empties, what was taken and not acknowledged, the commits. What is replaced is one method,
`Consumer._drain_messages`, and it keeps that method's rules:

- What was fetched while the flow stands still is not handed on, and positions go back to what was committed.
- What was fetched before a rebalance is not handed on after it: the rebalance ends with such a seek.
- Offsets that no record has are written down as a gap, or nothing after them could be committed.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Any

from aiokafka import TopicPartition
from faust.app import App
from faust.events import Event
from faust.transport.consumer import Fetcher
from faust.transport.drivers.aiokafka import Consumer, Transport
from faust.types import TP, EventT, StreamT

from streams.agents import logs

log = logs.get(__name__)

FETCH = 256
"""Records of one topic in a fetch, at most: its partitions share it."""

ROOM = 256
"""A topic whose agent has left so many records in its buffer is not fetched from."""

IDLE_SECONDS = 1.0
"""So long a fetch waits for records."""

BUSY_SECONDS = 0.02
"""So long it waits while a buffer is full that may have room by then."""


class BatchConsumer(Consumer):  # type: ignore[misc] # Faust gives mypy no types
    """Faust's consumer, but for how records get to the agents. They must be raw bytes."""

    logger = logging.getLogger("faust.transport.consumer")

    async def _drain_messages(self, fetcher: Fetcher) -> None:
        """Fetch and hand on until this consumer or `fetcher` is stopped."""
        try:
            while not (self.should_stop or fetcher.should_stop):
                if not self.flow_active:
                    await self.wait(self.can_resume_flow)
                await self._pass_on(fetcher)
        except self.consumer_stopped_errors:
            if not self.transport.app.should_stop:
                raise
        except asyncio.CancelledError:
            if not self.transport.app.should_stop:
                raise

    async def _pass_on(self, fetcher: Fetcher) -> None:
        """One fetch."""
        active = self._get_active_partitions()
        wanted = [tp for tp in active if self._has_room(tp)]
        if not wanted:
            await self.sleep(BUSY_SECONDS)
            return
        seconds = IDLE_SECONDS if len(wanted) == len(active) else BUSY_SECONDS
        found = await self._thread.call_thread(self._fetch, wanted, seconds)
        if self.should_stop or fetcher.should_stop:
            return
        if not self.flow_active:
            await self._seek_back()
        elif found:
            await self._hand_over(found)

    def _has_room(self, tp: TP) -> bool:
        return all(channel.queue.qsize() < ROOM for channel in self._channels(tp))

    def _channels(self, tp: TP) -> Sequence[Any]:
        """The agents' channels that take this partition."""
        return tuple(self.app.topics._tp_index.get(tp, ()))

    async def _fetch(self, wanted: Sequence[TP], seconds: float) -> dict[TP, list[Any]]:
        """Runs in the consumer's own thread. Each partition gives its share of what is there already."""
        if not self.flow_active:
            return {}
        consumer = self._thread._ensure_consumer()
        topics = [tp.topic for tp in wanted]
        found: dict[TP, list[Any]] = {}
        for tp in wanted:
            share = max(1, FETCH // topics.count(tp.topic))
            found.update(await consumer.getmany(TopicPartition(*tp), max_records=share))
        if not found:
            every = [TopicPartition(*tp) for tp in wanted]
            found = await consumer.getmany(*every, timeout_ms=seconds * 1000, max_records=FETCH)
        return {TP(*place): records for place, records in found.items()}

    async def _seek_back(self) -> None:
        try:
            await self.perform_seek()
        except Exception as error:  # noqa: BLE001 - the rebalance that stopped the flow seeks as well
            log.warning("could not seek while the flow stood still", error=repr(error))

    async def _hand_over(self, found: dict[TP, list[Any]]) -> None:
        """Put records into the agents' buffers: all of them, or none where a rebalance came between."""
        generation = self.app.consumer_generation_id
        for tp, records in found.items():
            await self._write_down_gaps(tp, records)
        await self.app.flow_control.acquire()
        if not self.flow_active or generation != self.app.consumer_generation_id:
            return
        # From here on nothing is awaited: the flow cannot stop between two records.
        for tp, records in found.items():
            last = self._read_offset[tp]
            for record in records:
                if last is None or record.offset >= last:
                    self._put(tp, record)
                    last = record.offset
            self._read_offset[tp] = last

    def _put(self, tp: TP, record: Any) -> None:
        channels = self._channels(tp)
        message = self._to_message(tp, record)
        message.incref(len(channels))
        event = Event(self.app, record.key, record.value, record.headers, message)
        for channel in channels:
            channel.queue.force_put_nowait(event)

    async def _write_down_gaps(self, tp: TP, records: Sequence[Any]) -> None:
        """Offsets that are not there (transaction marks, compacted or lost records) count as done."""
        last = self._read_offset[tp]
        if last is not None and records[-1].offset - last <= len(records):
            return
        for record in records:
            if last is not None and record.offset - last > 1:
                await self._add_gap(tp, last + 1, record.offset)
            last = record.offset


class BatchTransport(Transport):  # type: ignore[misc]
    """Faust's transport with our consumer."""

    Consumer = BatchConsumer


async def batches(stream: StreamT[Any], limit: int) -> AsyncIterator[list[EventT]]:
    """The stream's events, up to `limit` at a time, acknowledged only by their own `ack`.

    The first of a batch comes through Faust's stream, which waits and starts what must be started; the rest
    is what lies behind it in the buffer, by the same rules. Tombstones come through too.
    """
    stream.enable_acks = False
    async for event in stream.events():
        found = [event]
        _take(stream, found, limit)
        yield found


def _take(stream: StreamT[Any], found: list[EventT], limit: int) -> None:
    app: App = stream.app
    queue = stream.channel.queue
    with suppress(asyncio.QueueEmpty):
        while len(found) < limit:
            event = queue.get_nowait()
            message = event.message
            if not app.flow_control.is_active() or message.generation_id != app.consumer_generation_id:
                continue  # of an assignment that is over
            if not message.tracked:
                message.tracked = True
                app.consumer.track_message(message)
            found.append(event)
