"""`tocsin backtest`: what rules would have rung over stored articles."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from schemas.alerts import Alert
from schemas.codec import Record, decode_record
from schemas.controls import Rules
from schemas.errors import BadMessage
from schemas.events import Reading
from schemas.incidents import Incident
from streams.alerting import RuleSet
from streams.alerting.backtesting import Run, Told, only_in, summary
from streams.alerting.expecting import (
    Expectation,
    ExpectationError,
    compare,
    read_expectations,
)
from streams.alerting.page import delay_words, page, sources_words
from streams.commands.inputs import holds_readings, rules_from
from streams.commands.progress import progress
from streams.commands.reading import Line, lines, read_all
from streams.pipeline import Pipeline


def backtest(
    articles: Annotated[
        Path,
        typer.Argument(
            metavar="ARTICLES.jsonl",
            exists=True,
            dir_okay=False,
            readable=True,
            help="Articles, or the readings.jsonl of a replay, which takes seconds instead of hours.",
        ),
    ],
    rules: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, readable=True, help="Rules; default: the package's."),
    ] = None,
    against: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, readable=True, help="Rules to compare with.")
    ] = None,
    expect: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, readable=True, help="What must ring, one JSON object a line."
        ),
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page with timelines here.")] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=256, show_default="one per core", help="Processes that read at once."),
    ] = None,
) -> None:
    """Show what rules would have rung: how often, when, where, how soon, and what was taken back later.

    With --expect it is a test: each line names fields of an alert that must come (rule, level, status,
    reason, value, article, incident, place, country, region, day); with "never": true none may come; other
    rings fail too unless a line says {"others": true}.

    Exit codes: 0 done, and all as expected; 1 not as expected, or some lines were bad; 2 wrong use.

    Examples:

      tocsin backtest november.jsonl --rules new.toml --against old.toml --html report.html

      tocsin backtest out/readings.jsonl --rules new.toml --expect expected.jsonl
    """
    if html is not None and (html.is_dir() or not html.parent.is_dir()):
        raise typer.BadParameter(f"--html: {html} cannot be written: there is no such folder")
    sets = [rules_from(rules), *([rules_from(against)] if against else [])]
    expectations = _expectations(expect)
    runs, bad = _run(articles, sets, workers)
    run, other = runs[0], runs[1] if against else None
    _print(run)
    if other is not None:
        _print_difference("with these rules only", only_in(run, other))
        _print_difference("with the other rules only", only_in(other, run))
    if html is not None:
        html.write_text(page(run, other, f"Backtest of {articles.name}"), "utf-8")
    met = expectations is None or _print_verdict(expectations, run)
    if bad or not met:
        raise typer.Exit(1)


def _expectations(path: Path | None) -> tuple[Expectation, ...] | None:
    if path is None:
        return None
    try:
        return read_expectations(path.read_text("utf-8"), str(path))
    except (ExpectationError, UnicodeDecodeError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def _run(articles: Path, sets: list[RuleSet], workers: int | None) -> tuple[list[Run], int]:
    """All rule sets over the articles at once; how many lines were bad."""
    runs = [Run(rules) for rules in sets]
    pipelines = [Pipeline(rules) for rules in sets]
    bad = 0
    for line, record in _records(articles, workers):
        try:
            if isinstance(record, BadMessage):
                raise record
            if isinstance(record, Rules):  # the rules on trial are those of the command line
                continue
            for run, pipeline in zip(runs, pipelines, strict=True):
                _step(run, pipeline, record)
        except BadMessage as error:
            bad += 1
            typer.echo(f"{articles}:{line.number}: {error}", err=True)
    return runs, bad


def _step(run: Run, pipeline: Pipeline, record: Record) -> None:
    article_id = record.article_id if isinstance(record, Reading) else None
    for output in pipeline.apply(record):
        if isinstance(output.message, Incident):
            run.see(output.message)
        elif isinstance(output.message, Alert):
            run.hear(output.message, article_id)


def _records(path: Path, workers: int | None) -> Iterator[tuple[Line, Record | BadMessage]]:
    """The file's lines as records; articles are read first."""
    with path.open("rb") as stream, progress("Backtesting", path.stat().st_size) as follow:
        if holds_readings(path):
            for line in lines(stream):
                yield line, _decoded(line.raw)
                follow(line.end)
            return
        for outcome in read_all(lines(stream), now=datetime.now(UTC), workers=workers):
            bad = isinstance(outcome.result, BadMessage)
            yield outcome.line, outcome.result if bad else _decoded(outcome.result)  # type: ignore[arg-type, misc]
            follow(outcome.line.end)


def _decoded(raw: bytes) -> Record | BadMessage:
    try:
        return decode_record(raw)
    except BadMessage as error:
        return error


def _print(run: Run) -> None:
    figures = summary(run)
    width = max(len(line.rule) for line in figures.lines)
    typer.echo(f"{'rule':{width}}  {'level':12} {'rings':>6} {'after first report':>19} {'sources':>8}")
    for line in figures.lines:
        delay, sources = delay_words(line.delay), sources_words(line.sources)
        typer.echo(f"{line.rule:{width}}  {line.level:12} {line.rings:>6} {delay:>19} {sources:>8}")
    for title, counts in (("per day", figures.days), ("where", figures.regions)):
        said = ", ".join(f"{name} {number}" for name, number in counts)
        typer.echo(f"{title}: {said or 'nothing rang'}")
    back = len(figures.taken_back)
    told = (_many(figures.updates, "update"), _many(figures.corrections, "correction"))
    typer.echo(f"{', '.join(told)}, {back} taken back later")
    for one in figures.taken_back:
        typer.echo(f"  {_sentence(one)}")


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _print_difference(title: str, told: list[Told]) -> None:
    typer.echo(f"{len(told)} ring {title}")
    for one in told:
        typer.echo(f"  {_sentence(one)}")


def _print_verdict(expectations: tuple[Expectation, ...], run: Run) -> bool:
    verdict = compare(expectations, run.told)
    for missing in verdict.missing:
        typer.echo(f"missing (line {missing.line}): {missing}", err=True)
    for broken, told in verdict.broken:
        typer.echo(f"must never ring (line {broken.line}): {_sentence(told)}", err=True)
    for told in verdict.unexpected:
        typer.echo(f"not expected: {_sentence(told)}", err=True)
    if verdict.passed:
        typer.echo(f"as expected: {_many(len(expectations), 'line')}")
    return verdict.passed


def _sentence(told: Told) -> str:
    alert = told.alert
    return f"[{alert.rule} {alert.level}] {told.article_id or '-'}: {alert.explanation}"
