"""The pool of language processes: one article can harm nobody else.

Each process has a pipe of its own. It is given a few articles at a time, and the next few already wait in
its pipe. When it takes too long over them or dies, they go to another process one by one, so that the one to
blame is found: an article that takes too long by itself, or over which two processes died, is refused.

Why not a pool of a library: `concurrent.futures` gives up the whole pool and cannot say who was to blame,
and others share one pipe and its locks among all processes, so that a killed one may leave the rest waiting.
"""

import asyncio
import multiprocessing
import os
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from multiprocessing.context import SpawnProcess
from types import ModuleType

from schemas.errors import BadMessage
from streams.processes import Done, Job, died, serve, timed_out
from streams.wire import Wire

Result = Done | BadMessage

DEPTH = 2
"""Bundles handed to a process: the one it works on and the next."""

BUNDLE = 16
"""Articles in a bundle, at most: what a pipe's round trip costs is shared among them."""

DEATHS = 2
"""An article over which so many processes died is refused."""

GRACE_SECONDS = 0.2

WARM_UP_SECONDS = 120.0
"""The first language process must be up by then, unless its user says otherwise."""

FALSE_STARTS = 3
"""So many processes that die one after the other before they are ready: it is not chance."""


class Observer:
    """What a pool tells of itself; by default nobody listens."""

    def read(self, seconds: float) -> None:
        """An article has its result, so long after it was handed in."""

    def repaired(self, exit_code: int, *, overdue: bool) -> None:
        """A process ended, or was ended because it took too long; another takes its place."""


@dataclass(eq=False)
class _Task:
    job: Job
    result: asyncio.Future[Result]
    observer: Observer
    started: float = field(default_factory=time.monotonic)
    alone: bool = False
    deaths: int = 0

    def finish(self, result: Result) -> None:
        """Hand the result over, unless nobody waits for it any more."""
        if not self.result.done():
            self.result.set_result(result)
            self.observer.read(time.monotonic() - self.started)


@dataclass(eq=False)
class _Process:
    process: SpawnProcess
    wire: Wire = field(init=False)
    bundles: deque[list[_Task]] = field(default_factory=deque)
    ready: bool = False
    begun: bool = False
    timer: asyncio.TimerHandle | None = None
    overdue: bool = False


class ExtractionPool:
    """`processes` language processes; `limit` seconds for an article. Belongs to one event loop.

    `extraction` and `max_age`: see `start_process`.
    """

    def __init__(
        self,
        *,
        processes: int,
        limit: float,
        extraction: str = "on",
        max_age: timedelta | None = None,
        observer: Observer | None = None,
    ) -> None:
        self.processes = processes
        self._observer = observer or Observer()
        self._limit = limit
        self._arguments = (os.getpid(), extraction, max_age)
        self._waiting: deque[_Task] = deque()
        self._living: list[_Process] = []
        self._dispatching = False
        self._false_starts = 0
        self._first_ready: asyncio.Future[None] | None = None

    async def start(self, limit: float = WARM_UP_SECONDS) -> None:
        """Start the processes and wait until one can work.

        Raises RuntimeError when none can within `limit` seconds; what went wrong is on stderr.
        """
        self._first_ready = asyncio.get_running_loop().create_future()
        for _ in range(self.processes):
            self._spawn()
        try:
            await asyncio.wait_for(self._first_ready, limit)
        except TimeoutError:
            raise RuntimeError(f"no language process was ready after {limit:g} s") from None

    def read(self, job: Job) -> asyncio.Future[Result]:
        """Read one article. The future raises RuntimeError when processes cannot be started any more."""
        task = _Task(job, asyncio.get_running_loop().create_future(), self._observer)
        self._waiting.append(task)
        if not self._dispatching:  # once for all that come in this turn of the loop
            self._dispatching = True
            asyncio.get_running_loop().call_soon(self._dispatch)
        return task.result

    def stop(self) -> None:
        """End all processes now."""
        for member in self._living:
            member.process.kill()
        while self._living:
            self._bury(self._living[-1])

    def _spawn(self) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would copy threads' locks in any state
        ours, theirs = context.Pipe()
        process = context.Process(target=serve, args=(theirs, *self._arguments), daemon=True)
        with _without_main():
            process.start()
        theirs.close()  # so that our end sees it when the process ends
        member = _Process(process)
        member.wire = Wire(ours, partial(self._receive, member), partial(self._replace, member))
        self._living.append(member)

    def _dispatch(self) -> None:
        """Hand waiting articles to processes: first to those that have none."""
        self._dispatching = False
        for depth in range(DEPTH):
            for member in self._living:
                if not self._waiting:
                    return
                if member.ready and len(member.bundles) == depth:
                    bundle = self._next_bundle()
                    member.bundles.append(bundle)
                    if depth == 0:
                        self._time(member)
                    member.wire.send([task.job for task in bundle])

    def _next_bundle(self) -> list[_Task]:
        """Some of what waits, so that there is something left for the others; a suspect goes alone."""
        share = -(-len(self._waiting) // (DEPTH * self.processes))
        bundle = [self._waiting.popleft()]
        while not bundle[0].alone and self._waiting and len(bundle) < min(share, BUNDLE):
            if self._waiting[0].alone:
                break
            bundle.append(self._waiting.popleft())
        return bundle

    def _time(self, member: _Process) -> None:
        """Give the bundle at the head its time: as much as one article may take."""
        if member.timer is not None:
            member.timer.cancel()
        member.timer = None
        if member.bundles:
            loop = asyncio.get_running_loop()
            member.timer = loop.call_later(self._limit, self._expire, member)

    def _expire(self, member: _Process) -> None:
        if member in self._living and not member.wire.pending():
            member.overdue = True
            member.process.kill()

    def _receive(self, member: _Process, said: list[Result] | None) -> None:
        """Take what a process says: that it is ready, that it has begun with a bundle, or results."""
        if said is None and member.ready:
            member.begun = True
            return
        if said is None:
            member.ready = True
            self._false_starts = 0
            if self._first_ready is not None and not self._first_ready.done():
                self._first_ready.set_result(None)
        else:
            for task, result in zip(member.bundles.popleft(), said, strict=True):
                task.finish(result)
            member.begun = False
            self._time(member)
        self._dispatch()

    def _replace(self, member: _Process) -> None:
        """A process ended: see to what it was working on, give the rest to others, start another."""
        exit_code = self._bury(member)
        self._observer.repaired(exit_code, overdue=member.overdue)
        at_work = member.begun or member.overdue  # who ended before that is not to be blamed on an article
        suspects = member.bundles.popleft() if member.bundles and at_work else []
        for task in suspects:
            if not member.overdue:
                task.deaths += 1
            task.alone = True
        if len(suspects) == 1 and (member.overdue or suspects[0].deaths >= DEATHS):
            suspects.pop().finish(timed_out(self._limit) if member.overdue else died(exit_code))
        again = [*suspects, *(task for bundle in member.bundles for task in bundle)]
        self._waiting.extendleft(reversed(again))
        self._false_starts += not member.ready
        if self._false_starts >= FALSE_STARTS:
            self._give_up(f"{self._false_starts} language processes ended before they were ready")
            return
        self._spawn()
        self._dispatch()

    def _give_up(self, why: str) -> None:
        error = RuntimeError(f"{why}; what they said is on stderr")
        for result in (self._first_ready, *(task.result for task in self._waiting)):
            if result is not None and not result.done():
                result.set_exception(error)
        self._waiting.clear()

    def _bury(self, member: _Process) -> int:
        """End a process and close its pipe; its exit code."""
        self._living.remove(member)
        if member.timer is not None:
            member.timer.cancel()
        member.wire.close()
        member.process.join(GRACE_SECONDS)  # one that is ending by itself has an exit code of its own
        member.process.kill()
        member.process.join()
        exit_code = member.process.exitcode or 0
        member.process.close()
        return exit_code


@contextmanager
def _without_main() -> Iterator[None]:
    """Keep a spawned process from running our main script again: it needs nothing there."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
