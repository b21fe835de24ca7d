"""What is remembered of one rule and one subject: whether it waits, rings or has closed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from schemas.alerts import Alert
from streams.alerting.rules import Per

ALERT = "alert/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """The present or last episode of a rule over a subject (an incident's id or a window's region).

    `waiting`: crossed but held or muted, `since` then. `open`: `last` is the alert that stands. `closed`:
    only kept so that it isn't told twice: `peak` is the highest threshold that ever rang, `handed` says that
    the alert was open when its incident was merged away. Times are stream time; `below_since` is when the
    figure fell below the lowest level, `heard` when news last came, `pending` that an escalation waits for a
    mute to end, `due` when time alone may change something.
    """

    rule: str
    subject: str
    per: Per
    state: Literal["waiting", "open", "closed"]
    ordinal: int = 0
    key: str | None = None
    peak: int = 0
    since: datetime | None = None
    below: bool = False
    below_since: datetime | None = None
    heard: datetime | None = None
    sent_at: datetime | None = None
    pending: bool = False
    handed: bool = False
    due: datetime | None = None
    last: Alert | None = None

    @property
    def record(self) -> str:
        """The ledger's key for it."""
        return record_key(self.rule, self.subject)


def record_key(rule: str, subject: str) -> str:
    """The ledger's key for the episodes of a rule over a subject."""
    return f"{ALERT}{rule}/{subject}"


def told(episode: Episode, key: str | None, last: Alert | None) -> Episode:
    """`episode`, which nobody else has seen yet, with the last alert of its `key`.

    It is changed in its place: to copy an episode costs as much as to make it.
    """
    object.__setattr__(episode, "key", key)
    object.__setattr__(episode, "last", last)
    return episode
