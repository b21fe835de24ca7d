"""`tocsin explain --readings FILE INCIDENT`: why each report is in an incident."""

from collections.abc import Iterator
from pathlib import Path

import typer

from schemas.incidents import Incident
from streams.commands.incident_words import as_line, plain
from streams.commands.retold import retell
from streams.incidents import Link, Part
from streams.incidents.settings import matching
from streams.pipeline import Pipeline

_LEAST = 0.005
"""Parts that add less are left out: they would be shown as nothing."""


def explain_incident(readings: Path, name: str) -> None:
    """Print how well each report of an incident fits the others, part by part.

    `name` is the incident's id or its beginning. Ends the command with 1 where lines were bad, with 2 where
    there is no such incident.
    """
    known: set[str] = set()
    pipeline, bad = retell(
        readings,
        lambda _pipeline, _record, outputs: known.update(
            output.key for output in outputs if output.topic == "incidents"
        ),
    )
    incident = _find(pipeline, known, name)
    for line in _page(incident, pipeline.explain(incident.incident_id)):
        typer.echo(line)
    if bad:
        raise typer.Exit(1)


def _find(pipeline: Pipeline, known: set[str], name: str) -> Incident:
    """The incident that `name` means, where it lives on."""
    kept = {incident.incident_id: incident for incident in pipeline.incidents()}
    found = [key for key in known if name and key.startswith(name)]
    if name in known:
        found = [name]
    if len(found) != 1:
        many = f"{len(found)} incidents have ids that begin" if found else "no incident has an id that begins"
        typer.echo(f"{many} with {name!r}", err=True)
        raise typer.Exit(2)
    incident = kept.get(found[0])
    while incident is not None and incident.merged_into is not None:
        typer.echo(f"{incident.incident_id} was merged into {incident.merged_into}", err=True)
        incident = kept.get(incident.merged_into)
    if incident is None:
        typer.echo(f"{found[0]} is forgotten: at the end of the readings it was over for too long", err=True)
        raise typer.Exit(2)
    return incident


def _page(incident: Incident, links: tuple[Link, ...]) -> Iterator[str]:
    rules = matching()
    bar = rules.decisions[incident.type].join
    bias = rules.scoring[incident.type].bias
    yield as_line(incident, len(incident.incident_id))
    yield (
        "Scores are log-odds that a report tells of the same happening as the others together;"
        f" from {bar:+.2f} on it joins."
    )
    reports = {(report.article_id, report.event_id): report for report in incident.reports}
    for link in links:
        report = reports.get((link.article_id, link.event_id))
        title = plain(report.title or "") if report else ""
        copied = f"  (copy of {plain(report.copy_of)})" if report and report.copy_of else ""
        yield ""
        if not link.parts:
            yield f"  alone   {plain(link.article_id)}  {title}{copied}"
            continue
        yield f"{link.score:+7.2f}   {plain(link.article_id)}  {title}{copied}"
        yield f"          {bias:+6.2f}  to begin with"
        told = [part for part in link.parts if abs(part.points) >= _LEAST]
        for part in sorted(told, key=lambda part: (-abs(part.points), part.name)):
            yield f"          {part.points:+6.2f}  {_name(part)}"


def _name(part: Part) -> str:
    """`place.same`, or `words × 0.43` where it is a matter of degree."""
    return part.name if part.value == 1 else f"{part.name} × {part.value:.2f}"
