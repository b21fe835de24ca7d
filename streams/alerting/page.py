"""A backtest as one web page that needs no network: what rang when, and each alert's sentences."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape
from importlib.resources import files
from string import Template

from streams.alerting.backtesting import Run, Summary, Told, only_in, summary
from streams.alerting.rules import Rule

_WIDTH = 960
_LANE = 34
_LEFT = 150
_RIGHT = 70
_MONTH = 31  # days
_YEARS = 5 * 366  # days
_MOST_REGIONS = 30
_COLOURS = ("#d9a400", "#d96a00", "#c0272d", "#7b1fa2", "#3b0a45")


def page(run: Run, against: Run | None, title: str) -> str:
    """The page for `run`, and for what differs from `against`."""
    figures = summary(run)
    parts = _figures(run, figures) if run.told else ['<p class="overview">Nothing rang.</p>']
    if against is not None:
        mine, theirs = only_in(run, against), only_in(against, run)
        parts.append(_section(f"Rings with these rules only ({len(mine)})", _list(mine)))
        parts.append(_section(f"Rings with the other rules only ({len(theirs)})", _list(theirs)))
    if run.told:
        parts.append(_section("Every alert", _chains(run)))
    shell = (files("streams.alerting") / "data" / "backtest.html").read_text("utf-8")
    return Template(shell).substitute(title=escape(title), body="\n".join(parts))


def _figures(run: Run, figures: Summary) -> list[str]:
    unit, times = _times(run)
    return [
        _overview(run, figures),
        _section("When it rang", _timeline(run)),
        _section("How often", _table(figures)),
        _section(f"Per {unit}", _bars(times)),
        _section("Where", _bars(figures.regions[:_MOST_REGIONS])),
        _section(f"Taken back later ({len(figures.taken_back)})", _list(figures.taken_back)),
    ]


def _overview(run: Run, figures: Summary) -> str:
    """The backtest in one line."""
    rings = sum(line.rings for line in figures.lines)
    days = [one.day for one in run.told if one.day is not None]
    when = f"{min(days)} to {max(days)}" if days else "undated"
    said = (
        _number(rings, "ring") + f" about {_number(len(run.chains()), 'thing')}",
        _number(figures.updates, "update"),
        _number(figures.corrections, "correction"),
        f"{len(figures.taken_back)} taken back later",
        when,
    )
    return f'<p class="overview">{" · ".join(said)}</p>'


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _times(run: Run) -> tuple[str, list[tuple[str, int]]]:
    """Rings per day, or per month or year where there are many days, the empty ones in between too."""
    days = [one.day for one in run.rings() if one.day is not None]
    undated = sum(1 for one in run.rings() if one.day is None)
    if not days:
        return "day", [("undated", undated)] if undated else []
    first, last = min(days), max(days)
    length = (last - first).days
    unit, size = ("day", 10) if length < _MONTH else ("month", 7) if length < _YEARS else ("year", 4)
    counts = Counter(str(day)[:size] for day in days)
    steps = dict.fromkeys(str(first + timedelta(days=number))[:size] for number in range(length + 1))
    found = [(step, counts[step]) for step in steps]
    return unit, [*found, ("undated", undated)] if undated else found


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>"


def _timeline(run: Run) -> str:
    """A lane for each rule, a dot for each ring, by event time."""
    dated = [(one, one.alert.raised_at) for one in run.rings() if one.alert.raised_at is not None]
    if not dated:
        return "<p>Nothing that rang has a date.</p>"
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
    shape = "%Y-%m-%d" if span > timedelta(days=_MONTH) else "%d %b %H:%M"
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        moment = first + span * share
        x = _place(moment, first, span)
        marks.append(f'<text class="tick" x="{x:.0f}" y="{bottom}">{moment:{shape}}</text>')
    picture = f'<svg viewBox="0 0 {_WIDTH} {bottom + 8}" role="img">{"".join(marks)}</svg>'
    return f'{_legend(lanes)}<div class="scroll">{picture}</div>'


def _legend(lanes: Sequence[Rule]) -> str:
    """What the colours stand for: the first level of every rule, the second, and so on."""
    names: list[dict[str, None]] = []
    for rule in lanes:
        for rank, level in enumerate(rule.levels):
            if rank == len(names):
                names.append({})
            names[rank][level.name] = None
    items = (
        f'<span><i style="background:{_colour(rank)}"></i>{escape(", ".join(words))}</span>'
        for rank, words in enumerate(names)
    )
    return f'<p class="legend">{"".join(items)}<span>Hold the pointer over a dot to read it.</span></p>'


def _colour(rank: int) -> str:
    return _COLOURS[min(rank, len(_COLOURS) - 1)]


def _place(at: datetime, first: datetime, span: timedelta) -> float:
    return _LEFT + (at - first) / span * (_WIDTH - _LEFT - _RIGHT)


def _dot(one: Told, x: float, y: int, rank: int) -> str:
    said = escape(f"{one.alert.level}, {one.alert.raised_at:%Y-%m-%d %H:%M}: {one.alert.explanation}")
    return (
        f'<circle cx="{x:.1f}" cy="{y}" r="{5 + rank}" fill="{_colour(rank)}"><title>{said}</title></circle>'
    )


def _table(figures: Summary) -> str:
    """What rang at which level; the rules that never did in one line."""
    rang = [line for line in figures.lines if line.rings]
    loud = {line.rule for line in rang}
    silent = dict.fromkeys(line.rule for line in figures.lines if line.rule not in loud)
    never = f"<p>Never rang: {escape(', '.join(silent))}.</p>" if silent else ""
    rows = "".join(
        f"<tr><td>{escape(line.rule)}</td><td>{escape(line.level)}</td><td>{line.rings}</td>"
        f"<td>{delay_words(line.delay)}</td><td>{sources_words(line.sources)}</td></tr>"
        for line in rang
    )
    head = "<tr><th>rule</th><th>level</th><th>rings</th><th>after first report</th><th>sources</th></tr>"
    note = "<p>Delays and sources are medians.</p>"
    return f'<div class="scroll"><table class="figures">{head}{rows}</table></div>{note}{never}'


def _bars(counts: Sequence[tuple[str, int]]) -> str:
    most = max(number for _, number in counts)
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td>{number or ''}</td>"
        f'<td><div class="bar" style="width:{100 * number / most:.0f}%"></div></td></tr>'
        for name, number in counts
    )
    return f'<table class="bars">{rows}</table>'


def _list(told: Sequence[Told]) -> str:
    items = (
        f"<li>{_sentence(one)} <code>{escape(f'{one.alert.rule} {one.alert.level}')}</code></li>"
        for one in told
    )
    return f"<ul>{''.join(items)}</ul>" if told else "<p>None.</p>"


def _chains(run: Run) -> str:
    parts = []
    for key, chain in run.chains().items():
        items = "".join(
            f'<li><b class="{one.alert.status}">{one.alert.status}</b> {_sentence(one)}</li>' for one in chain
        )
        more = f" <span>{_number(len(chain), 'alert')}</span>"
        parts.append(
            f"<details><summary>{_sentence(chain[0])}{more}</summary>"
            f"<ol>{items}</ol><p><code>{escape(key)}</code></p></details>"
        )
    return "".join(parts)


def _sentence(one: Told) -> str:
    when = f"{one.alert.raised_at:%Y-%m-%d %H:%M}" if one.alert.raised_at is not None else "undated"
    return f"<time>{when}</time> {escape(one.alert.explanation)}"


def delay_words(delay: timedelta | None) -> str:
    """A delay in minutes, hours or days; `-` where it is not known."""
    if delay is None:
        return "-"
    minutes = int(delay.total_seconds() // 60)
    if minutes == 0:
        return "at once"
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} d"


def sources_words(sources: float | None) -> str:
    """A median number of sources; `-` where nothing rang."""
    return "-" if sources is None else f"{sources:g}"
