"""A line of work: many articles under way at once, finished and acknowledged in the order they came.

Faust hands over one event at a time and acknowledges it when the body asks for the next. To keep several
processes busy the body takes acknowledging over: events enter a bounded line, their work runs side by side,
and from the head of the line what is ready is delivered and only then acknowledged. So what is acknowledged
is always a prefix of what came, the line's length bounds memory, and a stop waits for the line alone.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Any, Generic, TypeVar

from faust.types import EventT, StreamT

from streams.agents.delivery import Message, Sender
from streams.agents.fatal import guarded

T = TypeVar("T")


async def manual_events(stream: StreamT[Any]) -> AsyncIterator[EventT]:
    """The stream's events, acknowledged only by their own `ack`. Tombstones come through too."""
    stream.enable_acks = False
    async for event in stream.events():
        yield event


class Line(Generic[T]):
    """At most `length` events under way.

    `start` begins the work on an event, `word` makes of its result the one message that stands for it.
    """

    def __init__(
        self,
        start: Callable[[EventT], asyncio.Future[T]],
        word: Callable[[EventT, T], Message],
        sender: Sender,
        length: int,
    ) -> None:
        self._start = start
        self._word = word
        self._sender = sender
        self._length = length
        self._entries: deque[tuple[EventT, asyncio.Future[T]]] = deque()
        self._arrived = asyncio.Event()
        self._room = asyncio.Event()
        self._finisher: asyncio.Task[None] | None = None

    async def put(self, event: EventT) -> None:
        """Start work on `event`; waits while the line is full."""
        if self._finisher is None:
            self._finisher = asyncio.create_task(guarded("delivery of readings", self._finish))
        while len(self._entries) >= self._length:
            self._room.clear()
            await self._room.wait()
        self._entries.append((event, self._start(event)))
        self._arrived.set()

    async def _finish(self) -> None:
        while True:
            while not self._entries:
                self._arrived.clear()
                await self._arrived.wait()
            await asyncio.wait([self._entries[0][1]])
            messages = []
            for event, result in self._entries:
                if not result.done():
                    break
                messages.append(self._word(event, result.result()))
            await self._sender.deliver(messages)
            for _message in messages:
                self._entries.popleft()[0].ack()
            self._room.set()
