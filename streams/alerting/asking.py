"""What a rule is asked and what it answers: the occasion, the subject as it stands, the alerts to send."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from schemas.alerts import AlertReason, AlertStatus
from schemas.counts import Count
from schemas.events import Place, Realis
from streams.alerting.episodes import Episode
from streams.alerting.rules import Level


class Occasion(Struct, frozen=True, kw_only=True):
    """Why a rule is asked now.

    `reason` is set where the incident's change itself says why; `partners` are the incidents it was merged
    with or split from.
    """

    kind: Literal["news", "time", "rules"]
    reason: AlertReason | None = None
    late: bool = False
    raised_at: datetime | None = None
    partners: tuple[str, ...] = ()


class View(Struct, frozen=True, kw_only=True):
    """The subject as the rule sees it now.

    `count` and `figure` are None where nothing counts; `said` is what is told all the same, though the
    rule's filters no longer let it through. `alive` is false for a closed incident, `stale` for one that may
    not ring (old, quiet for long, or all its news was late). `heard` is when its latest news came, by event
    time; `incidents`: how many a window counts; `aged`: a fall comes from time and not from news; `ageing`:
    when time will next lower the figure.
    `inherited` is the highest threshold that rang for what was merged into the subject, `handed` says that
    such an alert was still open.
    """

    count: Count | None = None
    said: Count | None = None
    figure: int | None = None
    realis: Realis | None = None
    place: Place | None = None
    alive: bool = True
    heard: datetime | None = None
    stale: bool = False
    incidents: int = 1
    aged: bool = False
    ageing: datetime | None = None
    inherited: int = 0
    handed: bool = False


class Draft(Struct, frozen=True):
    """An alert to be sent."""

    status: AlertStatus
    reason: AlertReason
    level: Level


class Outcome(Struct, frozen=True):
    """What is remembered from now on (None: nothing), and what is sent."""

    episode: Episode | None
    drafts: tuple[Draft, ...] = ()
