"""The progress bar of long commands: on a terminal, and nowhere else."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

Follow = Callable[[int], None]
"""Tell the bar how far the work has come, in bytes of the input."""


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Follow]:
    """A bar on stderr from 0 to `total` bytes (None: not known).

    Silent unless stderr is a terminal and stdout is none: results that scroll by are progress enough.
    """
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield lambda _position: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as bar:
        task = bar.add_task(what, total=total)
        yield lambda position: bar.update(task, completed=position)
