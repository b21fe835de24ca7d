"""`tocsin extract`: articles in, events out, nothing in between."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Annotated

import orjson
import typer

from schemas import BadMessage, encode
from streams.commands.inputs import ArticlesFile
from streams.commands.progress import progress
from streams.commands.reading import lines, opened, read_all


def extract(
    articles: ArticlesFile,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=256, show_default="one per core", help="Processes that read at once."),
    ] = None,
) -> None:
    """Print what articles say: one event a line, in the articles' order and within one by rank.

    Exit codes: 0 done; 1 some lines could not be read (stderr says which and why, the rest was
    processed); 2 wrong use.

    Examples:

      tocsin extract articles.jsonl > events.jsonl

      zcat november.jsonl.gz | tocsin extract - --workers 8 > events.jsonl
    """
    with opened(articles) as stream:
        try:
            bad = _extract(stream, articles, workers)
        except BrokenPipeError:  # whoever read our output has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            bad = 0
    if bad:
        raise typer.Exit(1)


def _extract(stream: IO[bytes], articles: Path, workers: int | None) -> int:
    """Print the events, and the faults on stderr; how many lines were at fault."""
    bad = 0
    total = articles.stat().st_size if articles.is_file() else None
    with progress("Reading articles", total) as follow:
        for outcome in read_all(lines(stream), now=datetime.now(UTC), workers=workers):
            if isinstance(outcome.result, BadMessage):
                bad += 1
                typer.echo(f"{articles}:{outcome.line.number}: {outcome.result}", err=True)
            else:
                sys.stdout.buffer.write(event_lines(outcome.result))
            follow(outcome.line.end)
    sys.stdout.buffer.flush()
    return bad


def event_lines(reading: bytes) -> bytes:
    """The events of an encoded Reading as JSON lines."""
    return b"".join(encode(event) + b"\n" for event in orjson.loads(reading)["events"])
