"""`tocsin why`: why an article rang, or rang nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from schemas.alerts import Alert
from schemas.codec import Record
from schemas.events import Reading
from schemas.incidents import Incident
from streams.alerting.why import Why
from streams.alerting.why import why as reasons_of
from streams.commands.board import as_line as alert_line
from streams.commands.incident_words import as_line as incident_line
from streams.commands.incident_words import plain
from streams.commands.inputs import rules_from
from streams.commands.retold import ReadingsFile, retell, retell_topic
from streams.commands.setup import configured
from streams.pipeline import Output, Pipeline

_BY_TIME = ("aged", "quiet")


def why(
    article: Annotated[str, typer.Argument(metavar="ARTICLE_ID", help="The article's id.")],
    readings: ReadingsFile = None,
    rules: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            readable=True,
            help="Rules in force at the beginning; default: those of a new installation.",
        ),
    ] = None,
) -> None:
    """Say why an article rang or rang nothing: late, no event, below, filtered, a copy, held, muted.

    The readings are told again up to the article, as the stream would have; what every rule said then of the
    incidents that it reports on follows, rule by rule. Of an article that was edited, the last text counts.

    Without --readings it reads what the broker's events.v1 holds, from its beginning.

    Exit codes: 0 done; 1 some lines were bad; 2 no such article, no broker, or wrong use.

    Examples:

      tocsin why quetta-bomb-1

      tocsin why quetta-bomb-1 --readings out/readings.jsonl --rules my-rules.toml
    """
    asked = _Asked(article)
    if readings is None:
        settings = configured()
        _pipeline, bad = retell_topic(settings, asked.step, rules_from(rules or settings.rules))
        where = settings.topic("events.v1")
    else:
        _pipeline, bad = retell(readings, asked.step, rules_from(rules))
        where = str(readings)
    if asked.reading is None:
        typer.echo(f"{where} holds no reading of {article!r}", err=True)
        raise typer.Exit(2)
    for line in asked.page():
        typer.echo(line)
    if bad:
        raise typer.Exit(1)


class _Asked:
    """What is found out about one article while the readings are told again."""

    def __init__(self, article: str) -> None:
        self._article = article
        self.reading: Reading | None = None
        self._alerts: list[Alert] = []
        self._incidents: list[Incident] = []
        self._reasons: tuple[Why, ...] = ()

    def step(self, pipeline: Pipeline, record: Record, outputs: tuple[Output, ...]) -> None:
        """Take a record; what counts is the state right after the article's last text was taken."""
        if not isinstance(record, Reading) or record.article_id != self._article:
            return
        if self.reading is not None and _same(record, self.reading):
            return
        self.reading = record
        self._alerts = [output.message for output in outputs if isinstance(output.message, Alert)]
        self._incidents = [incident for incident in pipeline.incidents() if _reports(incident, record)]
        self._reasons = reasons_of(record, self._incidents, pipeline.evaluator, pipeline.now)

    def page(self) -> Iterator[str]:
        """What is to be told, line by line."""
        assert self.reading is not None, "asked only of an article that was met"
        when = f"{self.reading.published_at:%Y-%m-%d %H:%M}" if self.reading.published_at else "undated"
        yield f"{plain(self._article)}  {when}  {plain(self.reading.title or '')}"
        timed = [alert for alert in self._alerts if alert.reason in _BY_TIME]
        rang = [alert for alert in self._alerts if alert not in timed]
        yield f"It rang {len(rang)} alert{'s' * (len(rang) != 1)}:" if rang else "It rang nothing."
        yield from (f"  {alert_line(alert)}" for alert in rang)
        if timed:
            yield "Time went on to it, and so:"
            yield from (f"  {alert_line(alert)}" for alert in timed)
        yield from (reason.sentence for reason in self._reasons if reason.incident_id is None)
        for incident in self._incidents:
            yield f"It reports on {incident_line(incident, len(incident.incident_id))}"
            yield from (
                f"  {reason.sentence}"
                for reason in self._reasons
                if reason.incident_id == incident.incident_id
            )


def _same(one: Reading, other: Reading) -> bool:
    """Whether both are the same text, come again."""
    return (one.content_hash, one.retracted) == (other.content_hash, other.retracted)


def _reports(incident: Incident, reading: Reading) -> bool:
    return any(report.article_id == reading.article_id for report in incident.reports)
