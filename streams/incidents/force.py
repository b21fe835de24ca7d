"""The force of a deployment: the best current estimate from what its reports say.

The report that goes furthest counts: of those with a figure the latest, one whose main news it is before one
in passing; where more independent sources agree on another figure, that one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.events import Force
from streams.incidents.members import Member


@dataclass(frozen=True, slots=True)
class ForceEstimate:
    """A force with the event that gives it."""

    force: Force
    member: Member


def estimate_force(members: Sequence[Member]) -> ForceEstimate | None:
    """The force that `members` (sorted by time) tell of; None where none describes one."""
    told = [(member, member.event.force) for member in members if member.event.force is not None]
    if not told:
        return None
    latest: dict[str, tuple[Member, Force]] = {}
    for member, force in told:
        if _size(force) is not None or member.source not in latest:
            latest.pop(member.source, None)
            latest[member.source] = (member, force)
    said = list(latest.values())
    sizes = [_size(force) for _, force in said]

    def weight(index: int) -> tuple[bool, int, bool, int]:
        member, force = said[index]
        size = _size(force)
        return size is not None, sizes.count(size), member.event.rank == 0, index

    member, force = said[max(range(len(said)), key=weight)]
    return ForceEstimate(force, member)


def _size(force: Force) -> int | None:
    value = force.personnel.value
    return value if value is not None else force.count.value
