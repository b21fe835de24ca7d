"""A backtest as one web page that needs no network: what rang when, and each alert's sentences."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape
from importlib.resources import files
from string import Template

from streams.alerting.backtesting import Run, Summary, Told, only_in, summary

_WIDTH = 960
_LANE = 34
_LEFT = 150
_COLOURS = ("#d9a400", "#d96a00", "#c0272d", "#7b1fa2", "#3b0a45")


def page(run: Run, against: Run | None, title: str) -> str:
    """The page for `run`, and for what differs from `against`."""
    figures = summary(run)
    parts = [
        _section("When it rang", _timeline(run)),
        _section("How often", _table(figures)),
        _section("Per day", _bars(figures.days)),
        _section("Where", _bars(figures.regions[:30])),
        _section(f"Taken back later ({len(figures.taken_back)})", _list(figures.taken_back)),
    ]
    if against is not None:
        mine, theirs = only_in(run, against), only_in(against, run)
        parts.append(_section(f"Rings with these rules only ({len(mine)})", _list(mine)))
        parts.append(_section(f"Rings with the other rules only ({len(theirs)})", _list(theirs)))
    parts.append(_section("Every alert", _chains(run)))
    shell = (files("streams.alerting") / "data" / "backtest.html").read_text("utf-8")
    return Template(shell).substitute(title=escape(title), body="\n".join(parts))


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>"


def _timeline(run: Run) -> str:
    """A lane for each rule, a dot for each ring, by event time."""
    dated = [(one, one.alert.raised_at) for one in run.rings() if one.alert.raised_at is not None]
    if not dated:
        return "<p>Nothing rang.</p>"
    first = min(at for _, at in dated)
    span = max(max(at for _, at in dated) - first, timedelta(hours=1))
    lanes = [rule for rule in run.rules.rules if any(one.alert.rule == rule.name for one, _ in dated)]
    marks = []
    for number, rule in enumerate(lanes):
        height = _LANE * number + 24
        ranks = {level.name: rank for rank, level in enumerate(rule.levels)}
        marks.append(f'<text x="4" y="{height + 4}">{escape(rule.name)}</text>')
        marks.append(f'<line x1="{_LEFT}" x2="{_WIDTH - 10}" y1="{height}" y2="{height}"/>')
        for one, at in dated:
            if one.alert.rule == rule.name:
                marks.append(_dot(one, _place(at, first, span), height, ranks.get(one.alert.level, 0)))
    bottom = _LANE * len(lanes) + 16
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        moment = first + span * share
        x = _place(moment, first, span)
        marks.append(f'<text class="tick" x="{x:.0f}" y="{bottom}">{moment:%Y-%m-%d %H:%M}</text>')
    return f'<svg viewBox="0 0 {_WIDTH} {bottom + 8}" role="img">{"".join(marks)}</svg>'


def _place(at: datetime, first: datetime, span: timedelta) -> float:
    return _LEFT + (at - first) / span * (_WIDTH - _LEFT - 70)


def _dot(one: Told, x: float, y: int, rank: int) -> str:
    colour = _COLOURS[min(rank, len(_COLOURS) - 1)]
    said = escape(f"{one.alert.level}, {one.alert.raised_at:%Y-%m-%d %H:%M}: {one.alert.explanation}")
    return f'<circle cx="{x:.1f}" cy="{y}" r="{5 + rank}" fill="{colour}"><title>{said}</title></circle>'


def _table(figures: Summary) -> str:
    rows = "".join(
        f"<tr><td>{escape(line.rule)}</td><td>{escape(line.level)}</td><td>{line.rings}</td>"
        f"<td>{delay_words(line.delay)}</td><td>{sources_words(line.sources)}</td></tr>"
        for line in figures.lines
    )
    head = "<tr><th>rule</th><th>level</th><th>rings</th><th>after first report</th><th>sources</th></tr>"
    tail = f"<p>{figures.updates} updates, {figures.corrections} corrections.</p>"
    return f"<table>{head}{rows}</table>{tail}"


def _bars(counts: Sequence[tuple[str, int]]) -> str:
    most = max((number for _, number in counts), default=1)
    rows = "".join(
        f'<tr><td>{escape(name)}</td><td><div class="bar" style="width:{100 * number / most:.0f}%">'
        f"{number}</div></td></tr>"
        for name, number in counts
    )
    return f'<table class="bars">{rows}</table>'


def _list(told: Sequence[Told]) -> str:
    return f"<ul>{''.join(f'<li>{_sentence(one)}</li>' for one in told)}</ul>" if told else "<p>None.</p>"


def _chains(run: Run) -> str:
    parts = []
    for key, chain in run.chains().items():
        items = "".join(
            f'<li><b class="{one.alert.status}">{one.alert.status}</b> {_sentence(one)}</li>' for one in chain
        )
        parts.append(
            f"<details><summary>{escape(key)}: {_sentence(chain[0])}</summary><ol>{items}</ol></details>"
        )
    return "".join(parts) or "<p>None.</p>"


def _sentence(one: Told) -> str:
    when = f"{one.alert.raised_at:%Y-%m-%d %H:%M}" if one.alert.raised_at is not None else "undated"
    return f"<time>{when}</time> {escape(one.alert.explanation)}"


def delay_words(delay: timedelta | None) -> str:
    """A delay in minutes, hours or days; `-` where it is not known."""
    if delay is None:
        return "-"
    minutes = int(delay.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} d"


def sources_words(sources: float | None) -> str:
    """A median number of sources; `-` where nothing rang."""
    return "-" if sources is None else f"{sources:g}"
