"""The pool of language processes: one article can harm nobody else.

Each process has a pipe of its own and works on one article at a time, with the next one already waiting in
the pipe. A process that takes too long over an article is killed and that article refused. One that dies is
replaced and its article gets a second process, since the death may have had another cause; only an article
over which two died is refused. What waited behind it goes to another process.

Why not a pool of a library: `concurrent.futures` gives up the whole pool and cannot say who was to blame,
and others share one pipe and its locks among all processes, so that a killed one may leave the rest waiting.
"""

import asyncio
import multiprocessing
import os
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from schemas.errors import BadMessage
from streams.agents import logs, metrics
from streams.processes import Done, Job, died, serve, timed_out

log = logs.get(__name__)

Result = Done | BadMessage

DEPTH = 2
"""Articles handed to a process: the one it works on and the next."""

DEATHS = 2
"""An article over which so many processes died is refused."""

GRACE_SECONDS = 0.2

FALSE_STARTS = 3
"""So many processes that die one after the other before they are ready: it is not chance."""


@dataclass(eq=False)
class _Task:
    job: Job
    result: asyncio.Future[Result]
    started: float = field(default_factory=time.monotonic)
    deaths: int = 0


@dataclass(eq=False)
class _Process:
    process: SpawnProcess
    pipe: Connection
    tasks: deque[_Task] = field(default_factory=deque)
    ready: bool = False
    timer: asyncio.TimerHandle | None = None
    overdue: bool = False


class ExtractionPool:
    """`processes` language processes; `limit` seconds for an article. Belongs to one event loop."""

    def __init__(
        self, *, processes: int, limit: float, extraction: str = "on", max_age: timedelta | None = None
    ) -> None:
        self.processes = processes
        self._limit = limit
        self._arguments = (os.getpid(), extraction, max_age)
        self._waiting: deque[_Task] = deque()
        self._living: list[_Process] = []
        self._false_starts = 0
        self._first_ready: asyncio.Future[None] | None = None

    async def start(self, limit: float) -> None:
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

    async def read(self, job: Job) -> Result:
        """Read one article. Raises RuntimeError when processes cannot be started any more."""
        task = _Task(job, asyncio.get_running_loop().create_future())
        self._waiting.append(task)
        self._dispatch()
        result = await task.result
        metrics.EXTRACTION.observe(time.monotonic() - task.started)
        return result

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
        process.start()
        theirs.close()  # so that our end sees it when the process ends
        member = _Process(process, ours)
        self._living.append(member)
        asyncio.get_running_loop().add_reader(ours.fileno(), self._receive, member)

    def _dispatch(self) -> None:
        """Hand waiting articles to processes: first to those that have none."""
        for depth in range(DEPTH):
            for member in self._living:
                if not self._waiting:
                    return
                if member.ready and len(member.tasks) == depth:
                    task = self._waiting.popleft()
                    member.tasks.append(task)
                    if depth == 0:
                        self._time(member)
                    try:
                        member.pipe.send(task.job)
                    except OSError:  # it is dying; its end of the pipe will say so
                        return

    def _time(self, member: _Process) -> None:
        """Give the article at the head its time."""
        if member.timer is not None:
            member.timer.cancel()
        member.timer = None
        if member.tasks:
            loop = asyncio.get_running_loop()
            member.timer = loop.call_later(self._limit, self._expire, member)

    def _expire(self, member: _Process) -> None:
        if member in self._living and not member.pipe.poll():
            member.overdue = True
            member.process.kill()

    def _receive(self, member: _Process) -> None:
        """Take what a process says: that it is ready, a result, or its end."""
        try:
            said: Result | None = member.pipe.recv()
        except (EOFError, OSError):
            self._replace(member)
            return
        if said is None:
            member.ready = True
            self._false_starts = 0
            if self._first_ready is not None and not self._first_ready.done():
                self._first_ready.set_result(None)
        else:
            task = member.tasks.popleft()
            if not task.result.done():
                task.result.set_result(said)
            self._time(member)
        self._dispatch()

    def _replace(self, member: _Process) -> None:
        """A process ended: see to what it was working on, give the rest to others, start another."""
        exit_code = self._bury(member)
        metrics.REPAIRS.labels("timeout" if member.overdue else "died").inc()
        log.warning("a language process ended", exit_code=exit_code, overdue=member.overdue)
        if member.tasks:
            task = member.tasks[0]
            task.deaths += 1
            if member.overdue or task.deaths >= DEATHS:
                member.tasks.popleft()
                if not task.result.done():
                    task.result.set_result(timed_out(self._limit) if member.overdue else died(exit_code))
            self._waiting.extendleft(reversed(member.tasks))
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
        asyncio.get_event_loop_policy().get_event_loop().remove_reader(member.pipe.fileno())
        member.pipe.close()
        member.process.join(GRACE_SECONDS)  # one that is ending by itself has an exit code of its own
        member.process.kill()
        member.process.join()
        exit_code = member.process.exitcode or 0
        member.process.close()
        return exit_code
