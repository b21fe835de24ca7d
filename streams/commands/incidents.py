"""`tocsin incidents`: what is known of each happening, and the operator's last word on it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Literal

import typer

from schemas.codec import decode, encode
from schemas.controls import Verdict
from schemas.errors import BadMessage
from schemas.events import EventType
from schemas.incidents import Decision, Incident
from streams.alerting.regions import countries
from streams.brokers.records import Record
from streams.commands.appending import Answer, Refused, append, said
from streams.commands.casebook import Casebook, WrongName, casebook, login_name
from streams.commands.incident_words import as_line, as_page, verdict_words
from streams.commands.setup import configured, run

Action = Literal["confirm", "void", "merge", "split"]

incidents = typer.Typer(
    name="incidents", no_args_is_help=True, help="Show incidents; confirm, void, merge or split them."
)

_LONG_AGO = datetime.min.replace(tzinfo=UTC)

Name = Annotated[str, typer.Argument(metavar="ID", help="An incident's id, or enough of its beginning.")]
By = Annotated[
    str | None, typer.Option(show_default="your login name", help="Who decides; consumers see it.")
]
Why = Annotated[str, typer.Option(help="The reason, in a sentence; consumers see it.")]
NoWait = Annotated[bool, typer.Option("--no-wait", help="Don't wait until a worker has carried it out.")]
AsJson = Annotated[bool, typer.Option("--json", help="Whole incidents as JSON lines.")]


@incidents.command(name="list")
def show_all(
    only_open: Annotated[bool, typer.Option("--open", help="Only those that are open.")] = False,
    kind: Annotated[EventType | None, typer.Option("--type", help="Only those of this type.")] = None,
    country: Annotated[
        str | None, typer.Option(metavar="CODE", help="Only those in this country (ISO 3166-1: PK).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the incidents, the last changed first: id, time, status, figures, place, sources, headline.

    Those that were merged into another are left out; `show` finds them.

    Exit codes: 0 done; 2 no broker, or wrong use.

    Examples:

      tocsin incidents list --open --country PK

      tocsin incidents list --type deployment --json | jq -r .headline
    """
    if country is not None and (country := country.upper()) not in countries():
        raise typer.BadParameter(f"{country} is no country's ISO 3166-1 code; they look like PK")
    settings = configured()
    book = run(settings, casebook(settings))
    found = [
        incident
        for incident in book.incidents()
        if incident.merged_into is None
        and (incident.status == "open" or not only_open)
        and kind in (None, incident.type)
        and (country is None or (incident.place is not None and incident.place.country == country))
    ]
    found.sort(key=lambda incident: (incident.updated_at or _LONG_AGO, incident.incident_id), reverse=True)
    short = book.short()
    for incident in found:
        typer.echo(encode(incident).decode() if as_json else as_line(incident, short))
    typer.echo(f"{len(found)} incident{'s' * (len(found) != 1)}", err=True)


@incidents.command()
def show(name: Name, as_json: AsJson = False) -> None:
    """Show all that is known of an incident: toll, claims, history, sources, reports, copies, verdict.

    Exit codes: 0 done; 2 no such incident, no broker, or wrong use.

    Example:  tocsin incidents show 4f0c
    """
    settings = configured()

    async def find() -> Incident:
        return (await casebook(settings)).find(name)

    incident = run(settings, find())
    typer.echo(encode(incident).decode() if as_json else as_page(incident))


@incidents.command()
def confirm(name: Name, why: Why, by: By = None, no_wait: NoWait = False) -> None:
    """Confirm an incident: never merged, split or closed by itself again, its toll never below today's.

    Exit codes: 0 done; 1 the worker refused it; 2 no such incident, no broker, or wrong use.

    Example:  tocsin incidents confirm 4f0c --why "the hospital told us"
    """
    _decide("confirm", name, by, why, wait=not no_wait)


@incidents.command()
def void(name: Name, why: Why, by: By = None, no_wait: NoWait = False) -> None:
    """Declare that there was no such happening: closed, its alerts corrected and closed, for good.

    Later reports of it join without a sound.

    Exit codes: 0 done; 1 the worker refused it; 2 no such incident, no broker, or wrong use.

    Example:  tocsin incidents void 4f0c --why "a film was shot there"
    """
    _decide("void", name, by, why, wait=not no_wait)


@incidents.command()
def merge(
    name: Name,
    others: Annotated[list[str], typer.Argument(metavar="OTHER...", help="What becomes part of it.")],
    why: Why,
    by: By = None,
    no_wait: NoWait = False,
) -> None:
    """Merge other incidents into one: their reports move there, and they point to it.

    Exit codes: 0 done; 1 the worker refused it; 2 no such incident, no broker, or wrong use.

    Example:  tocsin incidents merge 4f0c 91be a2d7 --why "one bombing, told from three towns"
    """
    _decide("merge", name, by, why, others=tuple(others), wait=not no_wait)


@incidents.command()
def split(
    name: Name,
    articles: Annotated[
        list[str], typer.Argument(metavar="ARTICLE...", help="Ids of the articles that tell of another.")
    ],
    why: Why,
    by: By = None,
    no_wait: NoWait = False,
) -> None:
    """Take articles out of an incident into one of their own; the two never join again by themselves.

    Exit codes: 0 done; 1 the worker refused it; 2 no such incident or article, no broker, or wrong use.

    Example:  tocsin incidents split 4f0c quetta-7 quetta-9 --why "the second blast, at the market"
    """
    _decide("split", name, by, why, articles=tuple(articles), wait=not no_wait)


def _decide(
    action: Action,
    name: str,
    by: str | None,
    why: str,
    *,
    others: tuple[str, ...] = (),
    articles: tuple[str, ...] = (),
    wait: bool,
) -> None:
    """Append a verdict to events.v1, and say what became of it."""
    by, why = login_name() if by is None else by.strip(), why.strip()
    if not why or not by:
        raise typer.BadParameter("--why and --by must say something: consumers see them")
    settings = configured()
    changed: list[Incident] = []

    async def work() -> Answer:
        book = await casebook(settings)
        target = book.living(name)
        if target.verdict is not None and target.verdict.action in ("confirm", "void"):
            typer.echo(f"until now: {verdict_words(target.verdict)}", err=True)
        verdict = Verdict(
            action=action,
            incident_id=target.incident_id,
            by=by,
            at=datetime.now(UTC),
            why=why,
            others=_to_merge(book, target, others),
            article_ids=_to_split(target, articles),
        )
        return await append(settings, verdict, "incidents.v1", _answers(verdict, changed), wait=wait)

    try:
        answer = run(settings, work())
    except Refused as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    for incident in changed:
        typer.echo(as_line(incident, len(incident.incident_id)))
    typer.echo(said(answer), err=True)


def _answers(verdict: Verdict, changed: list[Incident]) -> Callable[[Record], bool]:
    """Tells the record of incidents.v1 that carries `verdict`; its incident goes to `changed`.

    For a split that is the incident that came of it.
    """
    decision = Decision(action=verdict.action, by=verdict.by, at=verdict.at, why=verdict.why)

    def answers(record: Record) -> bool:
        try:
            incident = decode(Incident, record.value or b"")
        except BadMessage:  # a tombstone, or a stranger's
            return False
        if incident.verdict != decision:
            return False
        if verdict.action == "split" and incident.incident_id == verdict.incident_id:
            return False
        changed.append(incident)
        return True

    return answers


def _to_merge(book: Casebook, target: Incident, names: tuple[str, ...]) -> tuple[str, ...]:
    """The ids of the incidents to merge into `target`. Raises WrongName."""
    others = [book.living(name) for name in names]
    for name, other in zip(names, others, strict=True):
        if other.incident_id == target.incident_id:
            raise WrongName(f"{name} and {target.incident_id} are one incident already")
        if other.type != target.type:
            raise WrongName(
                f"{name} is of type {other.type}, {target.incident_id} of {target.type}: they can't be one"
            )
    return tuple(dict.fromkeys(other.incident_id for other in others))


def _to_split(target: Incident, articles: tuple[str, ...]) -> tuple[str, ...]:
    """The ids of the articles to take out of `target`. Raises WrongName."""
    there = {report.article_id for report in target.reports}
    if target.reports_total > len(target.reports):  # not all are published: the worker knows
        return tuple(dict.fromkeys(articles))
    if missing := [article for article in articles if article not in there]:
        raise WrongName(f"{target.incident_id} has no report by {', '.join(missing)}")
    if articles and not there - set(articles):
        raise WrongName(f"a split must leave a report in {target.incident_id}")
    return tuple(dict.fromkeys(articles))
