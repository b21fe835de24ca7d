"""The files that commands are given: articles or readings, and rules."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer

from streams.commands.reading import lines

if TYPE_CHECKING:
    from streams.alerting import RuleSet

_KINDS = frozenset({"reading", "tick", "rules", "verdict"})
"""The kinds of records of events.v1."""


def _readable(text: str) -> Path:
    """The file, or `-`. Typer's own check takes `-` for a file's name (0.29.2)."""
    path = Path(text)
    if text != "-" and not (path.is_file() and os.access(path, os.R_OK)):
        raise typer.BadParameter(f"{text} is no file that can be read")
    return path


ArticlesFile = Annotated[
    Path,
    typer.Argument(
        metavar="ARTICLES.jsonl", help="One article a line; - reads standard input.", parser=_readable
    ),
]
"""A file of articles."""


def rules_from(path: Path | None) -> "RuleSet":
    """The rules in `path`, or the package's; ends the command with 2 and every problem in them."""
    from streams.alerting import RulesError, default_rules, load_rules  # noqa: PLC0415 - some need no rules

    try:
        return default_rules() if path is None else load_rules(path)
    except RulesError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def holds_readings(path: Path) -> bool:
    """Whether the first line is a record of events.v1, and not an article."""
    with path.open("rb") as file:
        for line in lines(file):
            try:
                value = orjson.loads(line.raw)
            except orjson.JSONDecodeError:
                return False
            return isinstance(value, dict) and value.get("kind") in _KINDS
    return False
