"""Several partitions in one order: by the time of their records, as far as they are there.

A worker that comes back to a backlog is given one partition's records after the other's, days of news at a
time, and stream time would leap over what the other partitions still hold. So the records that wait here are
taken by their timestamps, and for a partition that has nothing here yet a moment is waited, but only while
old records are worked off: fresh news never waits. (Kafka Streams chooses among its partitions likewise.)
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Collection
from contextlib import suppress

from faust.types import EventT

BACKLOG_SECONDS = 2.0
"""Records older than this are a backlog."""

ASK_SECONDS = 0.5
"""How old an answer to which partitions there are may be."""

PATIENCE_SECONDS = 0.4
"""So long is waited for a partition that has run dry."""


class TimeMerge:
    """At most `size` events wait. `partitions` tells which partitions this worker has now."""

    def __init__(
        self,
        partitions: Callable[[], Collection[int]],
        size: int = 256,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._partitions = partitions
        self._size = size
        self._monotonic = monotonic
        self._now = now
        self._waiting: dict[int, deque[EventT]] = {}
        self._dry_since: dict[int, float] = {}
        self._count = 0
        self._arrived = asyncio.Event()
        self._room = asyncio.Event()
        self._known: Collection[int] = ()
        self._known_at = -ASK_SECONDS

    async def put(self, event: EventT) -> None:
        """Let `event` wait for its turn; waits itself while the room is full."""
        while self._count >= self._size:
            self._room.clear()
            await self._room.wait()
        self._waiting.setdefault(event.message.partition, deque()).append(event)
        self._count += 1
        self._arrived.set()

    async def get(self) -> EventT:
        """The event whose turn it is: the oldest, each partition's in their order."""
        while True:
            patience = self._patience() if self._count else None
            if patience == 0.0 or self._count >= self._size:
                return self._take()
            self._arrived.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._arrived.wait(), patience)

    def _oldest(self) -> int:
        heads = {number: queue[0].message for number, queue in self._waiting.items() if queue}
        return min(heads, key=lambda number: (heads[number].timestamp or 0.0, number))

    def _patience(self) -> float:
        """How long to wait for partitions that have nothing here; 0 where there is no reason to."""
        head = self._waiting[self._oldest()][0].message
        if self._now() - (head.timestamp or 0.0) < BACKLOG_SECONDS:
            return 0.0
        now = self._monotonic()
        if now - self._known_at >= ASK_SECONDS:
            self._known, self._known_at = self._partitions(), now
        left = [
            PATIENCE_SECONDS - (now - self._dry_since.setdefault(number, now))
            for number in self._known
            if not self._waiting.get(number)
        ]
        return max(0.0, *left) if left else 0.0

    def _take(self) -> EventT:
        number = self._oldest()
        event = self._waiting[number].popleft()
        if not self._waiting[number]:
            self._dry_since[number] = self._monotonic()
        self._count -= 1
        self._room.set()
        return event
