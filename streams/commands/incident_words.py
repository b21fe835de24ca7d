"""Incidents as a person reads them in a terminal: one in a line, or all that is known of it on a page."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from schemas.counts import Count
from schemas.incidents import Decision, Incident, Report, Revision
from streams.alerting.wording import date_words, figure_words, place_words, unit_words

_MARGIN = 10


def as_line(incident: Incident, short: int) -> str:
    """When it last changed, `short` characters of its id, status, figures, place, sources and headline."""
    parts = (
        incident.incident_id[:short],
        _when(incident.updated_at),
        f"{incident.status:<6}",
        f"{_figures(incident)}, {place_words(incident.place)}",
        _sources(incident),
        plain(incident.headline or ""),
    )
    return "  ".join(part for part in parts if part) + _decided(incident)


def as_page(incident: Incident) -> str:
    """Everything that is published of it."""
    sections = [
        ("toll", _toll(incident)),
        ("claims", _claims(incident)),
        ("words", _words(incident)),
        ("history", _rows(_revision(line) for line in incident.history)),
        ("sources", [plain(", ".join(incident.source_names))] if incident.source_names else []),
        ("reports", _reports(incident)),
        ("verdict", [verdict_words(incident.verdict)] if incident.verdict else []),
    ]
    return "\n".join([*_head(incident), *(line for name, rows in sections for line in _section(name, rows))])


def verdict_words(decision: Decision) -> str:
    """Who decided what, when and why."""
    return f"{decision.action} by {plain(decision.by)}, {_when(decision.at)}: {plain(decision.why)}"


def plain(text: str) -> str:
    """`text` in one line without what would move a terminal's cursor."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _head(incident: Incident) -> Iterator[str]:
    yield f"{incident.incident_id}  {incident.type}, {incident.status}, version {incident.version}"
    if incident.headline:
        yield plain(incident.headline)
    what = [incident.cause or incident.direction, incident.realis, place_words(incident.place)]
    day = date_words(incident.date, None)
    yield plain(", ".join(part.replace("_", " ") for part in (*what, day) if part))
    for role, parties in (("by", incident.actors), ("against", incident.targets)):
        if parties:
            yield f"{role} " + plain(", ".join(f"{party.name} ({party.role})" for party in parties))
    yield (
        f"opened {_when(incident.opened_at)}, changed {_when(incident.updated_at)},"
        f" {_sources(incident)}, confidence {incident.confidence:.2f}"
    )
    if incident.merged_into:
        yield f"merged into {incident.merged_into}: its reports are there"
    if incident.split_from:
        yield f"split from {incident.split_from}"


def _section(name: str, rows: list[str]) -> Iterator[str]:
    if rows:
        yield ""
        yield f"{name:<{_MARGIN}}{rows[0]}"
        yield from (" " * _MARGIN + row for row in rows[1:])


def _rows(cells: Iterable[tuple[str, ...]]) -> list[str]:
    """Rows with their columns under one another; the last column is free."""
    table = list(cells)
    if not table:
        return []
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]) - 1)]
    return [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]).rstrip()
        for row in table
    ]


def _toll(incident: Incident) -> list[str]:
    rows: list[tuple[str, ...]] = [
        (measure, _figure(count), _bounds(count)) for measure, count in incident.tolls.items()
    ]
    if force := incident.force:
        rows.append((f"{force.what}, {force.unit}", _figure(force.count), _bounds(force.count)))
        estimated = " estimated" if force.estimated else ""
        rows.append(("people", _figure(force.personnel), _bounds(force.personnel) + estimated))
    return _rows(rows)


def _claims(incident: Incident) -> list[str]:
    return _rows(
        (
            claim.measure,
            _figure(claim.count),
            plain(claim.claimant or "the article itself") + (" (leading)" if claim.leading else ""),
        )
        for claim in incident.claims
    )


def _words(incident: Incident) -> list[str]:
    return _rows(
        (item.field, f"“{plain(item.text)}”", plain(item.url or item.source or item.article_id))
        for item in incident.evidence
    )


def _revision(line: Revision) -> tuple[str, ...]:
    value = line.value
    if isinstance(value, Count):
        value = _figure(value)
    return (_when(line.at), line.measure.replace("_", " "), plain(value or "nothing"), line.why)


def _reports(incident: Incident) -> list[str]:
    rows = _rows(_report(report) for report in incident.reports)
    left = incident.reports_total - len(incident.reports)
    return [*rows, f"and {left} earlier ones"] if left > 0 else rows


def _report(report: Report) -> tuple[str, ...]:
    copied = f" (copy of {plain(report.copy_of)})" if report.copy_of else ""
    return (
        _when(report.time),
        plain(report.article_id),
        plain(report.source or ""),
        plain(report.title or report.url or "") + copied,
    )


def _decided(incident: Incident) -> str:
    return f"  [{incident.verdict.action} by {plain(incident.verdict.by)}]" if incident.verdict else ""


def _figures(incident: Incident) -> str:
    """The figures in a few words."""
    if force := incident.force:
        units = force.what if force.unit == "person" else unit_words(force.unit, force.count)
        if units not in (force.what, force.what.removesuffix("s")):  # ships are of ships
            units += f" of {force.what}"
        return f"{incident.direction or 'deploy'} {_figure(force.count)} {units}, {incident.realis}"
    tolls = [f"{_figure(count)} {measure}" for measure, count in incident.tolls.items()]
    return ", ".join(tolls) or f"no toll, {(incident.cause or incident.type).replace('_', ' ')}"


def _figure(count: Count) -> str:
    return figure_words(count).rstrip(",")


def _bounds(count: Count) -> str:
    """Low, best and high, with a dash for what is open."""
    return "/".join("–" if end is None else str(end) for end in (count.low, count.best, count.high))


def _sources(incident: Incident) -> str:
    return f"{incident.sources} source{'s' * (incident.sources != 1)}"


def _when(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "undated"
