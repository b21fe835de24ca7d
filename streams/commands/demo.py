"""`tocsin demo`: the whole service at work, on a broker that it brings along."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

import orjson
import typer
from aiohttp import ClientError, ClientSession
from rich.console import Console
from rich.markup import escape

from schemas.alerts import Alert
from schemas.codec import decode
from schemas.errors import TocsinError
from streams.brokers.embedded import EmbeddedBrokerProcess
from streams.brokers.kafka import KafkaNode, free_seats
from streams.brokers.records import Reader, Record
from streams.brokers.tether import tethered
from streams.brokers.topics import create
from streams.commands.board import Board
from streams.commands.feed import Tally, send
from streams.commands.reading import Line, lines
from streams.commands.setup import client_of, run, topics_of
from streams.settings import PREFIX, Settings

RATE = 15.0
"""Articles a second: slow enough to watch, fast enough not to bore."""

FOLLOWED = ("events.v1", "incidents.v1", "alerts.casualties.v1", "alerts.deployments.v1", "articles.v1.dlq")
START_SECONDS = 60.0
WORK_SECONDS = 120.0
STYLES = {
    "open": "bold yellow",
    "escalate": "bold red",
    "update": "yellow",
    "correct": "cyan",
    "close": "dim",
}


def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Leave everything running until Ctrl-C.")] = False,
    kafka: Annotated[
        bool, typer.Option("--kafka", help="Use a real Apache Kafka, fetched and started here.")
    ] = False,
) -> None:
    """Start a broker and a worker, feed the bundled articles, and print each alert as it rings.

    The embedded broker is librdkafka's in-memory one: made for trying out, it keeps nothing. With --kafka an
    Apache Kafka is fetched (43 MB, once) and started on 127.0.0.1 instead.

    Examples:

      tocsin demo

      tocsin demo --kafka --keep
    """
    console = Console(highlight=False, soft_wrap=True)
    started = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tocsin-demo-")))
        try:
            with _telling(console, "Starting Apache Kafka" if kafka else "Starting the embedded broker"):
                broker = stack.enter_context(_broker(folder, kafka=kafka))
            settings = Settings(
                broker=broker, data_dir=folder / "data", max_age=None, web_port=free_seats(1)[0].port
            )
            worker = stack.enter_context(_worker(settings, folder / "worker.log"))
            show = _Demo(settings, console, folder / "worker.log", worker)
            run(settings, show.play())
        except TocsinError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from None
        show.summary(time.monotonic() - started)
        if keep:
            _keep(console, settings, folder / "worker.log")


@contextmanager
def _broker(folder: Path, *, kafka: bool) -> Iterator[str]:
    if kafka:
        with KafkaNode(folder / "kafka") as node:
            asyncio.run(create({"bootstrap_servers": [node.bootstrap]}, topics_of(Settings())))
            yield node.bootstrap
    else:
        sizes = {topic.name: topic.partitions for topic in topics_of(Settings())}
        with EmbeddedBrokerProcess(sizes) as broker:
            yield broker.bootstrap


@contextmanager
def _worker(settings: Settings, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker as an operator starts it: a process of its own, set by its environment."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    given = {
        "BROKER": settings.broker,
        "DATA_DIR": str(settings.data_dir),
        "MAX_AGE": "off",
        "WEB_PORT": str(settings.web_port),
    }
    with log.open("wb") as file:
        worker = subprocess.Popen(
            tethered([sys.executable, "-m", "streams.cli", "worker"]),
            env=own | {PREFIX + name: value for name, value in given.items()},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,  # Ctrl-C is for us; we end the worker
        )
    try:
        yield worker
    finally:
        worker.terminate()
        try:
            worker.wait(15)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()


class _Quiet(Tally):
    """Does not tell of bad lines: the dead letters will, at the end."""

    def fault(self, line: Line, why: str) -> None:
        """Count it."""
        self.bad += 1


@dataclass
class _Demo:
    """What is going on: what was fed, what came out."""

    settings: Settings
    console: Console
    log: Path
    worker: subprocess.Popen[bytes]
    board: Board = field(default_factory=Board)
    fed: int = 0
    readings: int = 0
    events: int = 0
    dead: list[str] = field(default_factory=list)
    incidents: dict[bytes, bool] = field(default_factory=dict)
    rang: int = 0

    async def play(self) -> None:
        """Wait for the worker, feed, and print what rings until all is read."""
        with _telling(self.console, "Starting the Faust worker and its language processes"):
            await self._ready()
        self.console.print("Feeding the bundled articles; alerts as they ring:\n", style="bold")
        topics = [self.settings.topic(name) for name in FOLLOWED]
        async with Reader(client_of(self.settings), topics) as reader:
            feeding = asyncio.create_task(self._feed())
            try:
                async with asyncio.timeout(WORK_SECONDS):
                    with self.console.status("") as status:
                        async for record in _until(reader.live(), lambda: self._finished(feeding)):
                            self._take(record)
                            status.update(f"{self._through()} of {self.fed} articles through")
            except TimeoutError:
                raise TocsinError(f"not all was read after {WORK_SECONDS:g} s; {self._tail()}") from None
            await feeding

    async def _ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        page = f"http://{self.settings.web_host}:{self.settings.web_port}/readyz"
        async with ClientSession() as session:
            while time.monotonic() < deadline:
                self._look()
                try:
                    async with session.get(page) as answer:
                        if answer.status == 200:
                            return
                except ClientError:
                    pass
                await asyncio.sleep(0.1)
        raise TocsinError(f"the worker did not start within {START_SECONDS:g} s; {self._tail()}")

    async def _feed(self) -> None:
        with as_file(files("streams") / "data" / "articles.jsonl") as path:
            with path.open("rb") as stream:
                self.fed = sum(1 for _line in lines(stream))
            tally = _Quiet(path)
            with path.open("rb") as stream:
                await send(stream, self.settings, tally, rate=RATE)

    def _through(self) -> int:
        return self.readings + len(self.dead)

    def _finished(self, feeding: asyncio.Task[None]) -> bool:
        """Every article was fed, and read or dead-lettered."""
        self._look()
        return feeding.done() and self._through() >= self.fed

    def _take(self, record: Record) -> None:
        name = record.topic.removeprefix(self.settings.topic_prefix)
        if name == "events.v1":
            value = orjson.loads(record.value or b"{}")
            self.readings += 1
            self.events += len(value.get("events", ()))
        elif name == "incidents.v1":
            standing = record.value is not None and orjson.loads(record.value)["merged_into"] is None
            self.incidents[record.key or b""] = standing
        elif name == "articles.v1.dlq":
            self.dead.append(record.header("__streams.errors.message") or "")
        elif record.value is not None:
            self._ring(decode(Alert, record.value))

    def _ring(self, alert: Alert) -> None:
        if not self.board.take(alert):
            return
        self.rang += 1
        when = f"{alert.raised_at:%d %b %H:%M}" if alert.raised_at else ""
        style = STYLES[alert.status]
        head = f"[{style}]{alert.level.upper():<9} {alert.status:<8}[/] {when}"
        self.console.print(f"{head}  {escape(alert.explanation)}")
        for evidence in alert.evidence[:1]:
            source = evidence.source or evidence.url or evidence.article_id
            self.console.print(f"[dim]{'':20}“{escape(evidence.text)}” ({escape(source)})[/]")

    def _look(self) -> None:
        """Raises TocsinError if the worker is gone."""
        if self.worker.poll() is not None:
            raise TocsinError(f"the worker has ended; {self._tail()}")

    def _tail(self) -> str:
        return "its log ends:\n" + "\n".join(self.log.read_text(errors="replace").splitlines()[-10:])

    def summary(self, seconds: float) -> None:
        """What came of it, in a few lines."""
        standing = sum(self.incidents.values())
        open_now = sum(alert.status != "close" for alert in self.board.latest.values())
        self.console.print()
        self.console.print(f"{self.fed:>5} articles fed, {self.readings} read")
        self.console.print(f"{self.events:>5} events found in them")
        self.console.print(f"{standing:>5} incidents, after reports of one happening were put together")
        self.console.print(f"{self.rang:>5} alerts sent, {open_now} stand open at the end")
        self.console.print(f"{len(self.dead):>5} dead letters, each with its reason:")
        for reason in self.dead:
            self.console.print(f"[dim]        {escape(reason)}[/]")
        slow = self.fed / RATE
        self.console.print(f"{seconds:>5.0f} seconds, {slow:.0f} of them to feed slowly enough to watch")


async def _until(records: AsyncIterator[Record], done: Callable[[], bool]) -> AsyncIterator[Record]:
    """The records, until `done` held for two seconds without another coming."""
    waiting = asyncio.ensure_future(anext(records))
    quiet_since = time.monotonic()
    while not done() or time.monotonic() - quiet_since < 2:
        finished, _ = await asyncio.wait([waiting], timeout=0.2)
        if finished:
            yield waiting.result()
            waiting = asyncio.ensure_future(anext(records))
            quiet_since = time.monotonic()
    waiting.cancel()


@contextmanager
def _telling(console: Console, what: str) -> Iterator[None]:
    """Say what goes on while it does, and how long it took."""
    started = time.monotonic()
    with console.status(f"{what} …"):
        yield
    console.print(f"{what} … {time.monotonic() - started:.1f} s")


def _keep(console: Console, settings: Settings, log: Path) -> None:
    console.print("\nEverything keeps running; Ctrl-C ends it. Try, in another terminal:")
    console.print(f"  TOCSIN_BROKER={settings.broker} TOCSIN_MAX_AGE=off .venv/bin/tocsin alerts")
    console.print(f"  curl http://{settings.web_host}:{settings.web_port}/metrics")
    console.print(f"  tail -f {log}")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        console.print("Stopping …")
