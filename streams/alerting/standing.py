"""What an open alert does next: it stays, is told again, raised, corrected or closed."""

from dataclasses import dataclass, replace
from datetime import datetime

from schemas.alerts import Alert, AlertReason, AlertStatus
from schemas.counts import Count, Measure
from streams.alerting.asking import Draft, Occasion, Outcome, View
from streams.alerting.episodes import Episode
from streams.alerting.measures import reach, same
from streams.alerting.muting import muted_until
from streams.alerting.ringing import plain_reason, rung
from streams.alerting.rules import Level, Rule
from streams.alerting.timing import REMEMBERED, due_at

_NO_CORRECTION: frozenset[AlertReason] = frozenset({"merged", "rules", "aged", "quiet"})

_TIME_OR_LUCK: frozenset[AlertReason] = frozenset({"aged", "changed", "quiet"})
"""Falls by which nothing that was said becomes wrong: people found, and what time does."""

_MAY_COME_BACK: frozenset[Measure | None] = frozenset({"missing", "kidnapped", "detained", "displaced"})
"""Who is counted here can be found, freed or go home: fewer of them is news and takes nothing back."""


@dataclass(slots=True)
class Standing:
    """One step of an alert that is open."""

    rule: Rule
    episode: Episode
    last: Alert
    view: View
    occasion: Occasion
    now: datetime | None
    damped: bool = False
    muted: datetime | None = None
    heard: datetime | None = None

    def step(self) -> Outcome:
        """What becomes of it."""
        figure, rule, now = self.view.figure, self.rule, self.now
        news = self.occasion.kind == "news" and rule.clear.quiet is not None
        # Clocks that could not start before there was a stream time start now.
        self.heard = (self.view.heard if news else self.episode.heard) or now
        if self.episode.sent_at is None and now is not None:
            self.episode = replace(self.episode, sent_at=now)
        current = rule.level_named(self.last.level) or rule.level_at(self.last.threshold) or rule.levels[0]
        if figure is None:
            return self._withdrawn(current)
        if not self.view.alive or self._quiet():
            return self._close(current, "quiet")
        level = rule.level_at(figure)
        if level is not None and level.threshold > current.threshold and (up := self._up(level)) is not None:
            return up
        if figure < current.threshold and not self._in_band(figure, current):
            return self._lower(figure, level)
        if self.episode.below:
            self.episode = replace(self.episode, below=False, below_since=None)
        if figure < current.threshold and self._correction() is None and not self._moved():
            return self._keep()  # within the margin of `clear`: as good as at the threshold
        return self._same_level(figure, current)

    def _quiet(self) -> bool:
        heard, quiet = self.heard, self.rule.clear.quiet
        if self.occasion.kind != "time" or quiet is None or heard is None or self.now is None:
            return False
        return self.now >= heard + quiet

    def _in_band(self, figure: int, current: Level) -> bool:
        return figure >= current.threshold - self.rule.clear.below.of(current.threshold)

    def _fall_reason(self) -> AlertReason:
        if self.occasion.reason is not None:
            return self.occasion.reason
        if self.occasion.kind == "rules":
            return "rules"
        if self.view.aged:
            return "aged"
        back = self.rule.measure.toll in _MAY_COME_BACK and self.view.figure is not None
        return "changed" if back else "revised"

    def _correction(self) -> AlertReason | None:
        """The reason of a change that is told even if the figure stays: a merger or a split."""
        reason = self.occasion.reason
        return reason if reason in ("merged", "split") else None

    def _withdrawn(self, current: Level) -> Outcome:
        reason = self._fall_reason()
        if reason in _NO_CORRECTION:
            return self._close(current, reason)
        return self._close(current, reason, Draft("correct", reason, current))

    def _close(self, level: Level, reason: AlertReason, *before: Draft) -> Outcome:
        closed = replace(
            self.episode,
            state="closed",
            since=None,
            below=False,
            below_since=None,
            pending=False,
            handed=reason == "merged",
            due=self.now and self.now + REMEMBERED,
        )
        return Outcome(closed, (*before, Draft("close", reason, level)))

    def _up(self, level: Level) -> Outcome | None:
        """An escalation, unless it is late, or only time went by, or a mute holds it back."""
        was_pending = self.episode.pending
        if was_pending:
            self.episode = replace(self.episode, pending=False)
        if self.occasion.late or (self.occasion.kind == "time" and not was_pending):
            return None
        self.muted = muted_until(self.rule, level.name, self.view.place, self.now)
        if self.muted is not None:
            self.episode = replace(self.episode, pending=True)
            return None
        reason = plain_reason(self.occasion) or "crossed"
        noted = rung(self.rule, level, self.episode.peak, self.view, self.heard, self.now)
        return Outcome(replace(self.episode, **noted), (Draft("escalate", reason, level),))

    def _lower(self, figure: int, level: Level | None) -> Outcome:
        """The figure fell below its level, beyond the margin."""
        reason = self._fall_reason()
        shown = level or self.rule.levels[0]
        told = self._told() and self.last.level == shown.name
        status: AlertStatus = "update" if reason in _TIME_OR_LUCK else "correct"
        notice = () if told else (Draft(status, reason, shown),)
        if level is not None:
            return self._send(notice)
        clear = self.rule.clear
        since = self.episode.below_since or self.now
        self.episode = replace(self.episode, below=True, below_since=since)
        if clear.after and (since is None or self.now is None or self.now < since + clear.after):
            self.damped = status == "update" and not self._may_update(figure)
            return self._keep() if self.damped else self._send(notice)
        return self._close(shown, reason, *(notice if status == "correct" else ()))

    def _same_level(self, figure: int, current: Level) -> Outcome:
        forced = self._correction()
        if self._told() and not self._moved():
            return self._send((Draft("correct", forced, current),)) if forced else self._keep()
        best, told_best = (reach(count, "best") for count in (self.view.count or Count(), self.last.value))
        fell = figure < (reach(self.last.value, self.rule.bound) or 0) or (best or 0) < (told_best or 0)
        reason = plain_reason(self.occasion)
        if reason is not None:
            return self._send((Draft("correct" if reason != "rules" else "update", reason, current),))
        down = self._fall_reason() if fell else "changed"
        if down not in _TIME_OR_LUCK:
            return self._send((Draft("correct", down, current),))
        if self.view.realis == self.last.realis and not self._may_update(figure):
            self.damped = True
            return self._keep()
        return self._send((Draft("update", down, current),))

    def _told(self) -> bool:
        """Whether the last alert told these figures."""
        return self.view.count is not None and same(self.view.count, self.last.value)

    def _moved(self) -> bool:
        """Whether something else that the last alert told is no longer so: realis, or where it was."""
        if self.last.incident_id is None:
            return False
        here, told = self.view.place, self.last.place
        if here is None or told is None:
            elsewhere = here is not told
        else:
            elsewhere = (here.country, here.admin1, here.geonames_id) != (
                told.country,
                told.admin1,
                told.geonames_id,
            )
        return elsewhere or self.view.realis != self.last.realis

    def _may_update(self, figure: int) -> bool:
        damp, sent_at = self.rule.damp, self.episode.sent_at
        if damp.every is None and damp.change is None:
            return True
        told = reach(self.last.value, self.rule.bound) or 0
        if damp.change is not None and abs(figure - told) >= damp.change.of(told):
            return True
        if damp.every is None and self._moved():
            return True  # it moved elsewhere, and nothing says how long that may wait
        if damp.every is None or self.now is None or sent_at is None:
            return False
        return self.now >= sent_at + damp.every

    def _send(self, drafts: tuple[Draft, ...]) -> Outcome:
        if not drafts:
            return self._keep()
        due = self._due(sent_at=self.now)
        return Outcome(replace(self.episode, heard=self.heard, sent_at=self.now, due=due), drafts)

    def _keep(self) -> Outcome:
        """Nothing to tell; a reminder if one is due."""
        rule, episode = self.rule, self.episode
        if rule.repeat is not None and self.occasion.kind == "time" and self.now is not None:
            current = rule.level_named(self.last.level) or rule.levels[0]
            muted = muted_until(rule, current.name, self.view.place, self.now)
            self.muted = self.muted or muted
            if muted is None and episode.sent_at is not None and self.now >= episode.sent_at + rule.repeat:
                return self._send((Draft("update", "crossed", current),))
        due = self._due(sent_at=episode.sent_at)
        if due == episode.due and self.heard == episode.heard:
            return Outcome(episode)
        return Outcome(replace(episode, heard=self.heard, due=due))

    def _due(self, sent_at: datetime | None) -> datetime | None:
        episode = self.episode
        return due_at(
            self.rule,
            self.view,
            heard=self.heard,
            sent_at=sent_at,
            below=episode.below,
            below_since=episode.below_since,
            damped=self.damped,
            pending=episode.pending,
            muted=self.muted,
        )
