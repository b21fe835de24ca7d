"""A line of work: many articles under way at once, finished and acknowledged in the order they came.

Faust acknowledges an event when the agent's body asks for the next. To keep several processes busy the body
takes acknowledging over: events enter a bounded line, their work runs side by side,
and from the head of the line what is ready is delivered and only then acknowledged. So what is acknowledged
is always a prefix of what came, the line's length bounds memory, and a stop waits for the line alone.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from faust.types import EventT

from streams.agents.delivery import Message, Sender
from streams.agents.fatal import guarded

T = TypeVar("T")


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

    async def put(self, events: Iterable[EventT]) -> None:
        """Start work on `events`, one after the other; waits while the line is full."""
        if self._finisher is None:
            self._finisher = asyncio.create_task(guarded("delivery of readings", self._finish))
        for event in events:
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
