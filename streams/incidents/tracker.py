"""The tracker: Readings, verdicts and time in, changes of incidents out. All its memory is in the ledger."""

from collections.abc import Iterator
from datetime import datetime
from typing import cast

from msgspec.structs import replace

from schemas.controls import Verdict
from schemas.events import Event, Origin, Reading
from schemas.incidents import Incident
from streams.incidents.changes import IncidentChange, Why
from streams.incidents.matcher import Link
from streams.incidents.members import Member, joins
from streams.incidents.placing import Placer
from streams.incidents.settings import TrackingSettings, matching
from streams.incidents.state import (
    ARTICLE,
    INCIDENT,
    ArticleRecord,
    IncidentRecord,
    article_key,
    incident_key,
)
from streams.incidents.step import Desk, Step
from streams.incidents.verdicts import carry_out
from streams.ledger import Ledger


class Tracker:
    """Keeps the incidents in `ledger`, which may be empty or restored.

    `expired_on_arrival` counts the readings that came when their incident could no longer be kept.
    """

    def __init__(self, ledger: Ledger, settings: TrackingSettings | None = None) -> None:
        self.expired_on_arrival = 0
        self._ledger = ledger
        self._settings = settings or TrackingSettings()
        self._rules = matching()
        self._desk = Desk(ledger, self._settings, self._rules)
        self._placer = Placer(self._desk)

    def incident(self, incident_id: str) -> Incident | None:
        """The incident as it was last published; None where it is unknown or forgotten."""
        return self._desk.view(incident_id)

    def incidents(self) -> Iterator[Incident]:
        """All incidents of the state, in the order of their ids."""
        for key in sorted(self._ledger.keys(INCIDENT)):
            view = self._desk.view(key.removeprefix(INCIDENT))
            assert view is not None, "every record has a view"
            yield view

    def explain(self, incident_id: str) -> tuple[Link, ...]:
        """Why each report is in the incident: its score against the others, part by part."""
        return self._desk.matcher.explain(self._desk.index.members(incident_id))

    def seen(self, reading: Reading) -> bool:
        """Whether `reading` is a repetition: the content that stands, or a record that was applied before."""
        record = self._desk.article(reading.article_id)
        if record is None:
            return False
        if reading.origin is not None and any(
            origin.partition == reading.origin.partition and origin.offset >= reading.origin.offset
            for origin in record.origins
        ):
            return True
        return record.content_hash == reading.content_hash and record.retracted == reading.retracted

    def apply(self, reading: Reading, now: datetime | None) -> tuple[IncidentChange, ...]:
        """Take one reading, at stream time `now`, in place of what its article said before."""
        if self.seen(reading):
            return ()
        old = self._desk.article(reading.article_id)
        events = () if reading.retracted else tuple(event for event in reading.events if joins(event))
        if old is None:
            if self._too_old(reading, now):
                self.expired_on_arrival += 1
                return ()
            if not events:
                return ()
        record = ArticleRecord(
            article_id=reading.article_id,
            content_hash=reading.content_hash,
            retracted=reading.retracted,
            origins=_origins(old.origins if old else (), reading.origin),
            kept_from=reading.published_at or (old.kept_from if old else None) or now,
            published_at=reading.published_at,
            source=reading.source,
            url=reading.url,
            title=reading.title,
            fingerprint=reading.fingerprint,
        )
        why: Why = "retracted" if reading.retracted else "revised" if old else "reported"
        try:
            return self._replace(Step(self._desk, now, why, record), old, record, events)
        finally:
            self._desk.index.prepared.clear()

    def judge(self, verdict: Verdict, now: datetime | None) -> tuple[IncidentChange, ...]:
        """Carry out an operator's decision. Raises BadMessage for one that can't be."""
        step = Step(self._desk, now, "verdict")
        carry_out(verdict, step)
        return step.finish()

    def advance(self, now: datetime) -> tuple[IncidentChange, ...]:
        """Let stream time reach `now`: what was quiet closes, what was kept long enough is forgotten."""
        self._date_the_undated(now)
        index = self._desk.index
        due = index.due(now)
        try:
            return tuple(change for key in due for change in self._age(key, now))
        except BaseException:
            for key in due:
                index.remind(now, key)
            raise

    def _replace(
        self, step: Step, old: ArticleRecord | None, record: ArticleRecord, events: tuple[Event, ...]
    ) -> tuple[IncidentChange, ...]:
        former = self._members_of(old) if old else []
        for member in former:
            step.touch(member.draft.incident_id)
        key = article_key(record.article_id)
        if former:
            self._ledger.put(key, record)
        placed = self._placer.place(step, record, events, former)
        if old is None and not placed.drafts:
            return step.finish()
        self._ledger.put(key, replace(record, drafts=placed.drafts))
        step.settle(record.article_id, [draft.incident_id for draft in placed.drafts])
        for home, rival in placed.rivals:
            self._merge(step, home, rival)
        for incident_id in dict.fromkeys(member.draft.incident_id for member in former):
            self._split(step, incident_id)
        return step.finish()

    def _members_of(self, article: ArticleRecord) -> list[Member]:
        """The members that an article has now, by rank."""
        return [
            member
            for incident_id in dict.fromkeys(draft.incident_id for draft in article.drafts)
            for member in self._desk.index.members(incident_id)
            if member.article.article_id == article.article_id
        ]

    def _merge(self, step: Step, one: str, other: str) -> None:
        """Merge two incidents that a report fits both, if they fit each other and no operator forbids it."""
        first, second = self._desk.record(one), self._desk.record(other)
        if first is None or second is None:
            return
        barred = first.pinned or second.pinned or first.void or second.void
        if barred or other in first.apart or one in second.apart or first.merged_into or second.merged_into:
            return
        if not self._desk.matcher.belong(one, other) or self._share_an_article(one, other):
            return
        older, younger = sorted((one, other), key=lambda incident_id: _age(self._desk.record(incident_id)))
        step.merge(older, younger)

    def _share_an_article(self, one: str, other: str) -> bool:
        """Whether some article tells the two apart: it has an event in each."""
        members = self._desk.index.members
        return bool(
            {member.article.article_id for member in members(one)}
            & {member.article.article_id for member in members(other)}
        )

    def _split(self, step: Step, incident_id: str) -> None:
        """After a member changed or left: let what it held together fall apart where nothing else does."""
        record = self._desk.record(incident_id)
        members = self._desk.index.members(incident_id)
        if record is None or record.kept_whole or not 1 < len(members) <= self._rules.limits.cohesion:
            return
        for group in self._desk.matcher.groups(list(members))[1:]:
            if any(member.stands for member in group):
                step.split(incident_id, group)

    def _too_old(self, reading: Reading, now: datetime | None) -> bool:
        return (
            now is not None
            and reading.published_at is not None
            and reading.published_at + self._settings.retention <= now
        )

    def _date_the_undated(self, now: datetime) -> None:
        """What came before there was stream time is kept from the first moment of it."""
        for key in sorted(self._desk.index.undated):
            record = self._ledger.get(key)
            if key.startswith(ARTICLE):
                self._ledger.put(key, replace(record, kept_from=now))
            else:
                self._ledger.put(key, replace(record, active_at=now))

    def _age(self, key: str, now: datetime) -> Iterator[IncidentChange]:
        if key.startswith(INCIDENT):
            yield from self._age_incident(key.removeprefix(INCIDENT), now)
            return
        article: ArticleRecord | None = self._ledger.get(key)
        if article is None or article.kept_from is None:
            return
        end = article.kept_from + self._settings.retention
        if end > now:
            self._desk.index.remind(end, key)
        elif not article.drafts:
            self._ledger.delete(key)

    def _age_incident(self, incident_id: str, now: datetime) -> Iterator[IncidentChange]:
        record = self._desk.record(incident_id)
        if record is None or record.active_at is None:
            return
        due = self._desk.due(record)
        if due is not None and due > now:
            self._desk.index.remind(due, incident_key(incident_id))
            return
        if not record.closed:
            step = Step(self._desk, now, "closed")
            step.touch(incident_id)
            yield from step.finish()
            record = cast("IncidentRecord", self._desk.record(incident_id))
        if cast("datetime", record.active_at) + self._settings.retention <= now:
            yield self._forget(incident_id, now)
        else:
            due = self._desk.due(record)
            assert due is not None
            self._desk.index.remind(due, incident_key(incident_id))

    def _forget(self, incident_id: str, now: datetime) -> IncidentChange:
        before = self._desk.view(incident_id)
        members = self._desk.index.members(incident_id)
        # An article may be there twice: an operator merged what it tells apart.
        for article_id in dict.fromkeys(member.article.article_id for member in members):
            article = self._desk.article(article_id)
            assert article is not None, "a member's article is in the ledger"
            drafts = tuple(draft for draft in article.drafts if draft.incident_id != incident_id)
            key = article_key(article.article_id)
            over = article.kept_from is None or article.kept_from + self._settings.retention <= now
            if drafts or not over:
                self._ledger.put(key, replace(article, drafts=drafts))
            else:
                self._ledger.delete(key)
        self._ledger.delete(incident_key(incident_id))
        return IncidentChange(incident_id, before, None, "expired")


def _origins(known: tuple[Origin, ...], origin: Origin | None) -> tuple[Origin, ...]:
    """`known` with `origin` in the place of the earlier one of its partition."""
    if origin is None:
        return known
    others = [other for other in known if other.partition != origin.partition]
    return tuple(sorted((*others, origin), key=lambda item: item.partition))


def _age(record: IncidentRecord | None) -> tuple[bool, str, str]:
    """Sorts incidents by age; one without a time is the younger."""
    assert record is not None
    opened = record.opened_at
    return opened is None, opened.isoformat() if opened else "", record.incident_id
