"""The argument that names a file to read, or standard input."""

import os
from pathlib import Path
from typing import Annotated

import typer


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
