"""Several partitions in one order: by the time of their records, as far as they are there.

A worker that comes back to a backlog is given one partition's records after the other's, days of news at a
time, and stream time would leap over what the other partitions still hold. So the records that wait here are
taken by their timestamps, and for a partition that has nothing here yet a moment is waited, but only while
old records are worked off: fresh news never waits. (Kafka Streams chooses among its partitions likewise.)
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from heapq import heappop, heappush, heapreplace

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
        self._heads: list[tuple[float, int]] = []
        self._dry_since: dict[int, float] = {}
        self._count = 0
        self._arrived = asyncio.Event()
        self._room = asyncio.Event()
        self._known: Collection[int] = ()
        self._known_at = -ASK_SECONDS

    async def put(self, events: Iterable[EventT]) -> None:
        """Let `events` wait for their turn; waits itself while the room is full."""
        while self._count >= self._size:
            self._room.clear()
            await self._room.wait()
        for event in events:
            number = event.message.partition
            queue = self._waiting.setdefault(number, deque())
            if not queue:
                heappush(self._heads, (event.message.timestamp or 0.0, number))
            queue.append(event)
            self._count += 1
        self._arrived.set()

    async def take(self, limit: int) -> list[EventT]:
        """Up to `limit` events whose turn it is: the oldest first, each partition's in their order."""
        while True:
            taken = self._due(limit)
            if taken:
                self._room.set()
                return taken
            self._arrived.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._arrived.wait(), self._patience() if self._heads else None)

    def _due(self, limit: int) -> list[EventT]:
        taken: list[EventT] = []
        some_dry = True
        while self._heads and len(taken) < limit:
            if some_dry and self._count < self._size and self._patience() > 0:
                break
            _oldest, number = self._heads[0]
            queue = self._waiting[number]
            taken.append(queue.popleft())
            self._count -= 1
            some_dry = not queue or self._count == self._size - 1
            if queue:
                heapreplace(self._heads, (queue[0].message.timestamp or 0.0, number))
            else:
                heappop(self._heads)
                self._dry_since[number] = self._monotonic()
        return taken

    def _patience(self) -> float:
        """How long to wait for partitions that have nothing here; 0 where there is no reason to."""
        oldest, _number = self._heads[0]
        if self._now() - oldest < BACKLOG_SECONDS:
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
