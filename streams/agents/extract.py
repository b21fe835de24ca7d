"""The first agent: articles in, readings (or dead letters) out. It keeps no state."""

import asyncio
from collections.abc import Callable, Collection

from faust.types import EventT, StreamT

from schemas.errors import BadMessage
from schemas.headers import event_headers
from streams.agents import logs, metrics
from streams.agents.dead_letters import DeadLetters
from streams.agents.delivery import Message, Sender
from streams.agents.fatal import guarded
from streams.agents.fetching import batches
from streams.agents.line import Line
from streams.agents.merge import TimeMerge
from streams.pool import ExtractionPool, Observer, Result
from streams.processes import Job

log = logs.get(__name__)

READING_KEY = b"readings"
"""One key for all: events.v1 has one order."""

LINE = 256
"""Articles under way: enough to go on reading while results are delivered; a stop has to wait for them."""

TURN = 64
"""Articles taken at once from those that wait, at most: what comes later may still be older than the rest."""


class PoolCounts(Observer):
    """What the pool tells of itself, in metrics and logs."""

    def read(self, seconds: float) -> None:
        """Observe how long an article took."""
        metrics.EXTRACTION.observe(seconds)

    def repaired(self, exit_code: int, *, overdue: bool) -> None:
        """Count and log a process that ended."""
        metrics.REPAIRS.labels("timeout" if overdue else "died").inc()
        log.warning("a language process ended", exit_code=exit_code, overdue=overdue)


class ExtractAgent:
    """Takes `articles.v1`; for each record exactly one message goes out before it is acknowledged.

    `partitions` tells which partitions of the topic this worker has now.
    """

    def __init__(
        self,
        *,
        pool: ExtractionPool,
        sender: Sender,
        dead_letters: DeadLetters,
        events_topic: str,
        partitions: Callable[[], Collection[int]],
    ) -> None:
        self._pool = pool
        self._partitions = partitions
        self._dead_letters = dead_letters
        self._events_topic = events_topic
        self._sender = sender

    async def run(self, stream: StreamT[bytes]) -> None:
        """The agent's body."""
        merge = TimeMerge(self._partitions)
        line = Line(self._start, self._word, self._sender, LINE)

        async def work() -> None:
            while True:
                await line.put(await merge.take(TURN))

        self._worker = asyncio.create_task(guarded("extraction", work))
        async for events in batches(stream, LINE):
            await merge.put(events)

    def _start(self, event: EventT) -> asyncio.Future[Result]:
        """Hand an article to the language processes."""
        metrics.ARTICLES.inc()
        message = event.message
        received_at = message.timestamp or 0.0
        return self._pool.read(
            Job(message.value or b"", received_at, received_at, message.partition, message.offset)
        )

    def _word(self, event: EventT, result: Result) -> Message:
        """What is to be sent for it: a reading or a dead letter."""
        if isinstance(result, BadMessage):
            return self._dead_letters.refuse(event, result)
        self._dead_letters.accept()
        metrics.READINGS.inc()
        if result.passed_over:
            metrics.PASSED_OVER.labels(result.passed_over).inc()
        if result.late:
            metrics.PASSED_OVER.labels("late").inc()
        message = event.message
        headers = event_headers("reading", f"{message.partition}-{message.offset}", message.timestamp or 0.0)
        return Message(self._events_topic, READING_KEY, result.reading, headers, partition=0)
