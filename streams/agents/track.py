"""The second agent: records of `events.v1` in, incidents and alerts out, state kept in Kafka.

Only one worker has the topic's one partition; the others stand by. Where its state stands is the state's own
business, not the committed offset's: what lies between them is read again from the topic, and what comes
again is passed over. See `state` for how a batch is decided and carried out.
"""

import asyncio
import time
from collections.abc import Callable

import orjson
from aiokafka.errors import KafkaError
from faust.types import EventT, StreamT

from schemas.errors import BadMessage
from streams.agents import fatal, logs, metrics
from streams.agents.batch import Batch, Taken, checked, from_faust
from streams.agents.dead_letters import DeadLetters
from streams.agents.delivery import RETRY_SECONDS, Sender
from streams.agents.fatal import guarded
from streams.agents.fetching import batches
from streams.agents.pulse import Pulse
from streams.agents.state import StateTopic, Step, end_offset, read_partition
from streams.alerting import RuleSet
from streams.ledger import Ledger
from streams.pipeline import Pipeline, restore, store

log = logs.get(__name__)

BATCH = 256
"""Records decided at once, at most."""

STEP_BYTES = 2 << 20
"""A step is closed when it carries so much: its record must stay far below 8 MiB."""

TURN_SECONDS = 0.02
"""So long tracking may go on at a stretch: the pages, the pulse and what is to be sent wait meanwhile."""


class TrackAgent:
    """Takes `topic` (events.v1); `topics` has the full name for each Output's topic."""

    def __init__(
        self,
        *,
        sender: Sender,
        state: StateTopic,
        dead_letters: DeadLetters,
        topic: str,
        topics: dict[str, str],
        new_pipeline: Callable[[Ledger], Pipeline],
        rules: RuleSet,
        client: dict[str, object],
        pulse: Pulse,
    ) -> None:
        self._sender = sender
        self._state = state
        self._dead_letters = dead_letters
        self._topic = topic
        self._topics = topics
        self._new_pipeline = new_pipeline
        self._rules = rules
        self._client = client
        self._pulse = pulse
        self._inbox: asyncio.Queue[list[EventT]] = asyncio.Queue(maxsize=1)
        self._worker: asyncio.Task[None] | None = None
        self._upto = -1
        self._parked: Pipeline | None = None
        self._state_end = -1
        self.pipeline: Pipeline | None = None
        """The state at work, or None while this worker stands by or recovers."""
        self.recovering_since: float | None = None
        """Monotonic time of the last progress of a recovery that is under way."""

    async def run(self, stream: StreamT[bytes]) -> None:
        """The agent's body."""
        self._worker = asyncio.create_task(guarded("tracking", self._work))
        async for events in batches(stream, BATCH):
            await self._inbox.put(events)

    def stand_by(self) -> None:
        """The partition was taken away: what is in memory may be overtaken by another worker."""
        self._parked, self.pipeline = self.pipeline or self._parked, None
        metrics.STATE_RECORDS.set(0)

    async def _work(self) -> None:
        while True:
            batch = await self._inbox.get()
            await self._take(batch)
            for event in batch:
                event.ack()

    async def _take(self, events: list[EventT]) -> None:
        pipeline = self.pipeline or await self._recover(from_faust(events[0]))
        batch = Batch()
        turn = time.monotonic()
        for event in events:
            if time.monotonic() - turn > TURN_SECONDS:
                await asyncio.sleep(0)
                turn = time.monotonic()
            taken = from_faust(event)
            if taken.partition == 0 and taken.offset <= self._upto:
                metrics.PASSED_OVER.labels("redelivered").inc()
                continue
            try:
                self._apply(pipeline, batch, taken)
            except BadMessage as error:
                batch.refused.append(self._dead_letters.refuse(event, error))
            if taken.partition == 0:
                self._upto = taken.offset
            if batch.size > STEP_BYTES:
                await self._decide(pipeline, batch)
                batch = Batch()
        await self._decide(pipeline, batch)

    def _apply(self, pipeline: Pipeline, batch: Batch, taken: Taken) -> None:
        record = checked(taken)
        batch.add(record, pipeline.apply(record), self._topics)
        self._dead_letters.accept()
        metrics.RECORDS.labels(record.kind).inc()

    async def _decide(self, pipeline: Pipeline, batch: Batch) -> None:
        """Write what a batch comes to, then carry it out. Only then may its records be acknowledged.

        Dead letters go first: once the state has seen a record, it is passed over when it comes again.
        """
        await self._sender.deliver(batch.refused)
        changes = pipeline.ledger.take_changes()
        if not changes and not batch.sends:
            return
        puts = {key: None if record is None else store(record) for key, record in changes.items()}
        step = Step(self._upto, puts, batch.sends)
        self._pulse.check()
        await self._sender.deliver([self._state.decision(step)])
        await self._carry_out(step)
        metrics.STATE_RECORDS.set(len(pipeline.ledger))
        now = time.time()
        for received_at in batch.alerted:
            metrics.ALERT_DELAY.observe(max(0.0, now - received_at))

    async def _carry_out(self, step: Step) -> None:
        records = self._state.records(step)
        offsets = await self._sender.deliver([*records, *step.sends])
        if records:
            self._state_end = offsets[len(records) - 1] + 1

    async def _recover(self, first: Taken) -> Pipeline:
        """The state as it stands in Kafka, brought up to the record before `first`; waits for the broker."""
        started = time.monotonic()
        self._progress()
        while True:
            try:
                pipeline = await self._stand(first)
                break
            except (KafkaError, OSError) as error:
                self._parked = None  # it may be half-way: begin anew
                log.warning("the state cannot be read; trying again", error=repr(error))
                await asyncio.sleep(RETRY_SECONDS)
        self.recovering_since = None
        self.pipeline = pipeline
        metrics.STATE_RECORDS.set(len(pipeline.ledger))
        log.info(
            "state recovered",
            records=len(pipeline.ledger),
            upto=self._upto,
            seconds=round(time.monotonic() - started, 2),
        )
        return pipeline

    async def _stand(self, first: Taken) -> Pipeline:
        if self._parked is not None and await end_offset(self._client, self._state.topic) == self._state_end:
            pipeline = self._parked  # nobody else had the partition meanwhile
        else:
            pipeline = await self._load()
        self._parked = None
        await self._catch_up(pipeline, first)
        return pipeline

    async def _load(self) -> Pipeline:
        """Read the state topic and do the last step again."""
        stored = await self._state.load(self._progress)
        end = await end_offset(self._client, self._topic)
        if stored.upto >= end:
            fatal.end(
                f"the state has seen {self._topic} up to offset {stored.upto}, but it ends at {end}: it was"
                f" made anew. Remove {self._state.topic} as well, or use another TOCSIN_TOPIC_PREFIX"
            )
        ledger = Ledger()
        for key, value in stored.records.items():
            restore(ledger, key, orjson.loads(value))
        pipeline = self._new_pipeline(ledger)
        self._upto = stored.upto
        if stored.step is not None:
            await self._carry_out(stored.step)
        if pipeline.rules.digest != self._rules.digest:
            log.warning(
                "other rules are in force than this worker's file has; `tocsin rules apply` changes them",
                in_force=pipeline.rules.digest,
                file=self._rules.digest,
            )
        return pipeline

    async def _catch_up(self, pipeline: Pipeline, first: Taken) -> None:
        """Apply what was acknowledged without being in the state: the state topic was lost, say."""
        if first.partition != 0 or first.offset <= self._upto + 1:
            return
        log.warning("reading records that the state has not seen", start=self._upto + 1, until=first.offset)
        batch = Batch()
        async for record in read_partition(self._client, self._topic, self._upto + 1, first.offset):
            self._progress()
            taken = Taken(record.partition, record.offset, record.timestamp / 1000, record.value)
            try:
                self._apply(pipeline, batch, taken)
            except BadMessage as error:  # it was dead-lettered when it came
                log.warning("passed over a bad record", offset=record.offset, error=str(error))
            self._upto = record.offset
            if batch.size > STEP_BYTES:
                await self._decide(pipeline, batch)
                batch = Batch()
        await self._decide(pipeline, batch)

    def _progress(self) -> None:
        self.recovering_since = time.monotonic()
