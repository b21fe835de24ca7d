"""What one event says about the toll, read once: each figure, and whether the words correct or explain it."""

from dataclasses import dataclass
from functools import cache

from schemas.counts import Count, Measure
from schemas.events import Event
from streams.incidents.settings import words


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure of one event. `corrects`: the words say that an earlier figure was wrong, or the event
    denies it; `late_death`: they speak of somebody who was hurt and died.
    """

    value: int
    count: Count
    corrects: bool
    late_death: bool


def statements_of(event: Event, title: str | None) -> dict[Measure, Statement]:
    """What `event` of an article with that title says, by measure; figures without a value are left out."""
    found: dict[Measure, Statement] = {}
    for measure, count in event.tolls.items():
        value = count.value
        if value is not None:
            field = f"tolls.{measure}"
            text = " ".join(
                (title or "", *(item.text for item in event.evidence if item.field == field))
            ).lower()
            corrects = event.realis == "denied" or _says(text, _corrections())
            found[measure] = Statement(value, count, corrects, _says(text, _late_deaths()))
    return found


def _says(text: str, phrases: tuple[str, ...]) -> bool:
    return any(phrase in text for phrase in phrases)


@cache
def _corrections() -> tuple[str, ...]:
    return tuple(words().correction)


@cache
def _late_deaths() -> tuple[str, ...]:
    return tuple(words().late_death)
