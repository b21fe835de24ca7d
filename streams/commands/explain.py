"""`tocsin explain`: why a text was read as it was, candidate by candidate."""

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from schemas import Article, BadMessage, Event
from schemas.events import Evidence
from streams.commands.explain_incident import explain_incident
from streams.extraction.document import Document
from streams.extraction.drafts import Note
from streams.extraction.extractor import Explanation, Extractor
from streams.intake import receive

_STYLES = {"tolls": "bold red", "force": "bold blue", "place": "green", "date": "cyan", "cause": "magenta"}
_ANY_TIME = datetime(9000, 1, 1, tzinfo=UTC)  # an article to be explained may lie in the future
_MOST = 6  # candidates of one kind that are shown


def explain(
    article: Annotated[
        Path,
        typer.Argument(
            metavar="ARTICLE",
            help="A JSON article, a file of JSON lines, or plain text; - reads standard input."
            " With --readings: an incident's id, or enough of its beginning.",
        ),
    ],
    line: Annotated[
        int, typer.Option("--line", min=1, help="Which line of a file of JSON lines.", show_default=True)
    ] = 1,
    all_candidates: Annotated[
        bool, typer.Option("--all", help="Show every candidate, not only the strongest.")
    ] = False,
    readings: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            readable=True,
            help="Explain an incident of this readings.jsonl: why each report is in it.",
        ),
    ] = None,
) -> None:
    """Show the words that an article's events came from, and what spoke for and against each reading.

    First the text with the words marked, then each event, then the candidates: what each would have meant,
    the reasons for (+) and against (-) it with their weights, and the decision.

    With --readings: how well each report of an incident fits the others, and every part of that score.

    Exit codes: 0 done; 1 the article, or some line, cannot be read; 2 no such incident, or wrong use.

    Examples:

      tocsin explain article.json

      echo 'Blast kills 18 in market' | tocsin explain -

      tocsin explain --readings out/readings.jsonl 4f0c
    """
    if readings is not None:
        explain_incident(readings, str(article))
        return
    try:
        raw = sys.stdin.read() if str(article) == "-" else article.read_text(encoding="utf-8")
        found = _article(raw, line)
    except (OSError, UnicodeDecodeError, BadMessage, IndexError) as error:
        typer.echo(f"{article}: {error}", err=True)
        raise typer.Exit(1) from None
    explanation = Extractor.load().explain(found, "")
    console = Console(highlight=False, soft_wrap=True)
    console.print(_marked(found.text, explanation.extraction.events))
    for event in explanation.extraction.events:
        console.print(_event(event))
    for piece in _notes(explanation, None if all_candidates else _MOST):
        console.print(piece)


def _article(raw: str, line: int) -> Article:
    """The article in `raw`: JSON, the given line of JSON lines, or the text itself. Raises BadMessage."""
    if not raw.lstrip().startswith("{"):
        return Article(id="standard input", body=raw)
    lines = [row for row in raw.splitlines() if row.strip()]
    if len(lines) > 1 and lines[0].rstrip().endswith("}"):
        if line > len(lines):
            raise IndexError(f"there are {len(lines)} lines, none is number {line}")
        raw = lines[line - 1]
    return receive(raw.encode(), received_at=None, now=_ANY_TIME).article


def _marked(text: str, events: Iterable[Event]) -> Text:
    """The text with the words of evidence in the colour of their field."""
    marked = Text(text)
    for event in events:
        for evidence in event.evidence:
            style = _STYLES.get(evidence.field.split(".")[0], "underline")
            marked.stylize(style, evidence.start, evidence.end)
    return marked


def _event(event: Event) -> Text:
    what = f"{event.type}, {event.realis}, {event.scope}, confidence {event.confidence:.2f}"
    lines = [f"\nevent {event.rank}: {what}"]
    lines += [f"  {_quote(evidence)}" for evidence in event.evidence]
    return Text("\n".join(lines))


def _quote(evidence: Evidence) -> str:
    return f"{evidence.field} [{evidence.start}:{evidence.end}] {' '.join(evidence.text.split())!r}"


def _notes(explanation: Explanation, most: int | None) -> Iterator[Text]:
    """The candidates, those of one kind together, in the order in which they were weighed."""
    kinds: dict[str, list[Note]] = {}
    for note in explanation.notes:
        kinds.setdefault(note.what.split()[0], []).append(note)
    for kind, notes in kinds.items():
        yield Text(f"\n{kind}: {len(notes)} candidate{'s' * (len(notes) != 1)}", style="bold")
        for note in notes[:most]:
            yield Text(_note(explanation.document, note), style="" if note.decision == "chosen" else "dim")


def _note(document: Document, note: Note) -> str:
    words = " ".join(document.quote(note.start, note.end).split())
    reasons = "".join(f"\n      {reason}" for reason in note.reasons)
    return f"  {note.what}: {words!r} -> {note.decision}{reasons}"
