"""Where the events of one article belong: decided together, since an article tells apart what it tells of.

Each event may join the incidents that it fits well enough; the best pairs of event and incident are taken
first, and no incident takes two events of one article. So a report on a shooting that recalls the bombing of
the same morning gives each its own.
"""

from collections.abc import Iterator

from msgspec import Struct

from schemas.events import Event
from streams.incidents.matcher import Candidate
from streams.incidents.members import Member, Read, founds, read
from streams.incidents.state import ArticleRecord, Draft, kept
from streams.incidents.step import Desk, Step

_DECIDED = 1e9
"""The score of a place that an operator gave."""


class Placed(Struct, frozen=True, gc=False):
    """The drafts of an article, by rank, and pairs of incidents that one event fits both."""

    drafts: tuple[Draft, ...]
    rivals: tuple[tuple[str, str], ...]


class _Wish(Struct, frozen=True, gc=False):
    """One event, the incidents it fits, best first, and whether it may found its own."""

    event: Event
    known: Read
    ranked: list[Candidate]
    options: dict[str, float]
    held: bool


class Placer:
    """Finds the incidents for the events of an article."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def place(
        self, step: Step, record: ArticleRecord, events: tuple[Event, ...], former: list[Member]
    ) -> Placed:
        """Give each event its incident, found or opened; `former` are the members the article had before."""
        decided = [member for member in former if self._decided(member)]
        free = [member for member in former if member not in decided]
        wishes = [self._wish(record, event, decided, free) for event in sorted(events, key=lambda e: e.rank)]
        homes = _share_out(wishes)
        drafts: list[Draft] = []
        rivals: list[tuple[str, str]] = []
        for position, wish in enumerate(wishes):
            home = homes.get(position)
            if home is not None:
                step.touch(home)
                merge = self._desk.matcher.decisions(wish.known.traits).merge
                rivals += [
                    (home, candidate.incident_id)
                    for candidate in wish.ranked[:2]
                    if candidate.score >= merge and candidate.incident_id not in homes.values()
                ]
            elif founds(wish.event) and not _is_part(wish.event, [other.event for other in wishes]):
                home = step.open(wish.event)
            if home is not None:
                drafts.append(Draft(event=wish.event, incident_id=home, held=wish.held))
        return Placed(tuple(drafts), tuple(rivals))

    def _wish(self, record: ArticleRecord, event: Event, decided: list[Member], free: list[Member]) -> _Wish:
        event = kept(event)
        known = read(record, event)
        self._desk.index.prepared[event.event_id] = known
        fixed = next((member for member in decided if member.event.type == event.type), None)
        if fixed is not None:
            decided.remove(fixed)
            return _Wish(event, known, [], {fixed.draft.incident_id: _DECIDED}, fixed.draft.held)
        matcher = self._desk.matcher
        decisions, bar = matcher.decisions(known.traits), matcher.bar(known.traits)
        homes = dict(self._homes(free, known))
        ranked = matcher.rank(known, also=homes)
        options = {candidate.incident_id: candidate.score for candidate in ranked if candidate.score >= bar}
        scores = {candidate.incident_id: candidate.score for candidate in ranked}
        for home, fit in homes.items():
            # An edited report stays where it was unless it fits no more, or fits elsewhere much better.
            kept_fit = max(fit, scores.get(home, fit))
            if kept_fit >= decisions.stay:
                options[home] = max(kept_fit, bar) + decisions.join - decisions.stay
        return _Wish(event, known, ranked, options, held=False)

    def _homes(self, free: list[Member], known: Read) -> Iterator[tuple[str, float]]:
        """The incidents that this article's earlier text was in, with how well the new text fits the old."""
        for member in free:
            record = self._desk.record(member.draft.incident_id)
            if member.event.type == known.event.type and record is not None and record.merged_into is None:
                yield member.draft.incident_id, self._desk.matcher.total(known.traits, member.traits)

    def _decided(self, member: Member) -> bool:
        """Whether an operator decided where this member belongs."""
        record = self._desk.record(member.draft.incident_id)
        return member.draft.held or (record is not None and record.kept_whole)


def _is_part(event: Event, told: list[Event]) -> bool:
    """Whether a force is a stated part of one that the article tells of before it: "of them 800 soldiers"."""
    return any(_is_within(event, whole, told) for whole in told)


def _is_within(event: Event, whole: Event, told: list[Event]) -> bool:
    part, force = event.force, whole.force
    if part is None or force is None or event.rank <= whole.rank or not _go_together(event, whole):
        return False
    few, many = part.count.value, force.count.value
    if few is None or many is None or few >= many or part.unit != force.unit:
        return False
    if part.what == force.what:
        return True
    parts = [
        one.force.count.value or 0
        for one in told
        if one is not whole
        and one.force is not None
        and _go_together(one, whole)
        and one.force.unit == part.unit
    ]
    return sum(parts) == many  # "2,000 ... : 1,200 policemen and 800 soldiers"


def _go_together(event: Event, other: Event) -> bool:
    """Whether two forces go the same way to one place."""
    if event.direction != other.direction or event.place is None or other.place is None:
        return False
    return event.place.geonames_id == other.place.geonames_id


def _share_out(wishes: list[_Wish]) -> dict[int, str]:
    """The incident of each event that finds one, by position: the best fit first."""
    pairs = sorted(
        (-score, position, incident_id)
        for position, wish in enumerate(wishes)
        for incident_id, score in wish.options.items()
    )
    homes: dict[int, str] = {}
    for _, position, incident_id in pairs:
        if position not in homes and incident_id not in homes.values():
            homes[position] = incident_id
    return homes
