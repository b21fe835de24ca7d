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

And it adds what a feed with transactions needs: records of an aborted one are not read, and the marks that
end one are committed too. Faust would leave them uncommitted, a lag that never goes away.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from faust.app import App
from faust.events import Event
from faust.transport.consumer import Fetcher
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer, Transport
from faust.types import TP, EventT, StreamT

from streams.agents import logs

log = logs.get(__name__)
faust_log = logging.getLogger("faust.fetching")
"""What Faust's services say goes where Faust says what it does: `logs` lets its warnings through."""

FETCH = 256
"""Records of one topic in a fetch, at most: its partitions share it."""

ROOM = 256
"""A topic whose agent has left so many records in its buffer is not fetched from."""

IDLE_SECONDS = 1.0
"""So long a fetch waits for records."""

BUSY_SECONDS = 0.02
"""So long it waits while a buffer is full that may have room by then."""

ISOLATION = "read_committed"
"""What an aborted transaction wrote was never said."""


class Fetched(NamedTuple):
    """What a fetch brought of one partition, and the positions before and after it."""

    records: Sequence[Any]
    start: int | None
    end: int | None

    @property
    def skip(self) -> tuple[int, int] | None:
        """From where to where there is no record behind the last one: marks of transactions, say."""
        following = self.records[-1].offset + 1 if self.records else self.start
        if following is None or self.end is None or self.end <= following:
            return None
        return following, self.end


class ReadingThread(AIOKafkaConsumerThread):  # type: ignore[misc]
    """Faust's thread around aiokafka's consumer; Faust itself would read what was aborted."""

    logger = faust_log

    def _create_worker_consumer(self, transport: Transport) -> AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        consumer._isolation_level = ISOLATION  # it reads this when it starts
        return consumer


class BatchConsumer(Consumer):  # type: ignore[misc] # Faust gives mypy no types
    """Faust's consumer, but for how records get to the agents. They must be raw bytes."""

    logger = faust_log

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._skips: dict[TP, dict[int, int]] = {}

    def _new_consumer_thread(self) -> ReadingThread:
        return ReadingThread(self, loop=self.loop, beacon=self.beacon)

    def _new_offset(self, tp: TP) -> int | None:
        """The offset to commit: Faust's, but past what follows it and holds no record."""
        offset: int | None = super()._new_offset(tp)
        reached = self._committed_offset[tp] if offset is None else offset
        skips = self._skips.get(tp, {})
        if reached is None and skips and self._read_offset[tp] is None:
            reached = min(skips)  # nothing but marks so far
        while reached in skips:
            reached = offset = skips.pop(reached)
        return offset

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

    async def _fetch(self, wanted: Sequence[TP], seconds: float) -> dict[TP, Fetched]:
        """Runs in the consumer's own thread. Each partition gives its share of what is there already."""
        if not self.flow_active:
            return {}
        consumer = self._thread._ensure_consumer()
        topics = [tp.topic for tp in wanted]
        before = {tp: _position(consumer, tp) for tp in wanted}
        found: dict[Any, list[Any]] = {}
        for tp in wanted:
            share = max(1, FETCH // topics.count(tp.topic))
            found.update(await consumer.getmany(TopicPartition(*tp), max_records=share))
        if not found:
            every = [TopicPartition(*tp) for tp in wanted]
            found = await consumer.getmany(*every, timeout_ms=seconds * 1000, max_records=FETCH)
        fetched = {
            tp: Fetched(found.get(tp, ()), start, _position(consumer, tp)) for tp, start in before.items()
        }
        return {tp: part for tp, part in fetched.items() if part.records or part.skip}

    async def _seek_back(self) -> None:
        try:
            await self.perform_seek()
        except Exception as error:  # noqa: BLE001 - the rebalance that stopped the flow seeks as well
            log.warning("could not seek while the flow stood still", error=repr(error))

    async def _hand_over(self, found: Mapping[TP, Fetched]) -> None:
        """Put records into the agents' buffers: all of them, or none where a rebalance came between."""
        generation = self.app.consumer_generation_id
        for tp, part in found.items():
            await self._write_down_gaps(tp, part.records)
        await self.app.flow_control.acquire()
        if not self.flow_active or generation != self.app.consumer_generation_id:
            return
        # From here on nothing is awaited: the flow cannot stop between two records.
        for tp, part in found.items():
            if part.skip:
                first, following = part.skip
                self._skips.setdefault(tp, {})[first] = following
                _ = self._acked[tp]  # so that the next commit looks at this partition
            last = self._read_offset[tp]
            for record in part.records:
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
        if records and last is not None and records[-1].offset - last <= len(records):
            return
        for record in records:
            if last is not None and record.offset - last > 1:
                await self._add_gap(tp, last + 1, record.offset)
            last = record.offset


def _position(consumer: AIOKafkaConsumer, tp: TP) -> int | None:
    """Where the next fetch goes on, or None while that is not known."""
    assignment = consumer._subscription.subscription.assignment
    state = assignment.state_value(TopicPartition(*tp)) if assignment is not None else None
    return state.position if state is not None and state.has_valid_position else None


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
