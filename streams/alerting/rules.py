"""What a rule says, once it is read and found sound. `rulefile` reads them; docs/rules.md explains them."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Literal

from schemas.counts import Measure
from schemas.events import Cause, Direction, EventType, ForceKind, Realis, Unit

Bound = Literal["low", "best", "high"]
Per = Literal["incident", "place", "admin1", "country", "subregion", "world"]
MeasureKind = Literal["toll", "casualties", "personnel", "units", "incidents"]

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What is compared with the levels. `text` is what the rule says: `units:ship`, `rise:killed`.

    `toll` is set for kind `toll`, `unit` for kind `units`; `rise` asks how much it grew within the window.
    """

    text: str
    kind: MeasureKind
    toll: Measure | None = None
    unit: Unit | None = None
    rise: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A name and the figure from which on it is reached."""

    name: str
    threshold: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """Around a point (WGS 84 degrees), `km` kilometres wide on each side."""

    latitude: float
    longitude: float
    km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Between two parallels and two meridians; `west` greater than `east` crosses the date line."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Which incidents a rule looks at: each filter that is set must let them through."""

    countries: frozenset[str] | None = None
    circles: tuple[Circle, ...] = ()
    boxes: tuple[Box, ...] = ()
    places: frozenset[str] | None = None
    causes: frozenset[Cause] | None = None
    actors: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    forces: frozenset[ForceKind] | None = None
    directions: frozenset[Direction] | None = None
    realis: frozenset[Realis] = frozenset({"actual"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlets:
    """Sources that count (`only`, None: all) and that don't (`ignore`); lower-case names or hosts."""

    only: frozenset[str] | None = None
    ignore: frozenset[str] = frozenset()

    @property
    def all(self) -> bool:
        """Whether every source counts."""
        return self.only is None and not self.ignore

    def counts(self, name: str) -> bool:
        """Whether a source of this (lower-case) name counts."""
        return name not in self.ignore and (self.only is None or name in self.only)


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """A distance given as a figure or as a share of the figure it is measured against."""

    figure: float = 0.0
    share: float = 0.0

    def of(self, base: float) -> float:
        """The distance at `base`."""
        return self.figure + self.share * base


@dataclass(frozen=True, slots=True, kw_only=True)
class Clear:
    """When an alert closes: `below` the threshold by so much, for `after`; or with no news for `quiet`."""

    below: Margin = Margin()
    after: timedelta = timedelta(0)
    quiet: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Damp:
    """When an update may go out: `every` so long since the last alert, or moved by at least `change`."""

    every: timedelta | None = None
    change: Margin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """Times and places that don't ring: all conditions that are set must hold.

    `daily` is the local time (UTC plus `offset`) from and until which it holds; it may span midnight. `days`
    are weekdays, 0 for Monday, on which it begins.
    """

    countries: frozenset[str] | None = None
    places: frozenset[str] | None = None
    circles: tuple[Circle, ...] = ()
    boxes: tuple[Box, ...] = ()
    levels: frozenset[str] | None = None
    start: datetime | None = None
    until: datetime | None = None
    daily: tuple[time, time] | None = None
    days: frozenset[int] | None = None
    offset: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule; see docs/rules.md for the meaning of every field. Levels rise."""

    name: str
    on: EventType
    measure: Measured
    levels: tuple[Level, ...]
    bound: Bound = "low"
    per: Per = "incident"
    window: timedelta | None = None
    where: Where = Where()
    min_confidence: float = 0.0
    min_sources: int = 1
    sources: Outlets = Outlets()
    max_age: timedelta | None = None
    hold: timedelta = timedelta(0)
    clear: Clear = Clear()
    repeat: timedelta | None = None
    damp: Damp = Damp()
    mute: tuple[Mute, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    text: str | None = None

    def level_at(self, figure: int | None) -> Level | None:
        """The highest level that `figure` reaches."""
        if figure is None:
            return None
        for level in reversed(self.levels):
            if figure >= level.threshold:
                return level
        return None

    def level_named(self, name: str) -> Level | None:
        """The level of that name."""
        for level in self.levels:
            if level.name == name:
                return level
        return None


@dataclass(frozen=True)
class RuleSet:
    """Rules as they were written (`text`, TOML), told apart (`digest`: SHA-256, hex), and read."""

    text: str
    digest: str
    rules: tuple[Rule, ...]

    @cached_property
    def by_name(self) -> dict[str, Rule]:
        """The rules by name."""
        return {rule.name: rule for rule in self.rules}
