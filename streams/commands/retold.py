"""A file of readings through the pipeline, step by step: for commands that ask what came of it and why."""

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

ReadingsFile = Annotated[
    Path,
    typer.Option(
        "--readings",
        exists=True,
        dir_okay=False,
        readable=True,
        help="The readings.jsonl of a replay, or what events.v1 holds, one record a line.",
    ),
]
"""A file of records of events.v1."""

Step = Callable[[Pipeline, Record, tuple[Output, ...]], None]
"""Told of each record, what it came to, and the pipeline as it is then."""


def retell(path: Path, step: Step, rules: RuleSet | None = None) -> tuple[Pipeline, int]:
    """Apply every record of `path`; the pipeline at the end, and how many lines were bad (said on stderr).

    `rules` are in force from the beginning: the package's, unless given.
    """
    pipeline = Pipeline(rules or default_rules())
    bad = 0
    with path.open("rb") as stream, progress("Reading", path.stat().st_size) as follow:
        for line in lines(stream):
            try:
                record = decode_record(line.raw)
                step(pipeline, record, pipeline.apply(record))
            except BadMessage as error:
                bad += 1
                typer.echo(f"{path}:{line.number}: {error}", err=True)
            follow(line.end)
    return pipeline, bad
