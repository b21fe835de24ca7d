"""A line of work: many articles under way at once, finished and acknowledged in the order they came.

Faust hands over one event at a time and acknowledges it when the body asks for the next. To keep several
processes busy the body takes acknowledging over: events enter a bounded line, their work runs side by side,
and from the head of the line what is ready is delivered and only then acknowledged. So what is acknowledged
is always a prefix of what came, the line's length bounds memory, and a stop waits for the line alone.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from faust.types import EventT, StreamT

from streams.agents.delivery import Message, Sender
from streams.agents.fatal import guarded

Work = Callable[[EventT], Awaitable[Message]]
"""What is to be sent for one event."""


async def manual_events(stream: StreamT[Any]) -> AsyncIterator[EventT]:
    """The stream's events, acknowledged only by their own `ack`. Tombstones come through too."""
    stream.enable_acks = False
    async for event in stream.events():
        yield event


class Line:
    """At most `length` events under way; `work` makes of each the one message that stands for it."""

    def __init__(self, work: Work, sender: Sender, length: int) -> None:
        self._work = work
        self._sender = sender
        self._length = length
        self._entries: deque[tuple[EventT, asyncio.Future[Message]]] = deque()
        self._changed = asyncio.Condition()
        self._finisher: asyncio.Task[None] | None = None

    async def put(self, event: EventT) -> None:
        """Start work on `event`; waits while the line is full."""
        if self._finisher is None:
            self._finisher = asyncio.create_task(guarded("delivery of readings", self._finish))
        async with self._changed:
            await self._changed.wait_for(lambda: len(self._entries) < self._length)
            self._entries.append((event, asyncio.ensure_future(self._work(event))))
            self._changed.notify_all()

    async def _finish(self) -> None:
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: bool(self._entries))
            await asyncio.wait([self._entries[0][1]])
            ready = []
            for event, result in self._entries:
                if not result.done():
                    break
                ready.append((event, result.result()))
            await self._sender.deliver([message for _event, message in ready])
            async with self._changed:
                for event, _message in ready:
                    event.ack()
                    self._entries.popleft()
                self._changed.notify_all()
