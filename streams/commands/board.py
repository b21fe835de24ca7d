"""Alerts as a person sees them: the latest state of each, as a table that moves or as lines."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from schemas.alerts import Alert
from schemas.codec import encode

_STYLES = {"open": "bold", "escalate": "bold red", "correct": "cyan", "close": "dim"}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_AROUND = 7  # lines of the terminal that are not rows


@dataclass
class Board:
    """The latest state of each alert by its dedup key, and how many articles were late."""

    closed: bool = False
    latest: dict[str, Alert] = field(default_factory=dict)
    articles: int = 0
    late: int = 0

    def take(self, alert: Alert) -> bool:
        """Keep an alert; whether it is news: a repetition has no higher version."""
        known = self.latest.get(alert.dedup_key)
        if known is not None and known.version >= alert.version:
            return False
        self.latest[alert.dedup_key] = alert
        return True

    def shown(self) -> list[Alert]:
        """The alerts to show, the latest first."""
        found = [alert for alert in self.latest.values() if self.closed or alert.status != "close"]
        return sorted(found, key=lambda alert: (alert.raised_at or _LONG_AGO, alert.dedup_key), reverse=True)

    def note(self) -> str:
        """How many alerts there are, and whether late articles explain a silence."""
        standing = sum(alert.status != "close" for alert in self.latest.values())
        said = f"alerts: {standing} open, {len(self.latest) - standing} closed"
        if self.late:
            said += f"; of the last {self.articles} articles {self.late} came late and rang nothing"
        return said


class Show:
    """Shows a Board as lines: text or JSON, one for each change."""

    def __init__(self, board: Board, *, as_json: bool) -> None:
        self.board = board
        self._as_json = as_json

    def begin(self) -> None:
        """What was there is on the board now."""
        for alert in reversed(self.board.shown()):
            self.change(alert)

    def change(self, alert: Alert) -> None:
        """An alert is new, or another than before."""
        line = encode(alert).decode() if self._as_json else as_line(alert)
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    def count(self) -> None:
        """An article was read."""

    def end(self) -> None:
        """Nothing more will come."""
        typer.echo(self.board.note(), err=True)


class MovingTable(Show):
    """Shows a Board as a table that stays in place."""

    def __init__(self, board: Board) -> None:
        super().__init__(board, as_json=False)
        self._live = Live(console=Console(), refresh_per_second=4)

    def begin(self) -> None:
        """Draw the table."""
        self._live.start()
        self._draw()

    def change(self, alert: Alert) -> None:
        """Draw it anew."""
        self._draw()

    def count(self) -> None:
        """Draw it anew: its last line counts."""
        self._draw()

    def end(self) -> None:
        """Leave it as it is."""
        self._live.stop()

    def _draw(self) -> None:
        room = max(1, (self._live.console.height - _AROUND) // 2)  # explanations take two lines
        self._live.update(as_table(self.board.shown()[:room], self.board.note()))


def shower(board: Board, *, as_json: bool, moving: bool) -> Show:
    """The Show for standard output as it is."""
    if sys.stdout.isatty() and moving and not as_json:
        return MovingTable(board)
    return Show(board, as_json=as_json)


def as_table(alerts: Iterable[Alert], note: str) -> Table:
    """The alerts as a table, one row each, with `note` below. Its explanation says what an alert is about."""
    drawn = Table(caption=note, caption_justify="left", expand=True, box=SIMPLE_HEAD)
    for name in ("level", "status", "raised"):
        drawn.add_column(name, no_wrap=True)
    drawn.add_column("alert", ratio=1)
    for alert in alerts:
        raised = f"{alert.raised_at:%Y-%m-%d %H:%M}" if alert.raised_at else ""
        style = _STYLES.get(alert.status)
        drawn.add_row(alert.level, alert.status, raised, escape(alert.explanation), style=style)
    return drawn


def as_line(alert: Alert) -> str:
    """The alert in one line: when, how bad, what became of it, and the sentence that explains it."""
    raised = f"{alert.raised_at:%Y-%m-%d %H:%M}  " if alert.raised_at else ""
    return f"{raised}{alert.level:<9} {alert.status:<9} {alert.explanation}"
