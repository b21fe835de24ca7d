"""The rules, weights and periods of tracking: data, checked when loaded."""

import tomllib
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec

from schemas.errors import TocsinError
from schemas.events import Cause, EventType

T = TypeVar("T")


class TrackingError(TocsinError):
    """A data file of the tracker is wrong; the message names the file and the entry."""


class Periods(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Days, by type: after `quiet` without an original report an incident closes."""

    retention: float = 180.0
    quiet: dict[EventType, float] = {}
    quiet_by_cause: dict[Cause, float] = {}


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What keeps the cost of a step and the size of a record bounded."""

    reports: int
    history: int
    profile: int
    posting: int
    same_toll: int
    rarest: int
    worth: float
    candidates: int
    cohesion: int
    asked: int
    above_mean: float
    below_best: float


class Copies(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When one text repeats another: at least `similarity` of the shorter one's word triples are shared."""

    similarity: float
    compared: int


class Decisions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The scores, in log-odds, from which on something is done (see docs in `matching.toml`)."""

    join: float
    undated: float
    merge: float
    leave: float
    stay: float


class Scoring(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Log-odds of each trait of a pair, by name."""

    bias: float
    weights: dict[str, float]


class Matching(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The data of `matching.toml`."""

    limits: Limits
    copies: Copies
    decisions: dict[EventType, Decisions]
    scoring: dict[EventType, Scoring]


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The data of `words.toml`: what words say to the tracker."""

    stop: list[str]
    correction: list[str]
    rise: list[str]
    late_death: list[str]
    generic_names: list[str]
    no_names: list[str]
    given_names: list[str]
    aftermath: list[str]
    weekdays: list[str]
    months: list[str]
    street_types: dict[str, str]
    sorts: list[list[Cause]]
    kin: list[list[Cause]]
    rare: list[Cause]
    wide: list[Cause]


class TollRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The data of `toll.toml`."""

    doubt: float
    near: float
    jump_factor: float
    jump_by: int
    doubt_jump: float
    surer: float
    misread_up_to: int
    late_deaths: int
    hours_between_rises: float


class TrackingSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator sets: days of retention, and days of quiet by type that replace the shipped ones."""

    retention_days: float | None = None
    quiet_days: dict[EventType, float] = {}

    @property
    def retention(self) -> timedelta:
        """How long an incident is kept after its last report."""
        return timedelta(days=self.retention_days or periods().retention)

    @property
    def shortest_wait(self) -> timedelta:
        """Before this has gone by after its last report, nothing happens to an incident by itself."""
        kinds: tuple[EventType, ...] = ("casualties", "deployment")
        causes: tuple[Cause | None, ...] = (None, *periods().quiet_by_cause)
        return min(self.retention, *(self.quiet(kind, cause) for kind in kinds for cause in causes))

    def quiet(self, kind: EventType, cause: Cause | None) -> timedelta:
        """How long an incident stays open without a report."""
        if kind in self.quiet_days:
            return timedelta(days=self.quiet_days[kind])
        shipped = periods()
        if cause in shipped.quiet_by_cause:
            return timedelta(days=shipped.quiet_by_cause[cause])
        return timedelta(days=shipped.quiet.get(kind, 7.0))


def load(name: str, kind: type[T], text: str | None = None) -> T:
    """The data file `name` as `kind`. Raises TrackingError that names the file and the entry."""
    try:
        raw = (files("streams.incidents") / "data" / name).read_text("utf-8") if text is None else text
        return msgspec.convert(tomllib.loads(raw), kind)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise TrackingError(f"{name}: {error}") from error


@cache
def periods() -> Periods:
    """The shipped periods."""
    return load("periods.toml", Periods)


@cache
def matching() -> Matching:
    """The shipped matching rules."""
    return load("matching.toml", Matching)


@cache
def toll_rules() -> TollRules:
    """The shipped rules for tolls."""
    return load("toll.toml", TollRules)


@cache
def words() -> Words:
    """The shipped word lists."""
    return load("words.toml", Words)


@cache
def wide_causes() -> frozenset[str]:
    """What strikes many towns at once."""
    return frozenset(words().wide)
