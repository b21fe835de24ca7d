"""`tocsin dead-letters`: what could not be used and why, and putting it back."""

import base64
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

import orjson
import typer

from streams.brokers.letters import Letter, letters, put_back
from streams.brokers.publishing import Publisher
from streams.commands.setup import client_of, configured, run
from streams.settings import Settings

dead_letters = typer.Typer(
    name="dead-letters", no_args_is_help=True, help="Show what could not be used and why; put it back."
)

TOPICS = {"articles": "articles.v1.dlq", "events": "events.v1.dlq"}
_BATCH_BYTES = 8 << 20
_EXCERPT = 60

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="[LETTER]...", help="As `list` names them: articles:17, events:3."),
]
Stage = Annotated[
    str | None, typer.Option(help="Only those of this stage: decode, validate, extract, track.")
]
Kind = Annotated[str | None, typer.Option(help="Only those of this kind of error: json, type, timeout, …")]


@dead_letters.command(name="list")
def show(
    names: Names = None,
    stage: Stage = None,
    kind: Kind = None,
    retried: Annotated[bool, typer.Option("--retried", help="Also those that were put back.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Whole records as JSON lines.")] = False,
) -> None:
    """List the dead letters: name, when, stage and kind of error, where from, size, and the error.

    Exit codes: 0 done; 1 a letter that was named is not there; 2 no broker, or wrong use.

    Examples:

      tocsin dead-letters list --kind type

      tocsin dead-letters list articles:17 --json | jq -r .value
    """
    settings = configured()
    choice = Choice(_named(names), stage, kind)
    tally = Tally()
    run(settings, _list(settings, choice, tally, _as_json if as_json else _as_line, retried=retried))
    typer.echo(tally.summary(), err=True)
    _missing(choice)


@dead_letters.command()
def retry(
    names: Names = None,
    stage: Stage = None,
    kind: Kind = None,
    everything: Annotated[bool, typer.Option("--all", help="All that were not put back yet.")] = False,
) -> None:
    """Put dead letters back where they came from: bytes, key and headers as they were.

    Choose by name, stage or kind, or say --all. One that was put back is not put back again; if it fails
    again it comes back as a new letter with a greater number of attempts.

    Exit codes: 0 done; 1 a letter that was named is not there; 2 no broker, or wrong use.

    Examples:

      tocsin dead-letters retry articles:17 articles:21

      tocsin dead-letters retry --stage extract --kind timeout
    """
    settings = configured()
    choice = Choice(_named(names), stage, kind)
    if not (everything or choice.narrow):
        raise typer.BadParameter("say which: LETTER, --stage, --kind, or --all")
    put = run(settings, _retry(settings, choice))
    typer.echo(f"{put} dead letter{'s' * (put != 1)} put back", err=True)
    _missing(choice)


@dataclass
class Choice:
    """Which letters are meant; `found` are the named ones that were met."""

    names: frozenset[str] = frozenset()
    stage: str | None = None
    kind: str | None = None
    found: set[str] = field(default_factory=set)

    @property
    def narrow(self) -> bool:
        """Whether anything was chosen at all."""
        return bool(self.names or self.stage or self.kind)

    def takes(self, letter: Letter) -> bool:
        """Whether `letter` is meant."""
        name = _name(letter)
        if name in self.names:
            self.found.add(name)
        return (
            (not self.names or name in self.names)
            and (self.stage is None or letter.stage == self.stage)
            and (self.kind is None or letter.kind == self.kind)
        )


@dataclass
class Tally:
    """How many letters wait, and how many were put back."""

    waiting: int = 0
    retried: int = 0

    def summary(self) -> str:
        """Both in a sentence."""
        said = f"{self.waiting} dead letter{'s' * (self.waiting != 1)}"
        return f"{said}; {self.retried} more were put back (--retried shows them)" if self.retried else said


async def _list(
    settings: Settings, choice: Choice, tally: Tally, word: Callable[[Letter], str], *, retried: bool
) -> None:
    async for letter in _letters(settings):
        if choice.takes(letter):
            tally.waiting += not letter.retried
            tally.retried += letter.retried
            if retried or not letter.retried:
                typer.echo(word(letter))


async def _retry(settings: Settings, choice: Choice) -> int:
    """Put back what is chosen, some at a time so that memory stays flat."""
    put = size = 0
    batch: list[Letter] = []
    async with Publisher(client_of(settings)) as publisher:
        async for letter in _letters(settings):
            if not choice.takes(letter):
                continue
            if letter.retried:
                if _name(letter) in choice.names:
                    typer.echo(f"{_name(letter)} was put back already", err=True)
                continue
            batch.append(letter)
            put += 1
            size += len(letter.record.value or b"")
            if size > _BATCH_BYTES:
                await put_back(publisher, batch)
                batch, size = [], 0
        await put_back(publisher, batch)
    return put


def _letters(settings: Settings) -> AsyncIterator[Letter]:
    return letters(client_of(settings), [settings.topic(name) for name in TOPICS.values()])


def _named(names: list[str] | None) -> frozenset[str]:
    for name in names or ():
        topic, _, offset = name.partition(":")
        if topic not in TOPICS or not offset.isdecimal():
            raise typer.BadParameter(f"{name} is no dead letter's name; they look like articles:17")
    return frozenset(names or ())


def _missing(choice: Choice) -> None:
    missing = sorted(choice.names - choice.found)
    for name in missing:
        typer.echo(f"{name} is not there", err=True)
    if missing:
        raise typer.Exit(1)


def _name(letter: Letter) -> str:
    kind = next(kind for kind, topic in TOPICS.items() if letter.record.topic.endswith(topic))
    return f"{kind}:{letter.record.offset}"


def _as_line(letter: Letter) -> str:
    record = letter.record
    topic, partition, offset = letter.origin
    came = f"{topic} {partition}:{offset}" if offset is not None else topic
    again = f", attempt {letter.attempt}" if letter.attempt > 1 else ""
    size = len(record.value or b"")
    excerpt = (record.value or b"")[:_EXCERPT].decode("utf-8", "replace").replace("\n", " ")
    done = "  (put back)" if letter.retried else ""
    return (
        f"{_name(letter)}  {record.time:%Y-%m-%d %H:%M:%S}  {letter.stage}/{letter.kind}{again}"
        f"  from {came}  {size} bytes{done}\n    {letter.error}\n    {excerpt}"
    )


def _as_json(letter: Letter) -> str:
    record = letter.record
    topic, partition, offset = letter.origin
    told: dict[str, Any] = {
        "letter": _name(letter),
        "time": record.time,
        "stage": letter.stage,
        "kind": letter.kind,
        "error": letter.error,
        "attempt": letter.attempt,
        "retried": letter.retried,
        "topic": topic,
        "partition": partition,
        "offset": offset,
        "key": _text(record.key),
        "headers": [[name, _text(value)] for name, value in record.headers],
        "value": _text(record.value),
    }
    return orjson.dumps(told, option=orjson.OPT_UTC_Z).decode()


def _text(raw: bytes | None) -> str | dict[str, str] | None:
    """Bytes as text where they are UTF-8, else as base64 in an object."""
    if raw is None:
        return None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(raw).decode()}
