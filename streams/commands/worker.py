"""`tocsin worker`: the Faust worker."""

import sys

import faust
import typer

from schemas.errors import TocsinError
from streams.agents import logs
from streams.app import create_app
from streams.collector import look_rarely
from streams.settings import load


def worker() -> None:
    """Run the service: read articles, track incidents, raise alerts, until a signal stops it.

    Everything is set by TOCSIN_* variables or tocsin.toml; see the README. The topics must be there
    (`tocsin topics create`). SIGTERM finishes what is under way; a second one ends at once and loses nothing.

    Example:  TOCSIN_BROKER=kafka:9092 tocsin worker
    """
    try:
        settings = load()
        logs.configure(settings.log_level, settings.log_format)
        app = create_app(settings)
    except TocsinError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    running = faust.Worker(
        app,
        override_logging=False,
        redirect_stdouts=False,
        quiet=True,
        loglevel="WARNING",
        stdout=sys.stderr,
    )
    look_rarely()
    running.spinner = None  # it would write escapes for a terminal into the log
    running.execute_from_commandline()
