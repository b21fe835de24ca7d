"""`tocsin alerts`: what rings now."""

from dataclasses import dataclass
from typing import Annotated

import msgspec
import typer

from schemas.alerts import Alert
from schemas.codec import decode
from schemas.errors import BadMessage
from streams.brokers.records import Reader, Record
from streams.commands.board import Board, Show, shower
from streams.commands.setup import client_of, configured, run
from streams.settings import Settings

LOOK_BACK = 10_000
"""So many of the latest records of events.v1 are asked how many articles were late."""


def alerts(
    once: Annotated[bool, typer.Option("--once", help="Show what is there and end.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Whole alerts as JSON lines.")] = False,
    closed: Annotated[bool, typer.Option("--closed", help="Show closed alerts too.")] = False,
) -> None:
    """Follow the alerts: the latest state of each, from the beginning of the topics on.

    On a terminal a table that changes as alerts do; into a pipe one line for each change. Ctrl-C ends it.

    Exit codes: 0 done; 2 no broker, or wrong use.

    Examples:

      tocsin alerts

      tocsin alerts --once --json | jq -r .explanation
    """
    settings = configured()
    board = Board(closed=closed)
    show = shower(board, as_json=as_json, moving=not once)
    try:
        run(settings, follow(settings, board, show, once=once))
    except KeyboardInterrupt:
        show.end()


@dataclass(frozen=True, slots=True)
class _Heard:
    """What is asked of a record of events.v1."""

    kind: str = ""
    late: bool = False


async def follow(settings: Settings, board: Board, show: Show, *, once: bool) -> None:
    """Fill `board` and `show` it, to the end of the topics or for ever."""
    rings = [settings.topic(name) for name in ("alerts.casualties.v1", "alerts.deployments.v1")]
    events = settings.topic("events.v1")
    async with Reader(client_of(settings), [*rings, events], last={events: LOOK_BACK}) as reader:
        async for record in reader.backlog():
            _take(board, record, events)
        show.begin()
        if once:
            show.end()
            return
        async for record in reader.live():
            alert = _take(board, record, events)
            if alert is not None:
                show.change(alert)
            else:
                show.count()


def _take(board: Board, record: Record, events: str) -> Alert | None:
    """Put a record on the board; the alert if it is one and changes something."""
    if record.topic == events:
        _hear(board, record)
        return None
    return _ring(board, record)


def _hear(board: Board, record: Record) -> None:
    try:
        heard = msgspec.json.decode(record.value or b"{}", type=_Heard)
    except msgspec.MsgspecError:  # the worker dead-letters it
        return
    board.articles += heard.kind == "reading"
    board.late += heard.late


def _ring(board: Board, record: Record) -> Alert | None:
    try:
        alert = decode(Alert, record.value or b"")
    except BadMessage as error:
        typer.echo(f"{record.topic} offset {record.offset} is no alert: {error}", err=True)
        return None
    return alert if board.take(alert) else None
