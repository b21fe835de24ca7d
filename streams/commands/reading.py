"""Lines of a file through the language processes: side by side, but out in the order they came in.

`extract` and `replay` read a file of articles with all cores. Only a few lines for each process are under
way at a time, so memory stays flat however long the file is, and a line that hangs or kills its process
costs itself alone.
"""

import multiprocessing
import os
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import TimeoutError as TaskTimeout
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from schemas import BadMessage
from streams.processes import Done, Job, died, start_process, timed_out, work

ARTICLE_LIMIT = 20.0
"""Seconds that one article may take; the same as a worker's default."""

AHEAD = 16
"""Lines under way for each process: enough that none waits while the oldest line is still being read."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: its number from 1, its bytes without the line break, and where it ended."""

    number: int
    raw: bytes
    end: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a line: its Reading, encoded, or why there is none."""

    line: Line
    result: bytes | BadMessage


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The file's bytes; standard input for `-`."""
    if str(path) == "-":
        yield sys.stdin.buffer
    else:
        with path.open("rb") as stream:
            yield stream


def lines(stream: IO[bytes]) -> Iterator[Line]:
    """The lines of `stream` that hold anything but white space."""
    end = 0
    for number, raw in enumerate(stream, 1):
        end += len(raw)
        if not raw.isspace():
            yield Line(number, raw.rstrip(b"\r\n"), end)


def read_all(
    source: Iterable[Line],
    *,
    now: datetime,
    workers: int | None = None,
    limit: float = ARTICLE_LIMIT,
    extraction: str = "on",
) -> Generator[Outcome, None, None]:
    """Read every line as an article; what came of it, in the order of `source`.

    `workers`: one for each core unless said otherwise. `now` says which dates lie in the future.
    `extraction`: see `start_process`. Raises RuntimeError where the processes cannot start (what they say of
    it is on stderr).
    """
    count = workers or available_cores()
    under_way: deque[tuple[Line, ProcessFuture]] = deque()
    pool = ProcessPool(
        max_workers=count,
        context=multiprocessing.get_context("spawn"),  # a fork would copy threads' locks in any state
        initializer=start_process,
        initargs=(os.getpid(), extraction, None),
    )
    try:
        for line in source:
            job = Job(line.raw, now=now.timestamp())
            under_way.append((line, pool.schedule(work, args=(job,), timeout=limit)))
            if len(under_way) >= count * AHEAD:
                yield _outcome(*under_way.popleft(), limit)
        while under_way:
            yield _outcome(*under_way.popleft(), limit)
    finally:  # also when the consumer goes away in the middle
        pool.stop()
        pool.join()


def available_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _outcome(line: Line, future: ProcessFuture, limit: float) -> Outcome:
    try:
        done: Done | BadMessage = future.result()
    except TaskTimeout:
        return Outcome(line, timed_out(limit))
    except ProcessExpired as error:
        return Outcome(line, died(error.exitcode))
    return Outcome(line, done.reading if isinstance(done, Done) else done)
