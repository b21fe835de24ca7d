"""The pool of language processes: one article can harm nobody else.

Each article is a task of its own with a time limit. A process that hangs is ended, one that dies is
replaced, and in both cases exactly the article it held is refused.
"""

import asyncio
import multiprocessing
import os
import time
from concurrent.futures import TimeoutError as TaskTimeout
from datetime import timedelta

from pebble import ProcessExpired, ProcessPool

from schemas.errors import BadMessage
from streams.agents import metrics
from streams.processes import Done, Job, died, start_process, timed_out, work


class ExtractionPool:
    """`processes` language processes; `limit` seconds for an article."""

    def __init__(
        self, *, processes: int, limit: float, extraction: str = "on", max_age: timedelta | None = None
    ) -> None:
        self.processes = processes
        self._limit = limit
        self._pool = ProcessPool(
            max_workers=processes,
            context=multiprocessing.get_context("spawn"),
            initializer=start_process,
            initargs=(os.getpid(), extraction, max_age),
        )

    async def read(self, job: Job) -> Done | BadMessage:
        """Read one article. A process that is lost over it costs this article alone."""
        started = time.monotonic()
        try:
            done: Done | BadMessage = await asyncio.wrap_future(
                self._pool.schedule(work, args=(job,), timeout=self._limit)
            )
        except TaskTimeout:
            metrics.REPAIRS.labels("timeout").inc()
            return timed_out(self._limit)
        except ProcessExpired as error:
            metrics.REPAIRS.labels("died").inc()
            return died(error.exitcode)
        metrics.EXTRACTION.observe(time.monotonic() - started)
        return done

    def stop(self) -> None:
        """End all processes now."""
        self._pool.stop()
        self._pool.join()
