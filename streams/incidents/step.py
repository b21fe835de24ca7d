"""One step of the tracker: what it touched, as it was before, and the changes that come of it."""

import dataclasses
import hashlib
from datetime import datetime, timedelta

from msgspec.structs import replace

from schemas.events import Event
from schemas.incidents import Incident
from streams.incidents.changes import IncidentChange, Why, extended, revisions
from streams.incidents.copies import Copyist
from streams.incidents.index import Index
from streams.incidents.matcher import Matcher
from streams.incidents.members import Member
from streams.incidents.settings import Matching, TrackingSettings
from streams.incidents.state import ArticleRecord, IncidentRecord, article_key, incident_key
from streams.incidents.view import (
    NO_FIGURES,
    figures_of,
    latest_time,
    numbered,
    publish,
    settled,
    show,
    stands,
)
from streams.ledger import Ledger


class Desk:
    """What the steps of one tracker share."""

    def __init__(self, ledger: Ledger, settings: TrackingSettings, rules: Matching) -> None:
        self.ledger = ledger
        self.settings = settings
        self.rules = rules
        self.index = Index(ledger, rules.limits, settings)
        self.matcher = Matcher(self.index, rules)
        self.copyist = Copyist(ledger, self.index, rules.copies)

    def record(self, incident_id: str) -> IncidentRecord | None:
        """What the ledger holds of an incident."""
        record: IncidentRecord | None = self.ledger.get(incident_key(incident_id))
        return record

    def article(self, article_id: str) -> ArticleRecord | None:
        """What the ledger holds of an article."""
        record: ArticleRecord | None = self.ledger.get(article_key(article_id))
        return record

    def view(self, incident_id: str) -> Incident | None:
        """The incident as it was last published."""
        views = self.index.views
        if incident_id not in views:
            record = self.record(incident_id)
            if record is None:
                return None
            members = self.index.members(incident_id)
            shown = show(members, self.rules.limits.reports)
            views[incident_id] = publish(record, members, shown, figures_of(record, shown))
        return views[incident_id]

    def alive(self, incident_id: str) -> str:
        """The incident that `incident_id` lives on in: itself unless it was merged away."""
        record = self.record(incident_id)
        while record is not None and record.merged_into is not None:
            incident_id = record.merged_into
            record = self.record(incident_id)
        return incident_id

    def due(self, record: IncidentRecord) -> datetime | None:
        """When something happens to an incident by itself: it closes, or it is forgotten."""
        if record.active_at is None:
            return None
        if record.closed or record.pinned:
            return record.active_at + self.settings.retention
        return record.active_at + min(self.quiet(record), self.settings.retention)

    def quiet(self, record: IncidentRecord) -> timedelta:
        """How long the incident stays open without a report."""
        view = self.view(record.incident_id)
        return self.settings.quiet(record.type, view.cause if view else None)


class Step:
    """Collects what one input touches; `finish` makes it whole and returns the changes."""

    def __init__(
        self, desk: Desk, now: datetime | None, why: Why, article: ArticleRecord | None = None
    ) -> None:
        self.desk = desk
        self.now = now
        self._why = why
        self._article = article
        self._before: dict[str, Incident | None] = {}
        self._reasons: dict[str, Why] = {}

    @property
    def at(self) -> datetime | None:
        """The time of what happens in this step: stream time, else that of the article."""
        return self.now or (self._article.published_at if self._article else None)

    def touch(self, incident_id: str, why: Why | None = None) -> None:
        """`incident_id` is about to change; called before it does."""
        if incident_id not in self._before:
            self._before[incident_id] = self.desk.view(incident_id)
        if why is not None:
            self._reasons[incident_id] = why

    def put(self, record: IncidentRecord) -> None:
        """Keep an incident's record; `touch` it first."""
        self.desk.ledger.put(incident_key(record.incident_id), record)

    def open(self, event: Event, split_from: str | None = None) -> str:
        """The incident that `event` founds; one that it founded before is taken up again."""
        incident_id = name_of(event)
        record = self.desk.record(incident_id)
        if (
            record is not None
            and split_from is not None
            and (record.merged_into is None or incident_id == split_from)
        ):
            incident_id = name_of(event, split_from)
            record = self.desk.record(incident_id)
        if record is not None and record.merged_into is not None and split_from is None:
            incident_id = self.desk.alive(incident_id)
            record = self.desk.record(incident_id)
        self.touch(incident_id)
        if record is None:
            opened = (self._article.published_at if self._article else None) or self.now
            record = IncidentRecord(incident_id=incident_id, type=event.type, opened_at=opened)
        if split_from is not None:
            record = replace(record, split_from=split_from, merged_into=None)
        self.put(record)
        return incident_id

    def move(self, member: Member, target: str, *, held: bool = False) -> None:
        """Put one member into the incident `target`."""
        article = self.desk.article(member.article.article_id)
        assert article is not None, "a member's article is in the ledger"
        drafts = tuple(
            replace(draft, incident_id=target, held=held or draft.held)
            if draft.event.event_id == member.event.event_id
            else draft
            for draft in article.drafts
        )
        self.desk.ledger.put(article_key(article.article_id), replace(article, drafts=drafts))

    def merge(self, target: str, other: str) -> None:
        """Move all members of `other` to `target` and let `other` point there.

        What an operator decided about the members of `other` goes with them.
        """
        self.touch(target, "merged")
        self.touch(other, "merged")
        moved = list(self.desk.index.members(other))
        for member in moved:
            self.move(member, target)
        record = self.desk.record(other)
        assert record is not None, "only known incidents are merged"
        self.put(replace(record, merged_into=target))
        home = self.desk.record(target)
        assert home is not None, "only known incidents are merged"
        apart = tuple(sorted({*home.apart, *record.apart} - {target, other}))
        whole = home.whole or record.whole
        if apart != home.apart or whole != home.whole:
            self.put(replace(home, apart=apart, whole=whole))
        for member in moved:
            if member.original:
                self.settle(member.article.article_id, [target])

    def split(self, source: str, group: list[Member], *, held: bool = False) -> str:
        """Move `group` out of the incident `source` into one of its own."""
        self.touch(source, "split")
        founder = next((member for member in group if member.stands), group[0])
        target = self.open(founder.event, split_from=source)
        self.touch(target, "split")
        for member in group:
            self.move(member, target, held=held)
        for member in group:
            self.settle(member.article.article_id, [target])
        return target

    def settle(self, article_id: str, incident_ids: list[str]) -> None:
        """Find out anew what `article_id` copies and what copies it."""
        self.desk.copyist.settle(article_id, incident_ids, self.touch)

    def finish(self) -> tuple[IncidentChange, ...]:
        """Bring every touched incident up to date; what consumers have to be told, in order."""
        found = [change for incident_id in self._before for change in self._finish(incident_id)]
        return tuple(found)

    def _finish(self, incident_id: str) -> list[IncidentChange]:
        record = self.desk.record(incident_id)
        before = self._before[incident_id]
        if record is None:
            return []
        members = self.desk.index.members(incident_id)
        if before is not None and self.desk.index.views.get(incident_id) is before:
            # Neither its record nor its members are others.
            view, figures = dataclasses.replace(before), NO_FIGURES
        else:
            shown = show(members, self.desk.rules.limits.reports)
            figures = figures_of(record, shown)
            view = publish(record, members, shown, figures)
        active_at = latest_time(members) or record.active_at or self.at
        closed = self._closed(record, members, view, active_at)
        if closed != record.closed:
            settled(view, closed=closed)
        if before is not None and before.reports == view.reports and before == view:
            if active_at != record.active_at or closed != record.closed:
                self.put(replace(record, active_at=active_at, closed=closed))
                self.desk.index.views[incident_id] = view
            return []
        why = self._reasons.get(incident_id) or self._reason(before, view)
        lines = tuple(revisions(before, view, figures, self.at, why))
        history = extended(record.history, lines, self.desk.rules.limits.history)
        fresh = replace(
            record,
            active_at=active_at,
            closed=closed,
            version=record.version + 1,
            updated_at=self.at,
            history=history,
        )
        self.put(fresh)
        after = numbered(view, fresh)
        self.desk.index.views[incident_id] = after
        article_id = self._article.article_id if self._article else None
        return [IncidentChange(incident_id, before, after, why, article_id)]

    def _reason(self, before: Incident | None, after: Incident) -> Why:
        if before is not None and before.status != after.status:
            return (
                "closed"
                if after.status == "closed" and self._why != "retracted"
                else ("reopened" if after.status == "open" else self._why)
            )
        return self._why

    def _closed(
        self, record: IncidentRecord, members: list[Member], view: Incident, active_at: datetime | None
    ) -> bool:
        if record.void or record.merged_into is not None:
            return True
        if record.pinned:
            return False
        if not stands(members) or view.realis == "denied":
            return True
        quiet = self.desk.settings.quiet(record.type, view.cause)
        return self.now is not None and active_at is not None and active_at + quiet <= self.now


def name_of(event: Event, salt: str = "") -> str:
    """The id of the incident that `event` founds."""
    return hashlib.sha256(f"{event.type}\n{event.event_id}\n{salt}".encode()).hexdigest()[:32]
