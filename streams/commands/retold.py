"""Readings through the pipeline, step by step: for commands that ask what came of them and why."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from schemas.codec import Record, decode_record
from schemas.errors import BadMessage
from streams.alerting import RuleSet, default_rules
from streams.commands.progress import progress
from streams.commands.reading import lines
from streams.pipeline import Output, Pipeline
from streams.settings import Settings

ReadingsFile = Annotated[
    Path | None,
    typer.Option(
        "--readings",
        exists=True,
        dir_okay=False,
        readable=True,
        help="The readings.jsonl of a replay, or what events.v1 holds, one record a line.",
        show_default="the broker's events.v1",
    ),
]
"""A file of records of events.v1."""

Step = Callable[[Pipeline, Record, tuple[Output, ...]], None]
"""Told of each record, what it came to, and the pipeline as it is then."""


class _Retelling:
    """Takes records one after the other; counts the bad ones and says them on stderr."""

    def __init__(self, step: Step, rules: RuleSet | None) -> None:
        self.pipeline = Pipeline(rules or default_rules())
        self.bad = 0
        self._step = step

    def take(self, where: str, raw: bytes) -> None:
        """Apply the record that lies `where`."""
        try:
            record = decode_record(raw)
            self._step(self.pipeline, record, self.pipeline.apply(record))
        except BadMessage as error:
            self.bad += 1
            typer.echo(f"{where}: {error}", err=True)


def retell(path: Path, step: Step, rules: RuleSet | None = None) -> tuple[Pipeline, int]:
    """Apply every record of `path`; the pipeline at the end, and how many lines were bad (said on stderr).

    `rules` are in force from the beginning: the package's, unless given.
    """
    retelling = _Retelling(step, rules)
    with path.open("rb") as stream, progress("Reading", path.stat().st_size) as follow:
        for line in lines(stream):
            retelling.take(f"{path}:{line.number}", line.raw)
            follow(line.end)
    return retelling.pipeline, retelling.bad


def retell_topic(settings: Settings, step: Step, rules: RuleSet | None = None) -> tuple[Pipeline, int]:
    """The same with what the broker's events.v1 holds; ends the command with 2 where it can't be read."""
    from streams.brokers.records import Reader  # noqa: PLC0415 - files need no broker
    from streams.commands.setup import client_of, run  # noqa: PLC0415

    retelling = _Retelling(step, rules)
    topic = settings.topic("events.v1")

    async def read() -> None:
        async with Reader(client_of(settings), [topic]) as reader:
            async for record in reader.backlog():
                if record.value is not None:
                    retelling.take(f"{topic}:{record.offset}", record.value)

    run(settings, read())
    return retelling.pipeline, retelling.bad
