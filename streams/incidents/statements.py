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
    died. `adds`: the figure comes to those told before; `part`: it is a share of them.
    """

    value: int
    count: Count
    corrects: bool
    rises: bool
    late_death: bool
    adds: bool = False
    part: bool = False


def statements_of(event: Event, title: str | None) -> dict[Measure, Statement]:
    """What `event` of an article with that title says, by measure; figures without a value are left out."""
    found: dict[Measure, Statement] = {}
    # A title speaks of the article's main happening, not of those that it mentions beside.
    in_title = _says((title or "").lower()) if event.rank == 0 else _NONE
    for measure, count in event.tolls.items():
        value = count.value
        if value is not None:
            field = f"tolls.{measure}"
            says = in_title
            for item in event.evidence:
                if item.field == field:
                    says = says.also(_says(item.text.lower()))
            corrects = says.corrects or event.realis == "denied"
            rises = says.rises or count.rule == "ordinal"  # "a third victim died"
            adds, part = count.rule == "more", count.rule == "part"
            found[measure] = Statement(value, count, corrects, rises or adds, says.late_death, adds, part)
    return found


class _Cues(NamedTuple):
    corrects: bool
    rises: bool
    late_death: bool

    def also(self, other: "_Cues") -> "_Cues":
        """What two texts say together."""
        if other is _NONE:
            return self
        return _Cues(
            self.corrects or other.corrects, self.rises or other.rises, self.late_death or other.late_death
        )


_NONE = _Cues(corrects=False, rises=False, late_death=False)
_KINDS = ("correction", "rise", "late_death")


@lru_cache(maxsize=4096)
def _says(text: str) -> _Cues:
    if _phrases(*_KINDS).search(text) is None:
        return _NONE
    return _Cues(*(_phrases(kind).search(text) is not None for kind in _KINDS))


@cache
def _phrases(*kinds: str) -> re.Pattern[str]:
    """One pattern for all phrases of some kinds, fields of `Words`."""
    phrases: set[str] = {phrase for kind in kinds for phrase in getattr(words(), kind)}
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(phrases)))})\b")
