"""Language processes: what runs in them, and how they end.

Each loads the extractor once and turns records of `articles.v1` into Readings. They end with the process
that started them: on Linux the kernel ends them (PR_SET_PDEATHSIG), elsewhere each looks for its parent once
a second.
"""

import ctypes
import importlib
import os
import signal
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from typing import NamedTuple

from schemas.articles import Article
from schemas.codec import encode
from schemas.errors import BadMessage
from schemas.events import Event, Origin
from streams.reading import LANGUAGES, Extract, read

PR_SET_PDEATHSIG = 1
MAX_READING_BYTES = 7 << 20
"""A reading must fit into a record of events.v1 (8 MiB) with its headers."""

WARM_UP = Article(
    id="warm-up",
    title="Bomb kills three in market",
    body="KABUL - At least three people were killed and five were injured when a bomb exploded in a market in"
    " Kabul on Monday, police said. The government sent 200 soldiers and two battalions to the city.",
    published_at=datetime(2026, 1, 6, tzinfo=UTC),
)


class Job(NamedTuple):
    """One record of `articles.v1`; times in epoch seconds.

    `received_at`, `partition` and `offset` are None in a replay. (A tuple: it crosses to another process.)
    """

    raw: bytes
    now: float
    received_at: float | None = None
    partition: int | None = None
    offset: int | None = None


class Done(NamedTuple):
    """What came of it: the encoded Reading, and what counters and logs want to know of it."""

    reading: bytes
    article_id: str
    events: int
    late: bool
    passed_over: str | None


class _Process:
    """What a language process keeps between its jobs."""

    extract: Extract | None = None
    max_age: timedelta | None = None


def start_process(parent: int, extraction: str, max_age: timedelta | None) -> None:
    """Make this process a language process of `parent`.

    `extraction` is `on`, `off` (nothing is read), or `module:function` of a function that makes an extractor.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop, not the terminal
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    die_with(parent)
    _Process.max_age = max_age
    if extraction == "off":
        _Process.extract = _nothing
    elif extraction == "on":
        _Process.extract = load_extractor()
    else:
        module, _, function = extraction.partition(":")
        _Process.extract = getattr(importlib.import_module(module), function)()


def load_extractor() -> Extract:
    """The extractor, as the pipeline's first stage wants it. Takes a second and some hundred MB.

    It has read one article already: the first one costs as much as seventy others, which should count
    against nobody's time limit and delay no alert.
    """
    from streams.extraction.extractor import Extractor  # noqa: PLC0415 - language processes alone carry it

    extractor = Extractor.load()
    extractor.read(WARM_UP, "warm-up")

    def extract(article: Article, content_hash: str) -> tuple[tuple[Event, ...], str | None]:
        found = extractor.read(article, content_hash)
        return found.events, found.fingerprint

    return extract


def serve(pipe: Connection, parent: int, extraction: str, max_age: timedelta | None) -> None:
    """Be a language process until `pipe` is closed: say None when ready and whenever a list of Jobs is begun,
    then answer it."""
    start_process(parent, extraction, max_age)
    pipe.send(None)
    while True:
        try:
            jobs = pipe.recv()
        except EOFError:
            return
        pipe.send(None)
        pipe.send([work(job) for job in jobs])


def _origin(job: Job) -> Origin | None:
    if job.partition is None or job.offset is None:
        return None
    return Origin(partition=job.partition, offset=job.offset)


def work(job: Job) -> Done | BadMessage:
    """Read one article."""
    extract = _Process.extract
    assert extract is not None, "start_process comes first"
    received_at = None if job.received_at is None else datetime.fromtimestamp(job.received_at, UTC)
    try:
        reading = read(
            job.raw,
            extract,
            now=datetime.fromtimestamp(job.now, UTC),
            received_at=received_at,
            max_age=_Process.max_age,
            origin=_origin(job),
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


def timed_out(limit: float) -> BadMessage:
    """The refusal of an article whose process was ended because it took too long."""
    return BadMessage(f"reading took longer than {limit:g} s and was ended", stage="extract", kind="timeout")


def died(exit_code: int) -> BadMessage:
    """The refusal of an article whose process died over it."""
    return BadMessage(f"the process that read it died (exit code {exit_code})", stage="extract", kind="crash")


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


def _nothing(_article: Article, _content_hash: str) -> tuple[tuple[Event, ...], str | None]:
    """Extraction switched off: for measuring delivery alone."""
    return (), None
