"""What rules would have rung: recorded alert by alert, then counted and compared. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median

from schemas.alerts import Alert
from schemas.incidents import Incident
from streams.alerting.regions import country_name
from streams.alerting.rules import RuleSet
from streams.alerting.windowindex import region_name

RINGS = ("open", "escalate")
"""The statuses that ring somebody's phone."""

_TAKEN_BACK = ("revised", "retracted", "verdict")


@dataclass(frozen=True, slots=True)
class Told:
    """One alert, the article that caused it, and when its incident was first reported."""

    alert: Alert
    article_id: str | None
    first_report: datetime | None

    @property
    def rings(self) -> bool:
        """Whether it rang, rather than updated or closed."""
        return self.alert.status in RINGS

    @property
    def region(self) -> str:
        """The country or region, as a person calls it."""
        if self.alert.window is not None:
            return region_name(self.alert.window.per, self.alert.window.region)
        place = self.alert.place
        return country_name(place.country) if place is not None and place.country else "unknown"

    @property
    def day(self) -> date | None:
        """The day of its event time."""
        return self.alert.raised_at.date() if self.alert.raised_at is not None else None

    @property
    def delay(self) -> timedelta | None:
        """How long after the first report it came."""
        if self.first_report is None or self.alert.raised_at is None:
            return None
        return max(timedelta(0), self.alert.raised_at - self.first_report)

    @property
    def subject(self) -> tuple[str, ...]:
        """What it is about, whatever the rule is called: by this two rule sets are compared."""
        alert = self.alert
        if alert.window is None:
            return (alert.type, alert.incident_id or "")
        return (alert.type, alert.window.per, alert.window.region, alert.measure, str(self.day))


@dataclass(slots=True)
class Run:
    """Everything that one rule set told over the articles."""

    rules: RuleSet
    told: list[Told] = field(default_factory=list)
    _first: dict[str, datetime] = field(default_factory=dict)

    def see(self, incident: Incident) -> None:
        """Note when an incident was first reported."""
        times = [report.time for report in incident.reports if report.time is not None]
        if times:
            self._first[incident.incident_id] = min(times)

    def hear(self, alert: Alert, article_id: str | None) -> None:
        """Note an alert."""
        self.told.append(Told(alert, article_id, self._first.get(alert.incident_id or "")))

    def rings(self) -> Iterator[Told]:
        """What rang."""
        return (one for one in self.told if one.rings)

    def chains(self) -> dict[str, list[Told]]:
        """The alerts by dedup key."""
        found: dict[str, list[Told]] = defaultdict(list)
        for one in self.told:
            found[one.alert.dedup_key].append(one)
        return dict(found)


@dataclass(frozen=True, slots=True)
class Line:
    """What one rule did at one level. Delays and sources are medians over what rang; None where unknown."""

    rule: str
    level: str
    rings: int
    delay: timedelta | None
    sources: float | None


@dataclass(frozen=True, slots=True)
class Summary:
    """A run in figures. `taken_back`: keys that opened and were withdrawn or corrected to below."""

    lines: tuple[Line, ...]
    days: tuple[tuple[str, int], ...]
    regions: tuple[tuple[str, int], ...]
    updates: int
    corrections: int
    taken_back: tuple[Told, ...]


def summary(run: Run) -> Summary:
    """The run in figures; rules and levels that never rang are there too."""
    rung: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for one in run.rings():
        rung[one.alert.rule, one.alert.level].append(one)
    lines = [
        _line(rule.name, level.name, rung.get((rule.name, level.name), []))
        for rule in run.rules.rules
        for level in rule.levels
    ]
    days = Counter(str(one.day or "undated") for one in run.rings())
    regions = Counter(one.region for one in run.rings())
    back = [
        chain[0]
        for chain in run.chains().values()
        if chain[-1].alert.status == "close" and chain[-1].alert.reason in _TAKEN_BACK
    ]
    statuses = Counter(one.alert.status for one in run.told)
    return Summary(
        lines=tuple(lines),
        days=tuple(sorted(days.items())),
        regions=tuple(sorted(regions.items(), key=lambda item: (-item[1], item[0]))),
        updates=statuses["update"],
        corrections=statuses["correct"],
        taken_back=tuple(back),
    )


def only_in(one: Run, other: Run) -> list[Told]:
    """The first ring about everything that `one` rang for and `other` didn't."""
    known = {told.subject for told in other.rings()}
    found: dict[tuple[str, ...], Told] = {}
    for told in one.rings():
        if told.subject not in known:
            found.setdefault(told.subject, told)
    return list(found.values())


def _line(rule: str, level: str, rung: list[Told]) -> Line:
    delays = [one.delay for one in rung if one.delay is not None and one.alert.status == "open"]
    return Line(
        rule=rule,
        level=level,
        rings=len(rung),
        delay=_middle(delays),
        sources=median(one.alert.sources for one in rung) if rung else None,
    )


def _middle(spans: Iterable[timedelta]) -> timedelta | None:
    ordered = sorted(spans)
    return ordered[len(ordered) // 2] if ordered else None
