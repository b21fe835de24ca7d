"""The operator's last word: what each action of a Verdict does to the incidents."""

from collections.abc import Callable
from functools import reduce

from msgspec.structs import replace

from schemas.controls import Verdict
from schemas.counts import Count, Measure
from schemas.errors import BadMessage
from schemas.incidents import Decision
from streams.incidents.state import IncidentRecord
from streams.incidents.step import Step

Figures = dict[Measure, Count] | None


def carry_out(verdict: Verdict, step: Step) -> None:
    """Do what `verdict` says. Raises BadMessage (stage `track`) where it names what is not there."""
    target = _known(verdict.incident_id, step)
    if target.merged_into is not None:
        target = _known(step.desk.alive(target.incident_id), step)
    _ACTIONS[verdict.action](verdict, target, step)


def _confirm(verdict: Verdict, target: IncidentRecord, step: Step) -> None:
    step.touch(target.incident_id, "verdict")
    view = step.desk.view(target.incident_id)
    assert view is not None, "every record has a view"
    step.put(replace(target, verdict=_decision(verdict), confirmed=dict(view.tolls)))


def _void(verdict: Verdict, target: IncidentRecord, step: Step) -> None:
    step.touch(target.incident_id, "verdict")
    step.put(replace(target, verdict=_decision(verdict), confirmed=None))


def _merge(verdict: Verdict, target: IncidentRecord, step: Step) -> None:
    _not_void(target)
    others = [_known(step.desk.alive(other), step) for other in verdict.others]
    if not others:
        raise _wrong("a merge needs `others`: the incidents to merge into this one")
    for other in others:
        if other.type != target.type:
            raise _wrong(
                f"{other.incident_id} is of type {other.type}, {target.incident_id} of {target.type}"
            )
    others = [other for other in others if other.incident_id != target.incident_id]
    for other in others:
        step.merge(target.incident_id, other.incident_id)
    step.touch(target.incident_id, "verdict")
    target = _known(target.incident_id, step)
    apart = tuple(name for name in target.apart if name not in {other.incident_id for other in others})
    confirmed = reduce(_higher, (other.confirmed for other in others), target.confirmed)
    step.put(replace(target, verdict=_decision(verdict), apart=apart, confirmed=confirmed, whole=True))


def _split(verdict: Verdict, target: IncidentRecord, step: Step) -> None:
    _not_void(target)
    wanted = set(verdict.article_ids)
    if not wanted:
        raise _wrong("a split needs `article_ids`: the articles to take out of the incident")
    group = [m for m in step.desk.index.members(target.incident_id) if m.article.article_id in wanted]
    if missing := sorted(wanted - {member.article.article_id for member in group}):
        raise _wrong(f"no article of {target.incident_id}: {', '.join(missing)}")
    if len(group) == len(step.desk.index.members(target.incident_id)):
        raise _wrong("a split must leave a report in the incident")
    new = step.split(target.incident_id, group, held=True)
    for mine, theirs in ((target.incident_id, new), (new, target.incident_id)):
        record = _known(mine, step)
        apart = tuple(sorted({*record.apart, theirs}))
        step.put(replace(record, apart=apart, verdict=_decision(verdict)))


_ACTIONS: dict[str, Callable[[Verdict, IncidentRecord, Step], None]] = {
    "confirm": _confirm,
    "void": _void,
    "merge": _merge,
    "split": _split,
}


def _known(incident_id: str, step: Step) -> IncidentRecord:
    record = step.desk.record(incident_id)
    if record is None:
        raise _wrong(f"no incident has the id {incident_id}")
    return record


def _not_void(target: IncidentRecord) -> None:
    """A void incident stays void until somebody confirms it."""
    if target.void:
        raise _wrong(f"{target.incident_id} is void: confirm it first")


def _higher(one: Figures, other: Figures) -> Figures:
    """The figures of two confirmed incidents that are one: of each measure the higher."""
    if one is None or other is None:
        return one if other is None else other
    found = dict(one)
    for measure, count in other.items():
        if measure not in found or (found[measure].value or 0) < (count.value or 0):
            found[measure] = count
    return found


def _decision(verdict: Verdict) -> Decision:
    return Decision(action=verdict.action, by=verdict.by, at=verdict.at, why=verdict.why)


def _wrong(message: str) -> BadMessage:
    return BadMessage(f"verdict: {message}", stage="track", kind="verdict")
