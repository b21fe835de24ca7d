"""The three stages in a row: what `replay` runs and what the agents call.

    raw article ──read──▶ Reading ──apply──▶ Output (incidents and alerts, in order)

`read` (in `reading.py`) is stateless and heavy and may run anywhere; `apply` holds the state and must see the
records of `events.v1` one after the other. Neither knows Faust, the clock or the environment.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from schemas.alerts import Alert
from schemas.codec import Record, convert, encode
from schemas.controls import Rules, Tick
from schemas.errors import BadMessage
from schemas.events import Reading
from schemas.incidents import Incident
from streams.alerting import Change, Evaluator, RulesError, RuleSet, parse_rules
from streams.alerting import decoders as alert_decoders
from streams.clock import StreamClock
from streams.incidents import (
    IncidentChange,
    Link,
    TrackedRecord,
    Tracker,
    TrackingSettings,
    is_tracked,
    restored,
    store_tracked,
)
from streams.intake import MAX_AHEAD
from streams.ledger import Ledger

CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Output:
    """One message to send: which topic, under which key; `message` None is a tombstone.

    `time` is the event time that the message's header carries.
    """

    topic: Literal["incidents", "alerts.casualties", "alerts.deployments"]
    key: str
    message: Incident | Alert | None
    time: datetime | None


class Pipeline:
    """The stateful half: incidents and alerts out of the records of `events.v1`.

    All it remembers is in `ledger`. A step that raises leaves the ledger as it was.
    """

    def __init__(
        self, rules: RuleSet, *, tracking: TrackingSettings | None = None, ledger: Ledger | None = None
    ) -> None:
        self.ledger = ledger if ledger is not None else Ledger()
        self._tracker = Tracker(self.ledger, tracking or TrackingSettings())
        self._evaluator = Evaluator(self.ledger)
        if self._evaluator.in_force() is None:
            self._evaluator.use(rules, None)
            self.ledger.commit()

    @property
    def now(self) -> datetime | None:
        """Stream time."""
        return self._clock.now

    @property
    def rules(self) -> RuleSet:
        """The rule set in force."""
        rules = self._evaluator.in_force()
        assert rules is not None, "a pipeline always has rules"
        return rules

    @property
    def behind_retention(self) -> int:
        """How many articles came so late that their incident is no longer kept."""
        return self._tracker.expired_on_arrival

    @property
    def evaluator(self) -> Evaluator:
        """The rules at work, for whoever asks what they say of an incident."""
        return self._evaluator

    def incidents(self) -> Iterator[Incident]:
        """All incidents that the state holds, in the order of their ids."""
        return self._tracker.incidents()

    def explain(self, incident_id: str) -> tuple[Link, ...]:
        """Why each report is in an incident: how well it fits the others, part by part."""
        return self._tracker.explain(incident_id)

    def apply(self, record: Record) -> tuple[Output, ...]:
        """Take one record of `events.v1`; what is to be sent, in order.

        Raises BadMessage, and then nothing has changed: a fault of ours over one record must cost no other.
        """
        try:
            outputs = tuple(self._apply(record))
        except BadMessage:
            self.ledger.rollback()
            raise
        except Exception as error:
            self.ledger.rollback()
            raise BadMessage(
                f"tracking failed: {type(error).__name__}: {error}", stage="track", kind="exception"
            ) from error
        self.ledger.commit()
        return outputs

    def _apply(self, record: Record) -> Iterator[Output]:
        if isinstance(record, Reading):
            yield from self._reading(record)
        elif isinstance(record, Tick):
            yield from self._move(self._clock.tick(record.stream_time))
        elif isinstance(record, Rules):
            yield from self._alerts(self._evaluator.use(_checked(record), self.now))
        else:
            changes = self._tracker.judge(record, self.now)
            yield from self._changed(changes, late=False, raised_at=self.now)

    def _reading(self, reading: Reading) -> Iterator[Output]:
        received, published = reading.received_at, reading.published_at
        if received and published and published > received + MAX_AHEAD:
            raise BadMessage(
                "published_at lies more than a day after received_at", stage="validate", kind="future"
            )
        if self._tracker.seen(reading):
            return
        yield from self._move(self._clock.observe(reading.article_id, reading.published_at))
        raised_at = reading.published_at or self.now
        yield from self._changed(
            self._tracker.apply(reading, self.now), late=reading.late, raised_at=raised_at
        )
        # An old report may tell of what is over by now: it closes here, as it would have in its own time.
        yield from self._advance()

    @property
    def _clock(self) -> StreamClock:
        clock: StreamClock = self.ledger.get(CLOCK) or StreamClock()
        return clock

    def _move(self, clock: StreamClock) -> Iterator[Output]:
        before = self._clock
        if clock == before:
            return
        self.ledger.put(CLOCK, clock)
        if clock.now != before.now:
            yield from self._advance()

    def _advance(self) -> Iterator[Output]:
        now = self.now
        if now is not None:
            yield from self._changed(self._tracker.advance(now), late=False, raised_at=now)
            yield from self._alerts(self._evaluator.advance(now))

    def _changed(
        self, changes: tuple[IncidentChange, ...], *, late: bool, raised_at: datetime | None
    ) -> Iterator[Output]:
        if not changes:  # as with most articles
            return
        for change in changes:
            yield Output("incidents", change.incident_id, change.after, raised_at)
        told = [
            Change(
                before=change.before,
                after=change.after,
                why=change.why,
                article_id=change.article_id,
                late=late,
                raised_at=raised_at,
            )
            for change in changes
        ]
        yield from self._alerts(self._evaluator.apply_all(told, self.now))

    @staticmethod
    def _alerts(alerts: tuple[Alert, ...]) -> Iterator[Output]:
        for alert in alerts:
            topic: Literal["alerts.casualties", "alerts.deployments"]
            topic = "alerts.casualties" if alert.type == "casualties" else "alerts.deployments"
            yield Output(topic, alert.dedup_key, alert, alert.raised_at)


def _checked(record: Rules) -> RuleSet:
    try:
        rules = parse_rules(record.rules, "rules record")
    except RulesError as error:
        raise BadMessage(f"rules: {error}", stage="track", kind="rules") from error
    if rules.digest != record.rules_digest:
        raise BadMessage(
            f"rules_digest is {record.rules_digest}, but the rules have {rules.digest}",
            stage="track",
            kind="rules",
        )
    return rules


def restore(ledger: Ledger, key: str, value: object) -> None:
    """Put a stored record (parsed JSON) back into `ledger`. Raises BadMessage for one it does not know."""
    if is_tracked(key):
        ledger.load(key, restored(key, value))
        return
    kind = _DECODERS.get(key.split("/", 1)[0])
    if kind is None:
        raise BadMessage(f"no state is kept under {key!r}", stage="restore", kind="unknown_key")
    ledger.load(key, convert(kind, value))


def store(record: object) -> bytes:
    """The JSON to store of a record of the ledger, from which `restore` makes it again."""
    return store_tracked(record) if isinstance(record, TrackedRecord) else encode(record)


_DECODERS: dict[str, type] = {CLOCK: StreamClock, **alert_decoders()}
