"""Stories for tests: a file of articles through the whole pipeline, and what was expected of it.

Expectations write a Count as `low/best/high` with `-` for null, and `a|b` or a list where several are right.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from schemas import Alert, BadMessage, Count, Event, Incident, Reading
from streams.alerting import RuleSet, load_rules
from streams.commands.reading import Line, lines
from streams.pipeline import Output, Pipeline
from streams.processes import load_extractor
from streams.reading import Extract, read

DATA = Path(__file__).parent / "data"
RULES = DATA / "bundled_rules.toml"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a story, what was read in it and what came of it."""

    line: Line
    reading: Reading | BadMessage
    outputs: tuple[Output, ...]
    incidents: tuple[Incident, ...]
    """All that the state holds after the line."""


@dataclass(frozen=True, slots=True)
class Story:
    """A whole run."""

    steps: list[Step] = field(default_factory=list)

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """What stands at the end."""
        return self.steps[-1].incidents

    def alerts(self) -> Iterator[tuple[str, Alert]]:
        """Every alert, with the id of the article that caused it."""
        for step in self.steps:
            for output in step.outputs:
                if isinstance(output.message, Alert) and isinstance(step.reading, Reading):
                    yield step.reading.article_id, output.message


def play(path: Path, extract: Extract | None = None, rules: RuleSet | None = None) -> Story:
    """Run the articles in `path` through the pipeline, in the file's order.

    `extract`: else the real one. `rules`: else those that the expectations were worked out with.
    """
    story = Story()
    extract = extract or load_extractor()
    pipeline = Pipeline(rules or load_rules(RULES))
    with path.open("rb") as stream:
        for line in lines(stream):
            try:
                reading = read(line.raw, extract, now=datetime.now(UTC))
            except BadMessage as error:
                story.steps.append(Step(line, error, (), tuple(pipeline.incidents())))
                continue
            outputs = pipeline.apply(reading)
            story.steps.append(Step(line, reading, outputs, tuple(pipeline.incidents())))
    return story


def short(count: Count | None) -> str:
    """A Count as expectations write it."""
    if count is None:
        return "-/-/-"
    return "/".join("-" if end is None else str(end) for end in (count.low, count.best, count.high))


def is_one_of(count: Count | None, expected: str | list[str]) -> bool:
    """Whether a Count is one of those expected."""
    readings = expected.split("|") if isinstance(expected, str) else expected
    return short(count) in readings


def members(incident: Incident) -> set[str]:
    """The ids of the articles that an incident stands on."""
    return {report.article_id for report in incident.reports}


def standing(incidents: Iterable[Incident], kind: str) -> list[Incident]:
    """The incidents of a type that were not merged into another."""
    return [one for one in incidents if one.type == kind and one.merged_into is None]


def main_event(reading: Reading) -> Event | None:
    """The event of rank 0."""
    return next((event for event in reading.events if event.rank == 0), None)
