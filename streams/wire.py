"""The worker's end of a pipe to a language process: the event loop never waits for it.

The other end sends and receives with `multiprocessing.connection`, whose `send` waits until the receiver has
read. A process that is busy with a hard article does not read, so a worker that sent it the next few large
ones would stand still with it, time limits and all. Here what does not fit into the pipe waits in memory.
"""

import asyncio
import os
import pickle
import struct
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any

READ = 1 << 18
SHORT = struct.Struct("!i")
LONG = struct.Struct("!iQ")
"""The length before each message, as `multiprocessing.connection` writes it: -1, and then a long one."""


class Wire:
    """Sends and receives objects over `pipe`, which it owns.

    `received` is called with each object, `ended` once, when the other end is closed.
    """

    def __init__(self, pipe: Connection, received: Callable[[Any], None], ended: Callable[[], None]) -> None:
        self._pipe = pipe
        self._received = received
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        self._out: deque[memoryview] = deque()
        self._in = bytearray()
        os.set_blocking(pipe.fileno(), False)
        self._loop.add_reader(pipe.fileno(), self._read)

    def send(self, message: object) -> None:
        """Send one object; what the pipe does not take now is sent when it does."""
        data = ForkingPickler.dumps(message)
        size = len(data)
        head = SHORT.pack(size) if size <= 0x7FFFFFFF else LONG.pack(-1, size)
        waiting = bool(self._out)
        self._out += (memoryview(head), memoryview(data))
        if not waiting:
            self._write()

    def pending(self) -> bool:
        """Whether something has come that was not read yet."""
        return self._pipe.poll()

    def close(self) -> None:
        """Let go of the pipe."""
        self._loop.remove_reader(self._pipe.fileno())
        self._loop.remove_writer(self._pipe.fileno())
        self._pipe.close()

    def _write(self) -> None:
        number = self._pipe.fileno()
        try:
            while self._out:
                sent = os.writev(number, list(self._out)[:2])
                while self._out and sent >= len(self._out[0]):
                    sent -= len(self._out.popleft())
                if self._out:
                    self._out[0] = self._out[0][sent:]
        except BlockingIOError:
            self._loop.add_writer(number, self._write)
            return
        except OSError:  # it is dying; what comes from its end will say so
            self._out.clear()
        self._loop.remove_writer(number)

    def _read(self) -> None:
        try:
            data = os.read(self._pipe.fileno(), READ)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._ended()
            return
        self._in += data
        while (message := self._next()) is not None:
            self._received(pickle.loads(message))  # noqa: S301 - our own process wrote it

    def _next(self) -> bytes | None:
        """Take the first whole message out of what has come."""
        if len(self._in) < SHORT.size:
            return None
        (size,) = SHORT.unpack_from(self._in)
        start = SHORT.size
        if size == -1:
            if len(self._in) < LONG.size:
                return None
            _mark, size = LONG.unpack_from(self._in)
            start = LONG.size
        if len(self._in) < start + size:
            return None
        message = bytes(self._in[start : start + size])
        del self._in[: start + size]
        return message
