"""Lines of a file through the language processes: side by side, but out in the order they came in.

`extract` and `replay` read a file of articles with all cores. Only a few lines for each process are under
way at a time, so memory stays flat however long the file is, and a line that hangs or kills its process
costs itself alone.
"""

import asyncio
import os
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO

from schemas import BadMessage
from streams.pool import BUNDLE, DEPTH, ExtractionPool, Result
from streams.processes import Done, Job

ARTICLE_LIMIT = 20.0
"""Seconds that one article may take; the same as a worker's default."""

AHEAD = (DEPTH + 1) * BUNDLE
"""Lines under way for each process: what it was given and as much again, so that none waits for the next."""

TURN = BUNDLE
"""Outcomes handed out before the processes are looked after again."""


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
    left, under_way = iter(source), deque[tuple[Line, asyncio.Future[Result]]]()
    with asyncio.Runner() as runner:
        pool = ExtractionPool(processes=count, limit=limit, extraction=extraction)

        async def go_on() -> bool:
            """Hand in as much as may be under way, and wait for the oldest; whether there is one."""
            for line in islice(left, count * AHEAD - len(under_way)):
                under_way.append((line, pool.read(Job(line.raw, now=now.timestamp()))))
            if under_way:
                await under_way[0][1]
            return bool(under_way)

        try:
            runner.run(pool.start())
            while runner.run(go_on()):
                for _ in range(TURN):
                    if under_way and under_way[0][1].done():
                        line, future = under_way.popleft()
                        yield _outcome(line, future.result())
        finally:  # also when the consumer goes away in the middle
            pool.stop()


def available_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _outcome(line: Line, result: Result) -> Outcome:
    return Outcome(line, result.reading if isinstance(result, Done) else result)
