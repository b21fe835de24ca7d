"""`tocsin replay`: the whole pipeline over a file, without a broker."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Annotated, Any

import orjson
import typer

from schemas.codec import Record, decode_record, encode, utc
from schemas.controls import Tick
from schemas.errors import BadMessage
from schemas.events import Reading
from schemas.incidents import Incident
from streams.collector import look_rarely
from streams.commands.inputs import holds_readings, rules_from
from streams.commands.progress import progress
from streams.commands.reading import Line, lines, opened, read_all
from streams.incidents import TrackingSettings
from streams.pipeline import Output, Pipeline

LEAP = timedelta(days=30)
"""Stream time moving further than this at one line is worth a word: it closes and expires incidents."""

TICK = timedelta(hours=1)
"""How far each tick moves time after the last line, as time also moves in a stream where nothing comes."""

FILES = ("events", "readings", "incidents", "alerts", "dead_letters")


def replay(
    articles: Annotated[
        Path,
        typer.Argument(metavar="ARTICLES.jsonl", exists=True, dir_okay=False, help="Articles, or readings."),
    ],
    out: Annotated[Path, typer.Option(help="Folder for what comes out; made when missing.")],
    rules: Annotated[Path | None, typer.Option(help="Rules file; default: the package's rules.")] = None,
    sort: Annotated[
        bool, typer.Option("--sort", help="Take the lines in the order of published_at.")
    ] = False,
    until: Annotated[
        datetime | None, typer.Option(help="Let time go on to this moment (UTC) after the last line.")
    ] = None,
    retention_days: Annotated[int, typer.Option(min=1, help="Days an incident is kept.")] = 180,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=256, show_default="one per core", help="Processes that read at once."),
    ] = None,
) -> None:
    """Run articles (or readings already extracted) through the whole pipeline, in the file's order.

    Writes events.jsonl, readings.jsonl, incidents.jsonl (the final state of each), alerts.jsonl and
    dead_letters.jsonl. Exit codes: 0 done; 1 some lines were bad; 2 wrong use.

    Examples:

      tocsin replay articles.jsonl --out out/

      tocsin replay out/readings.jsonl --out again/ --rules my-rules.toml
    """
    look_rarely()
    chosen = rules_from(rules)
    started = time.monotonic()
    tracking = TrackingSettings(retention_days=retention_days)
    with ExitStack() as stack:
        run = _Run(Pipeline(chosen, tracking=tracking), _Files(out, stack), articles)
        if holds_readings(articles):
            _replay_readings(run, articles, sort=sort)
        else:
            _replay_articles(run, articles, sort=sort, workers=workers)
        if until is not None:
            _let_time_go_on(run, utc(until))
        run.finish()
    typer.echo(run.summary(time.monotonic() - started), err=True)
    if run.bad:
        raise typer.Exit(1)


def _let_time_go_on(run: "_Run", end: datetime) -> None:
    """Tick up to `end`: a window that falls below its levels and must stay there closes on a later tick."""
    now = run.pipeline.now
    while now is not None and now + TICK < end:
        now += TICK
        run.apply(None, Tick(stream_time=now))
    run.apply(None, Tick(stream_time=end))


def _replay_readings(run: "_Run", path: Path, *, sort: bool) -> None:
    with path.open("rb") as file:
        for line in _in_order(lines(file), sort=sort):
            try:
                record = decode_record(line.raw)
            except BadMessage as error:
                run.refuse(line, error)
            else:
                run.apply(line, record)


def _replay_articles(run: "_Run", path: Path, *, sort: bool, workers: int | None) -> None:
    total = path.stat().st_size
    with opened(path) as file, progress("Replaying", total) as follow:
        source = _in_order(lines(file), sort=sort)
        done = 0
        for outcome in read_all(source, now=datetime.now(UTC), workers=workers):
            done += len(outcome.line.raw) + 1
            if isinstance(outcome.result, BadMessage):
                run.refuse(outcome.line, outcome.result)
            else:
                run.apply(outcome.line, decode_record(outcome.result))
            follow(done)


def _in_order(found: Iterator[Line], *, sort: bool) -> Iterator[Line]:
    """The lines as they come, or by `published_at`; undated and unreadable ones keep their neighbours."""
    if not sort:
        yield from found
        return
    keyed: list[tuple[datetime, int, Line]] = []
    latest = datetime.min.replace(tzinfo=UTC)
    for line in found:
        latest = _published_at(line.raw) or latest
        keyed.append((latest, line.number, line))
    for _when, _number, line in sorted(keyed, key=lambda entry: entry[:2]):
        yield line


def _published_at(raw: bytes) -> datetime | None:
    try:
        return utc(datetime.fromisoformat(orjson.loads(raw)["published_at"]))
    except (ValueError, KeyError, TypeError, OverflowError):
        return None


@dataclass
class _Files:
    """The files of the output folder, open for writing."""

    out: Path
    stack: ExitStack
    files: dict[str, IO[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.out.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            self.files[name] = self.stack.enter_context((self.out / f"{name}.jsonl").open("wb"))

    def write(self, name: str, message: object) -> None:
        self.files[name].write(encode(message) + b"\n")


@dataclass
class _Run:
    """One replay: the pipeline, what it wrote, and what is worth saying at the end."""

    pipeline: Pipeline
    files: _Files
    path: Path
    bad: int = 0
    articles: int = 0
    events: int = 0
    alerts: int = 0
    final: dict[str, Incident] = field(default_factory=dict)
    leaps: list[str] = field(default_factory=list)

    def refuse(self, line: Line, error: BadMessage) -> None:
        """Dead-letter a line."""
        self.bad += 1
        typer.echo(f"{self.path}:{line.number}: {error}", err=True)
        letter: dict[str, Any] = {
            "line": line.number,
            "stage": error.stage,
            "kind": error.kind,
            "error": str(error),
            "value": line.raw.decode("utf-8", "replace"),
        }
        self.files.write("dead_letters", letter)

    def apply(self, line: Line | None, record: Record) -> None:
        """Take one record and write what comes of it."""
        before = self.pipeline.now
        try:
            outputs = self.pipeline.apply(record)
        except BadMessage as error:
            if line is not None:
                self.refuse(line, error)
            return
        self.files.write("readings", record)
        if isinstance(record, Reading):
            self.articles += 1
            self.events += len(record.events)
            for event in record.events:
                self.files.write("events", event)
        now = self.pipeline.now
        if line is not None and before is not None and now is not None and now - before > LEAP:
            self.leaps.append(
                f"line {line.number} moved stream time by {(now - before).days} days, to {now:%Y-%m-%d}"
            )
        for output in outputs:
            self._write(output)

    def _write(self, output: Output) -> None:
        if output.topic != "incidents":
            self.files.write("alerts", output.message)
            self.alerts += 1
        elif isinstance(output.message, Incident):
            self.final[output.key] = output.message

    def finish(self) -> None:
        """Write the final state of every incident, also of those that time has ended."""
        for incident_id in sorted(self.final):
            self.files.write("incidents", self.final[incident_id])

    def summary(self, seconds: float) -> str:
        """What happened, in a few lines."""
        standing = sum(incident.merged_into is None for incident in self.final.values())
        counts = f"{self.articles} articles, {self.events} events, {standing} incidents, {self.alerts} alerts"
        said = [f"{counts}, {self.bad} dead letters in {seconds:.1f} s"]
        if behind := self.pipeline.behind_retention:
            said.append(f"{behind} articles came behind the retention and opened nothing")
        return "\n".join([*said, *self.leaps])
