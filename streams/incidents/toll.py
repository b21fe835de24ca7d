"""The toll of an incident: the best current estimate from what its reports say.

The rule, for each measure by itself:

1. A copy says nothing of its own, but where its figure differs it speaks for the author of what it copies.
   Of several statements by one source the latest counts.
2. A report that says it corrects a figure, and one that denies it, ends what was said before it.
3. Later beats earlier where the later figure is higher: tolls rise.
4. A later figure that is lower, without a correction, is taken for a part or an old count; it wins only when
   more independent sources stand behind it than behind the higher one.
5. Of equals, the figure of a report whose main happening this is beats one in passing, then the later wins.
6. Whoever was hurt and died leaves the injured: where the dead rise after the last word on the injured, and
   the words speak of a late death, the injured fall by as many.

`low` and `high` come from the statements that give the winning figure: the tightest bounds among them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from schemas.counts import MEASURES, Count, Measure
from streams.incidents.members import Member
from streams.incidents.statements import Statement

_LATE_DEATHS = 3
"""More than so many rise at once: these were not among the counted injured."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the event that gives it and the reason for its choice."""

    count: Count
    member: Member
    why: str


class _Said(NamedTuple):
    """A statement with the member that makes it."""

    statement: Statement
    member: Member


def estimate_tolls(members: Sequence[Member]) -> dict[Measure, Estimate]:
    """The best current figure for each measure that a report gives; `members` are sorted by time."""
    said = _said(members)
    found = {measure: _choose(list(said[measure].values())) for measure in MEASURES if measure in said}
    _move_late_deaths(found)
    return found


def _said(members: Sequence[Member]) -> dict[Measure, dict[str, _Said]]:
    """For each measure the latest statement of each independent source, by time."""
    found: dict[Measure, dict[str, _Said]] = {}
    originals = {member.article.article_id: member for member in members if member.original}
    for member in members:
        copied = originals.get(member.article.copy_of) if member.article.copy_of is not None else None
        if copied is None and not member.original:
            continue
        for measure, statement in member.says.items():
            source = member.source
            if copied is not None:
                known = copied.says.get(measure)
                if known is not None and known.value == statement.value:
                    continue
                source = copied.source  # the same text with another figure: its author has gone on
            latest = found.setdefault(measure, {})
            latest.pop(source, None)
            latest[source] = _Said(statement, member)
    return found


def _choose(said: list[_Said]) -> Estimate:
    start = max((i for i, item in enumerate(said) if item.statement.corrects), default=0)
    standing = said[start:]
    by_value: dict[int, list[_Said]] = {}
    for item in standing:
        by_value.setdefault(item.statement.value, []).append(item)

    def strength(value: int) -> tuple[bool, int, int]:
        main = any(item.member.event.rank == 0 for item in by_value[value])
        return main, len(by_value[value]), value

    agreed = by_value[max(by_value, key=strength)]
    corrected = agreed[-1] is standing[0] and standing[0].statement.corrects
    why = "corrected" if corrected else "agreed" if len(agreed) > 1 else "reported"
    return Estimate(_bounds([item.statement.count for item in agreed]), agreed[-1].member, why)


def _bounds(counts: list[Count]) -> Count:
    """The tightest bounds among statements of one figure, in the words of the latest."""
    last = counts[-1]
    if len(counts) == 1:
        return last
    lows = [count.low for count in counts if count.low is not None]
    highs = [count.high for count in counts if count.high is not None]
    return Count(
        low=max(lows, default=None),
        best=last.best,
        high=min(highs, default=None),
        text=last.text,
        rule=last.rule,
    )


def _move_late_deaths(found: dict[Measure, Estimate]) -> None:
    killed, injured = found.get("killed"), found.get("injured")
    if killed is None or injured is None or not killed.count.value or not injured.count.value:
        return
    later = killed.member.says.get("killed")
    if injured.member.order >= killed.member.order or later is None or not later.late_death:
        return
    before = injured.member.says.get("killed")
    died = killed.count.value - (before.value if before else 0)
    if 0 < died <= min(_LATE_DEATHS, injured.count.value):
        count = injured.count
        moved = Count(
            low=None if count.low is None else max(0, count.low - died),
            best=None if count.best is None else count.best - died,
            high=None if count.high is None else max(0, count.high - died),
            text=count.text,
            rule="late_death",
        )
        found["injured"] = Estimate(moved, killed.member, "died of injuries")
