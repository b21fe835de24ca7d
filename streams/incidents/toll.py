"""The toll of an incident: the best current estimate from what its reports say.

The rule, for each measure by itself:

1. A copy says nothing of its own, but where its figure differs it speaks for the author of what it copies.
   Of several statements by one source the latest counts; one in passing counts only where none is made of
   the main happening, and one of a single death where no greater number was told.
2. A report that says it corrects a figure, or denies it, ends what was said before it.
3. Later beats earlier where the later figure is higher: tolls rise. Of figures of one moment the one with
   more independent sources wins, then the higher. A figure read with clearly less confidence than the one
   that stands does not replace it, least of all where it is much higher, unless its words say that the toll
   rose, or it is but a little higher.
4. A later figure that is lower, without a correction, is taken for a part or an old count; it wins only when
   more independent sources give it than the higher one, or as many and it is read with more confidence.
5. The missing are found or die: of these the latest figure stands. The kidnapped stay so when they are freed:
   a lower figure of the same source is no revision unless it says so.
6. A dead among the injured moves: where those who give the higher number of dead give fewer injured, by no
   more than that, the injured fall; where they give none, but their words speak of a late death, the
   injured fall by as many as died.

7. Who died besides those told before ("two more died") are added to the greatest number told hours before,
   and alone are no toll. A share of the injured ("six of them are in hospital") takes nothing of them back.
8. A few dead that are not repeated were misread: where at least as many later reports on the happening, read
   with no less confidence, count the injured and tell of no dead, there were none; `high` keeps the figure.

`low` and `high` come from the statements that give the winning figure: the tightest bounds among them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from msgspec import Struct, structs

from schemas.counts import MEASURES, Count, Measure
from streams.incidents.members import Member, Order
from streams.incidents.settings import toll_rules
from streams.incidents.statements import Statement

_PASSING: tuple[Measure, ...] = ("missing",)
_LASTING: tuple[Measure, ...] = ("kidnapped",)
_SINGLE = ("one_person", "persons")  # who is told of by name or as "a schoolboy" is one of those who died


class Estimate(Struct, frozen=True, gc=False):
    """A figure with the event that gives it and the reason for its choice."""

    count: Count
    member: Member
    why: str


class _Said(Struct, frozen=True, gc=False):
    """A statement with the member that makes it.

    `since`: the order of the last correction that its source made, which may have gone on from there.
    """

    statement: Statement
    member: Member
    since: Order | None = None


def estimate_tolls(members: Sequence[Member]) -> dict[Measure, Estimate]:
    """The best current figure for each measure that a report gives; `members` are sorted by time."""
    said = _said(members)
    found = {
        measure: _choose(list(said[measure].values()), passing=measure in _PASSING)
        for measure in MEASURES
        if measure in said
    }
    _move_late_deaths(found, said)
    _drop_unrepeated(found, said, members)
    return found


def _said(members: Sequence[Member]) -> dict[Measure, dict[str, _Said]]:
    """For each measure the latest statement of each independent source, by time."""
    found: dict[Measure, dict[str, _Said]] = {}
    originals: dict[str | None, Member] = {}
    if not all(member.original for member in members):
        originals = {member.article.article_id: member for member in members if member.original}
    for member in members:
        copied = None if member.original else originals.get(member.article.copy_of)
        if copied is None and not member.original:
            continue
        for measure, says in member.says.items():
            latest = found.get(measure)
            statement = _added(says, member, latest.values() if latest else ()) if says.adds else says
            source = member.source
            if copied is not None:
                known = copied.says.get(measure)
                if known is not None and known.value == statement.value:
                    continue
                source = copied.source  # the same text with another figure: its author has gone on
            told = latest.get(source) if latest else None
            if told is not None and (
                (copied is None and _only_a_part(statement, told.statement, measure))
                or (_in_passing(member, told.member) and not statement.corrects)
            ):
                continue
            since = member.order if statement.corrects else told.since if told is not None else None
            if latest is None:
                latest = found[measure] = {}
            elif told is not None:
                del latest[source]  # what is said anew is the latest
            latest[source] = _Said(statement, member, since)
    return found


def _added(statement: Statement, member: Member, earlier: Iterable[_Said]) -> Statement:
    """Those who died besides, with those told hours before: younger figures may have them already."""
    hours = timedelta(hours=toll_rules().hours_between_rises)
    known = [
        item.statement
        for item in _since_correction(list(earlier))
        if not item.statement.part and item.member.order[0] + hours <= member.order[0]
    ]
    before = max(known, key=lambda one: one.value, default=None)
    if before is None:
        return statement
    more = statement.value
    low = None if before.count.low is None else before.count.low + more
    count = replace(statement.count, low=low, best=before.value + more, high=None)
    return structs.replace(statement, value=before.value + more, count=count)


def _only_a_part(statement: Statement, told: Statement, measure: Measure) -> bool:
    """Whether a lower figure of a source that gave a higher one before takes nothing of that back."""
    lasting = measure in _LASTING or statement.part or statement.adds
    if measure == "killed":
        lasting = lasting or statement.late_death or statement.count.rule in _SINGLE
    return lasting and statement.value < told.value and not statement.corrects


def _in_passing(member: Member, told: Member) -> bool:
    """Whether a source that told of the happening as its news now only mentions it beside another."""
    return member.event.rank > 0 and told.event.rank == 0


def _choose(said: list[_Said], *, passing: bool = False) -> Estimate:
    if len(said) == 1:
        only = said[0].statement
        return Estimate(only.count, said[0].member, "corrected" if only.corrects else "reported")
    main = [item for item in said if item.member.event.rank == 0] or said
    standing = _since_correction(main)
    best = standing[-1].statement.value if passing else _stands(standing)
    agreed = [item for item in standing if item.statement.value == best]
    corrects = standing[0].statement.corrects and standing[0] in agreed
    why = "corrected" if corrects else "agreed" if len(agreed) > 1 else "reported"
    return Estimate(_bounds([item.statement.count for item in agreed]), agreed[-1].member, why)


def _since_correction(said: list[_Said]) -> list[_Said]:
    """What holds: all that was said from the last correction on, if there was one."""
    corrections = [item.since for item in said if item.since is not None]
    if not corrections:
        return said
    last = max(corrections)
    return [item for item in said if item.member.order >= last]


def _stands(standing: list[_Said]) -> int:
    """The figure that stands after all statements, told one after the other."""
    if len({item.statement.value for item in standing}) == 1:
        return standing[0].statement.value
    rules = toll_rules()
    told = [
        (item.statement.value, item.member.event.confidence, item.member.order[0], item.statement.rises)
        for item in standing
    ]
    in_all: dict[int, int] = {}
    sure_in_all: dict[int, float] = {}
    for value, confidence, _, _ in told:
        in_all[value] = in_all.get(value, 0) + 1
        sure_in_all[value] = max(confidence, sure_in_all.get(value, 0.0))
    sources: dict[int, int] = {}
    surest: dict[int, float] = {}
    best, _, since, _ = told[0]
    for value, confidence, time, rises in told:
        behind = sources[value] = sources.get(value, 0) + 1
        sure = surest[value] = max(confidence, surest.get(value, 0.0))
        if value == best:
            continue
        behind_best, sure_best = in_all[best], sure_in_all[best]
        if value > best:
            jump = value >= rules.jump_factor * best and value - best >= rules.jump_by
            doubt = rules.doubt_jump if jump else rules.doubt
            near = value - best <= max(1, rules.near * best)  # hardly ever is another number misread so close
            trusted = rises or near or sure >= sure_best - doubt
            wins = (time > since or behind >= behind_best) and trusted
        else:
            wins = behind >= behind_best and sure > sure_best + rules.surer
        if wins or behind > behind_best:
            best, since = value, time
    return best


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


def _move_late_deaths(found: dict[Measure, Estimate], said: dict[Measure, dict[str, _Said]]) -> None:
    """Take those who died after they were counted as injured from the injured."""
    killed, injured = found.get("killed"), found.get("injured")
    if killed is None or injured is None or not killed.count.value or not injured.count.value:
        return
    before = injured.member.says.get("killed")
    died = killed.count.value - (before.value if before else 0)
    if died <= 0:
        return
    with_them = [
        item for item in said["injured"].values() if _value(item.member, "killed") == killed.count.value
    ]
    if with_them:
        left = _choose(with_them)
        if 0 < injured.count.value - (left.count.value or 0) <= died:
            found["injured"] = Estimate(left.count, left.member, "died of injuries")
        return
    later = killed.member.says["killed"]
    in_turn = injured.member.order < killed.member.order and later.late_death
    if in_turn and died <= min(toll_rules().late_deaths, injured.count.value):
        found["injured"] = Estimate(_less(injured.count, died), killed.member, "died of injuries")


def _drop_unrepeated(
    found: dict[Measure, Estimate], said: dict[Measure, dict[str, _Said]], members: Sequence[Member]
) -> None:
    """Take back a few dead that later reports, which count the injured, don't know of."""
    killed = found.get("killed")
    if killed is None or not 0 < (killed.count.value or 0) <= toll_rules().misread_up_to:
        return
    telling = [item.member for item in said["killed"].values() if item.statement.value]
    latest = max(member.order[0] for member in telling)
    silent = {
        member.source: member
        for member in members
        if "killed" not in member.says
        and member.original
        and member.event.rank == 0
        and member.order[0] >= latest
        and _value(member, "injured")
    }
    if len(silent) < len(telling):
        return
    sure = max(member.event.confidence for member in silent.values())
    if sure >= max(member.event.confidence for member in telling):
        count = Count(low=0, best=0, high=killed.count.value, rule="not_repeated")
        found["killed"] = Estimate(count, list(silent.values())[-1], "not repeated")


def _value(member: Member, measure: Measure) -> int | None:
    statement = member.says.get(measure)
    return statement.value if statement is not None else None


def _less(count: Count, by: int) -> Count:
    """`count` without those who died."""
    ends = [None if end is None else max(0, end - by) for end in (count.low, count.best, count.high)]
    return Count(low=ends[0], best=ends[1], high=ends[2], text=count.text, rule="late_death")
