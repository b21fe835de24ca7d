"""The language processes: a pool in which one article can harm nobody else.

Each article is a task of its own with a time limit. A process that hangs is ended, one that dies is
replaced, and in both cases exactly the article it held is refused. Processes end with their worker: on Linux
the kernel ends them (PR_SET_PDEATHSIG), elsewhere each looks for its parent once a second.
"""

import asyncio
import ctypes
import multiprocessing
import os
import signal
import sys
import threading
import time
from concurrent.futures import TimeoutError as TaskTimeout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pebble import ProcessExpired, ProcessPool

from schemas.articles import Article
from schemas.codec import encode
from schemas.errors import BadMessage
from schemas.events import Event, Origin
from streams.agents import logs, metrics
from streams.pipeline import LANGUAGES, Extract, read

log = logs.get(__name__)

PR_SET_PDEATHSIG = 1
MAX_READING_BYTES = 7 << 20
"""A reading must fit into a record of events.v1 (8 MiB) with its headers."""


@dataclass(frozen=True, slots=True)
class Job:
    """One record of `articles.v1` on its way through the pool; `received_at` in epoch seconds."""

    raw: bytes
    received_at: float
    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it: the encoded Reading and what the log and the counters want to know of it."""

    reading: bytes
    article_id: str
    events: int
    late: bool
    passed_over: str | None


_extract: Extract | None = None
_max_age: timedelta | None = None


def _nothing(_article: Article, _content_hash: str) -> tuple[tuple[Event, ...], str | None]:
    """Extraction switched off: for measuring delivery alone."""
    return (), None


def start_process(parent: int, extraction: bool, max_age: timedelta | None) -> None:
    """Make this process a language process of `parent`: load the extractor once."""
    global _extract, _max_age  # noqa: PLW0603 - a pool's initializer has no other place to put it
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the worker decides when to stop, not the terminal
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    die_with(parent)
    _max_age = max_age
    if not extraction:
        _extract = _nothing
        return
    from streams.extraction.extractor import Extractor  # noqa: PLC0415 - these alone carry the language data

    extractor = Extractor.load()

    def extract(article: Article, content_hash: str) -> tuple[tuple[Event, ...], str | None]:
        found = extractor.read(article, content_hash)
        return found.events, found.fingerprint

    _extract = extract


def die_with(parent: int) -> None:
    """End this process when `parent` ends, however it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_watch_parent, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it ended before we could ask
        os._exit(1)


def _watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def work(job: Job) -> Done | BadMessage:
    """Read one article; runs in a language process."""
    assert _extract is not None, "start_process comes first"
    received_at = datetime.fromtimestamp(job.received_at, UTC)
    try:
        reading = read(
            job.raw,
            _extract,
            now=received_at,
            received_at=received_at,
            max_age=_max_age,
            origin=Origin(partition=job.partition, offset=job.offset),
        )
    except BadMessage as error:
        return error
    encoded = encode(reading)
    if len(encoded) > MAX_READING_BYTES:
        return BadMessage(
            f"the reading has {len(encoded)} bytes; at most {MAX_READING_BYTES} can be sent",
            stage="extract",
            kind="too_large",
        )
    unread = None if reading.language.split("-")[0] in LANGUAGES else "language"
    return Done(encoded, reading.article_id, len(reading.events), reading.late, unread)


class ExtractionPool:
    """`processes` language processes; `limit` seconds for an article."""

    def __init__(
        self, *, processes: int, limit: float, extraction: bool = True, max_age: timedelta | None = None
    ) -> None:
        self._limit = limit
        self._pool = ProcessPool(
            max_workers=processes,
            context=multiprocessing.get_context("spawn"),
            initializer=start_process,
            initargs=(os.getpid(), extraction, max_age),
        )
        self.processes = processes

    async def warm_up(self) -> None:
        """Wait until a process is ready; raises what made it fail."""
        await asyncio.wrap_future(self._pool.schedule(_ready))

    async def read(self, job: Job) -> Done | BadMessage:
        """Read one article. A process that is lost over it costs this article alone."""
        started = time.monotonic()
        try:
            done: Done | BadMessage = await asyncio.wrap_future(
                self._pool.schedule(work, args=(job,), timeout=self._limit)
            )
        except TaskTimeout:
            metrics.REPAIRS.labels("timeout").inc()
            return BadMessage(
                f"reading took longer than {self._limit:g} s and was ended", stage="extract", kind="timeout"
            )
        except ProcessExpired as error:
            metrics.REPAIRS.labels("died").inc()
            return BadMessage(
                f"the process that read it died (exit code {error.exitcode})", stage="extract", kind="crash"
            )
        metrics.EXTRACTION.observe(time.monotonic() - started)
        return done

    def stop(self) -> None:
        """End all processes now."""
        self._pool.stop()
        self._pool.join()


def _ready() -> bool:
    return True
