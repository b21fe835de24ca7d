"""Whether this process was frozen: for how long did its event loop not turn?

A worker that was stopped (a suspended machine, a debugger, SIGSTOP) for longer than its session is no longer
in the group, and another has its partitions. What it still holds in memory must not be written.
"""

import asyncio
import time
from collections.abc import Callable

from streams.agents import fatal

BEAT_SECONDS = 0.5


class Pulse:
    """Beats on the event loop; `check` ends the process when it missed beats for `limit` seconds."""

    def __init__(self, limit: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._last: float | None = None

    async def beat(self) -> None:
        """Runs for ever; what was before its first beat does not count."""
        while True:
            self.check()
            self._last = self._clock()
            await asyncio.sleep(BEAT_SECONDS)

    def check(self) -> None:
        """To be called before anything is written that another worker may have overtaken."""
        frozen = 0.0 if self._last is None else self._clock() - self._last
        if frozen > self._limit:
            fatal.end(f"this process stood still for {frozen:.0f} s; another may have taken over its work")
