"""What one event says about the toll, read once: each figure, and whether the words correct or explain it."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from msgspec import Struct

from schemas.counts import Count, Measure
from schemas.events import Event
from streams.incidents.settings import words


class Statement(Struct, frozen=True, gc=False):
    """One figure of one event. `corrects`: the words say that an earlier figure was wrong, or the event
    denies it; `rises`: that there were fewer before; `late_death`: they speak of somebody who was hurt and
    died.
    """

    value: int
    count: Count
    corrects: bool
    rises: bool
    late_death: bool


def statements_of(event: Event, title: str | None) -> dict[Measure, Statement]:
    """What `event` of an article with that title says, by measure; figures without a value are left out."""
    found: dict[Measure, Statement] = {}
    in_title = _says((title or "").lower())
    for measure, count in event.tolls.items():
        value = count.value
        if value is not None:
            field = f"tolls.{measure}"
            said = [_says(item.text.lower()) for item in event.evidence if item.field == field]
            found[measure] = Statement(
                value,
                count,
                event.realis == "denied" or any(one.corrects for one in (in_title, *said)),
                any(one.rises for one in (in_title, *said)),
                any(one.late_death for one in (in_title, *said)),
            )
    return found


class _Cues(NamedTuple):
    corrects: bool
    rises: bool
    late_death: bool


@lru_cache(maxsize=4096)
def _says(text: str) -> _Cues:
    return _Cues(*(_phrases(kind).search(text) is not None for kind in ("correction", "rise", "late_death")))


@cache
def _phrases(kind: str) -> re.Pattern[str]:
    """One pattern for all phrases of a kind, a field of `Words`."""
    phrases: list[str] = getattr(words(), kind)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(phrases)))})\b")
