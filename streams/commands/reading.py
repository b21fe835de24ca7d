"""Lines of a file through the language processes: side by side, but out in the order they came in.

`extract` and `replay` read a file of articles with all cores. Only a few lines for each process are under
way at a time, so memory stays flat however long the file is, and a line that hangs or kills its process
costs itself alone.
"""

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import TimeoutError as TaskTimeout
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Generic, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from schemas import Article, BadMessage, Event, Reading
from streams.pipeline import Extract, read

T = TypeVar("T")

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
class Outcome(Generic[T]):
    """What came of a line: the rendered Reading, or why there is none."""

    line: Line
    result: T | BadMessage


def lines(stream: IO[bytes]) -> Iterator[Line]:
    """The lines of `stream` that hold anything but white space."""
    end = 0
    for number, raw in enumerate(stream, 1):
        end += len(raw)
        if not raw.isspace():
            yield Line(number, raw.rstrip(b"\r\n"), end)


def load_extractor() -> Extract:
    """The extractor, as the pipeline calls it. Takes a second and some hundred MB."""
    from streams.extraction.extractor import Extractor  # noqa: PLC0415 - the language processes alone load it

    extractor = Extractor.load()

    def extract(article: Article, content_hash: str) -> tuple[tuple[Event, ...], str | None]:
        found = extractor.read(article, content_hash)
        return found.events, found.fingerprint

    return extract


def read_all(
    source: Iterable[Line],
    render: Callable[[Reading], T],
    *,
    now: datetime,
    workers: int | None = None,
    limit: float = ARTICLE_LIMIT,
    load: Callable[[], Extract] = load_extractor,
) -> Generator[Outcome[T], None, None]:
    """Read every line as an article, and `render` its Reading; in the order of `source`.

    `render` and `load` run in the processes and must be functions of a module. `workers`: one for each
    core unless said otherwise. `now` says which dates lie in the future. Raises RuntimeError where the
    processes cannot start (what they say themselves is on stderr).
    """
    count = workers or available_cores()
    with ExitStack() as stack:
        pool = stack.enter_context(_pool(count, load))
        stack.callback(pool.stop)  # also when the consumer goes away in the middle
        under_way: deque[tuple[Line, ProcessFuture]] = deque()
        for line in source:
            under_way.append((line, pool.schedule(_read, args=(line.raw, render, now), timeout=limit)))
            if len(under_way) >= count * AHEAD:
                yield _outcome(*under_way.popleft(), limit)
        while under_way:
            yield _outcome(*under_way.popleft(), limit)


def available_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _pool(count: int, load: Callable[[], Extract]) -> ProcessPool:
    context = multiprocessing.get_context("spawn")  # a fork would copy threads' locks in any state
    return ProcessPool(max_workers=count, context=context, initializer=_start, initargs=(load,))


def _outcome(line: Line, future: ProcessFuture, limit: float) -> Outcome[Any]:
    try:
        return Outcome(line, future.result())
    except BadMessage as error:
        return Outcome(line, error)
    except TaskTimeout:
        reason = f"reading took longer than {limit:g} s and was ended"
        return Outcome(line, BadMessage(reason, stage="extract", kind="timeout"))
    except ProcessExpired as error:
        reason = f"the process that read it died (exit code {error.exitcode})"
        return Outcome(line, BadMessage(reason, stage="extract", kind="crash"))


_extract: Extract | None = None


def _start(load: Callable[[], Extract]) -> None:
    global _extract  # noqa: PLW0603 - a pool's initializer has no other place to put it
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command decides what a Ctrl-C means
    _extract = load()


def _read(raw: bytes, render: Callable[[Reading], T], now: datetime) -> T:
    assert _extract is not None, "_start comes first"
    return render(read(raw, _extract, now=now))
