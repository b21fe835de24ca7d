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
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from schemas.counts import MEASURES, Count, Measure
from streams.incidents.members import Member
from streams.incidents.settings import words

_LATE_DEATHS = 3
"""More than so many rise at once: these were not among the counted injured."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the event that gives it and the reason for its choice."""

    count: Count
    member: Member
    why: str


@dataclass(frozen=True, slots=True)
class _Statement:
    value: int
    count: Count
    member: Member
    time: datetime
    corrects: bool


def estimate_tolls(members: Sequence[Member]) -> dict[Measure, Estimate]:
    """The best current figure for each measure that a report gives; `members` are sorted by time."""
    found: dict[Measure, Estimate] = {}
    for measure in MEASURES:
        statements = _statements(members, measure)
        if statements:
            found[measure] = _choose(statements)
    _move_late_deaths(members, found)
    return found


def _statements(members: Sequence[Member], measure: Measure) -> list[_Statement]:
    latest: dict[str, _Statement] = {}
    originals = {member.article.article_id: member for member in members if member.original}
    for member in members:
        count, value = member.event.tolls.get(measure), _value(member, measure)
        if count is None or value is None:
            continue
        source = member.source
        if member.article.copy_of is not None:
            copied = originals.get(member.article.copy_of)
            if copied is None or value == _value(copied, measure):
                continue
            source = copied.source  # the same text with another figure: its author has gone on
        corrects = says(member, f"tolls.{measure}", correction_words()) or member.event.realis == "denied"
        statement = _Statement(value, count, member, member.order[0], corrects)
        latest.pop(source, None)
        latest[source] = statement
    return list(latest.values())


def _value(member: Member, measure: Measure) -> int | None:
    count = member.event.tolls.get(measure)
    return count.value if count is not None else None


def _choose(statements: list[_Statement]) -> Estimate:
    start = max((i for i, item in enumerate(statements) if item.corrects), default=0)
    standing = statements[start:]
    by_value: dict[int, list[_Statement]] = {}
    for item in standing:
        by_value.setdefault(item.value, []).append(item)

    def strength(value: int) -> tuple[bool, int, bool, int]:
        said = by_value[value]
        main = any(item.member.event.rank == 0 for item in said)
        return main, len(said), True, value

    best = max(by_value, key=strength)
    said = by_value[best]
    last = said[-1]
    why = (
        "corrected"
        if standing[0].corrects and last is standing[0]
        else "agreed"
        if len(said) > 1
        else "reported"
    )
    return Estimate(_bounds(said), last.member, why)


def _bounds(said: list[_Statement]) -> Count:
    """The tightest bounds among statements of one figure, in the words of the latest."""
    lows = [item.count.low for item in said if item.count.low is not None]
    highs = [item.count.high for item in said if item.count.high is not None]
    return replace(
        said[-1].count,
        best=said[-1].count.best,
        low=max(lows, default=None),
        high=min(highs, default=None),
    )


def _move_late_deaths(members: Sequence[Member], found: dict[Measure, Estimate]) -> None:
    killed, injured = found.get("killed"), found.get("injured")
    if killed is None or injured is None or not killed.count.value or not injured.count.value:
        return
    before = injured.member.event.tolls.get("killed")
    if injured.member.order >= killed.member.order or not says(
        killed.member, "tolls.killed", late_death_words()
    ):
        return
    died = killed.count.value - ((before.value or 0) if before else 0)
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


def says(member: Member, field: str, phrases: tuple[str, ...]) -> bool:
    """Whether the title, or the evidence of `field`, holds one of `phrases`."""
    texts = [member.article.title or ""]
    texts += [item.text for item in member.event.evidence if item.field == field]
    padded = " ".join(texts).lower()
    return any(phrase in padded for phrase in phrases)


@cache
def correction_words() -> tuple[str, ...]:
    """Words of a report that corrects a figure."""
    return tuple(words().correction)


@cache
def late_death_words() -> tuple[str, ...]:
    """Words of a death that was an injury before."""
    return tuple(words().late_death)
