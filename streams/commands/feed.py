"""`tocsin feed`: articles from a file into the topic."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from schemas.codec import parse, utc
from schemas.errors import BadMessage
from schemas.headers import Headers, event_headers
from schemas.topics import RECORD_LIMIT
from streams.brokers.publishing import Publisher
from streams.commands.inputs import ArticlesFile
from streams.commands.progress import progress
from streams.commands.reading import Line, lines, opened
from streams.commands.setup import client_of, configured, run
from streams.intake import article_key
from streams.settings import Settings


def feed(
    articles: ArticlesFile,
    rate: Annotated[
        float | None, typer.Option(min=0.001, show_default="as fast as it goes", help="Articles a second.")
    ] = None,
) -> None:
    """Send articles to the topic articles.v1, keyed by their ids.

    Each is written once, in the file's order. Feeding a file again changes nothing: an article that comes
    again unchanged is passed over. A line that is no JSON object is said and sent as it stands (the worker
    puts it into the dead letters); a line of more than 8 MiB is said and not sent.

    Exit codes: 0 done; 1 some lines were bad, the rest was sent; 2 no broker, or wrong use.

    Examples:

      tocsin feed articles.jsonl

      tail -f wire.jsonl | tocsin feed - --rate 50
    """
    settings = configured()
    tally = Tally(articles, settings.max_age)
    started = time.monotonic()
    try:
        with opened(articles) as stream:
            run(settings, send(stream, settings, tally, rate=rate, total=_size(articles)))
    finally:
        if tally.lines:
            typer.echo(tally.summary(time.monotonic() - started), err=True)
    if tally.bad:
        raise typer.Exit(1)


@dataclass
class Tally:
    """What became of the lines of `path`; articles older than `max_age` are late."""

    path: Path
    max_age: timedelta | None = None
    lines: int = 0
    delivered: int = 0
    bad: int = 0
    late: int = 0

    def fault(self, line: Line, why: str) -> None:
        """Say what is wrong with a line."""
        self.bad += 1
        typer.echo(f"{self.path}:{line.number}: {why}", err=True)

    def date(self, published_at: datetime | None) -> None:
        """Count an article that is too old to ring."""
        if self.max_age and published_at and datetime.now(UTC) - published_at > self.max_age:
            self.late += 1

    def summary(self, seconds: float) -> str:
        """One sentence or two."""
        said = f"{self.delivered} of {self.lines} lines sent in {seconds:.1f} s"
        if self.bad:
            said += f", bad: {self.bad}"
        if self.late and self.max_age:
            days = self.max_age / timedelta(days=1)
            said += f"; late: {self.late} (older than {days:g} days, TOCSIN_MAX_AGE), they ring nothing"
        return said


async def send(
    stream: IO[bytes],
    settings: Settings,
    tally: Tally,
    *,
    rate: float | None = None,
    total: int | None = None,
) -> None:
    """Send the lines of `stream` and keep `tally`. Raises BrokerError and aiokafka's KafkaError."""
    topic = settings.topic("articles.v1")
    async with Publisher(client_of(settings)) as publisher:
        try:
            with progress("Feeding articles", total) as follow:
                async for line in _paced(stream, rate, follow):
                    tally.lines += 1
                    if len(line.raw) > RECORD_LIMIT:
                        tally.fault(line, f"{len(line.raw)} bytes; at most {RECORD_LIMIT} can be sent")
                        continue
                    key, headers = _article(line, tally)
                    await publisher.send(topic, key, line.raw, headers)
            await publisher.flush()
        finally:
            tally.delivered = publisher.delivered


def _article(line: Line, tally: Tally) -> tuple[bytes | None, Headers]:
    """Key and headers for a line."""
    try:
        value = parse(line.raw)
    except BadMessage as error:
        tally.fault(line, f"{error}; sent as it stands")
        return None, ()
    key = article_key(value)
    published_at = _published_at(value)
    tally.date(published_at)
    event_id = f"{key}-{hashlib.sha256(line.raw).hexdigest()[:16]}"
    return key.encode(), event_headers("article", event_id, published_at)


def _published_at(value: dict[str, Any]) -> datetime | None:
    try:
        return utc(datetime.fromisoformat(value["published_at"]))
    except (KeyError, TypeError, ValueError, OverflowError):  # none, or one that the worker will refuse
        return None


async def _paced(stream: IO[bytes], rate: float | None, follow: Callable[[int], None]) -> AsyncIterator[Line]:
    """The lines, read beside the event loop (standard input may be slow), at most `rate` a second."""
    source = lines(stream)
    due = time.monotonic()
    while (line := await asyncio.to_thread(next, source, None)) is not None:
        if rate is not None:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            due = max(due, time.monotonic() - 1.0) + 1 / rate
        yield line
        follow(line.end)


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None
