"""All windows of the rules in force, kept up to date by watching the facts of the incidents."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache

from msgspec import Struct

from schemas.counts import Count
from schemas.events import Place
from streams.alerting.candidates import Candidates
from streams.alerting.facts import Facts
from streams.alerting.matching import refused
from streams.alerting.measures import grown, measured
from streams.alerting.regions import country_name, subregion_of
from streams.alerting.rules import Rule
from streams.alerting.windows import (
    NOTHING,
    Packed,
    Share,
    Tally,
    as_count,
    cutoff,
    hours,
    moment,
    number,
    share_of,
)

TIMELESS = datetime.min.replace(tzinfo=UTC)
"""When the oldest leaves while there is no stream time: as soon as there is one."""

Spot = tuple[str, str]
"""A rule's name and the subject it sums up: `world`, a subregion's name, a country's code, …"""


class Standing(Struct, frozen=True):
    """A window as it stands: what it sums to, how many incidents are in it, when the oldest leaves."""

    count: Count
    incidents: int
    ageing: datetime | None


class WindowIndex:
    """The sums of every window. `load` again when the rules change."""

    def __init__(self) -> None:
        self._candidates: Candidates | None = None
        self._shares: dict[str, dict[Spot, Share]] = {}
        self._tallies: dict[Spot, Tally] = {}

    def load(self, candidates: Candidates, facts: list[Facts]) -> None:
        """Start again with these rules and incidents."""
        self._candidates = candidates
        self._shares.clear()
        self._tallies.clear()
        for item in facts:
            self.follow(item.incident_id, item)

    def follow(self, incident_id: str, facts: Facts | None) -> None:
        """Replace what an incident adds by what it adds now."""
        if self._candidates is None:
            return
        before = self._shares.pop(incident_id, {})
        after = self._shares_of(facts) if facts is not None else {}
        for spot, share in before.items():
            if spot not in after:
                tally = self._tallies[spot]
                tally.set(incident_id, share, None)
                if not tally:
                    del self._tallies[spot]
        for spot, share in after.items():
            old = before.get(spot)
            if old != share:
                tally = self._tallies.get(spot) or self._tallies.setdefault(spot, Tally())
                tally.set(incident_id, old, share)
        if after:
            self._shares[incident_id] = after

    def shares(self, incident_id: str) -> dict[Spot, Share]:
        """What an incident adds, by window."""
        return self._shares.get(incident_id, {})

    def spots(self) -> list[Spot]:
        """Every window that counts an incident."""
        return list(self._tallies)

    def sums(self, spot: Spot, span: int, now: datetime | None) -> tuple[Packed, int | None]:
        """The bare sums of a window of `span` hours, and the hour of its oldest incident."""
        tally = self._tallies.get(spot)
        if tally is None:
            return 0, None
        cut = cutoff(now, span)
        return tally.above(cut), tally.oldest(cut)

    def standing(self, rule: Rule, subject: str, now: datetime | None) -> Standing:
        """The window of `rule` over `subject` at `now`."""
        tally = self._tallies.get((rule.name, subject))
        assert rule.window is not None, "a rule that is not per incident has a window"
        if tally is None:
            return Standing(NOTHING, 0, None)
        cut = cutoff(now, hours(rule.window))
        sums = tally.above(cut)
        count = as_count(sums)
        if rule.measure.rise:
            before = cut - hours(rule.window)
            whole = tally.above(before, cursor=1)
            count = grown(as_count(whole - sums), count)
        oldest = tally.oldest(cut)
        if oldest is None:
            return Standing(count, number(sums), None)
        return Standing(count, number(sums), moment(oldest) + rule.window if now is not None else TIMELESS)

    def members(
        self, rule: Rule, subject: str, now: datetime | None, limit: int
    ) -> tuple[list[str], list[int]]:
        """The latest `limit` incidents in the window, the latest first, and the best figure of each."""
        tally = self._tallies.get((rule.name, subject))
        assert rule.window is not None, "a rule that is not per incident has a window"
        return tally.members(cutoff(now, hours(rule.window)), limit) if tally is not None else ([], [])

    def _shares_of(self, facts: Facts) -> dict[Spot, Share]:
        assert self._candidates is not None, "follow checks it"
        found: dict[Spot, Share] = {}
        shares: dict[str, Share | None] = {}
        barred: dict[int, bool] = {}
        for door, rule in self._candidates.windows(facts):
            subject = subject_of(rule, facts.place)
            if subject is None:
                continue
            if door not in barred:
                barred[door] = refused(rule, facts) is not None
            if barred[door]:
                continue
            text = rule.measure.text
            if text not in shares:
                count = measured(rule.measure, facts.tolls, facts.force)
                shares[text] = share_of(count, facts.at) if count is not None else None
            share = shares[text]
            if share is not None:
                found[rule.name, subject] = share
        return found


def moved(before: dict[Spot, Share], after: dict[Spot, Share]) -> Iterator[tuple[Spot, bool]]:
    """The windows that a change touched, and whether it took something away there."""
    for spot in {**before, **after}:
        old, new = before.get(spot), after.get(spot)
        yield spot, old is not None and (new is None or _less(old, new))


def _less(old: Share, new: Share) -> bool:
    """Whether an incident counts less than it did, or not for as long."""
    return new.low < old.low or new.best < old.best or new.high < old.high or new.hour < old.hour


def subject_of(rule: Rule, place: Place | None) -> str | None:
    """Which of the rule's windows an incident at `place` belongs to; None where that is not known."""
    if rule.per == "world":
        return "world"
    if place is None or place.country is None:
        return None
    if rule.per == "country":
        return place.country
    if rule.per == "subregion":
        return subregion_of(place.country)
    if rule.per == "admin1":
        return f"{place.country}/{place.admin1}" if place.admin1 else None
    if place.precision not in ("city", "admin2"):
        return None
    return f"{place.country}/{place.admin1 or ''}/{place.name}"


def region_name(per: str, subject: str) -> str:
    """A window's subject as a person calls it."""
    if per == "world":
        return "the world"
    if per == "country":
        return country_name(subject)
    if per == "subregion":
        return subject
    country, *inner = subject.split("/")
    parts = [part for part in reversed(inner) if part]
    return ", ".join([*parts, country_name(country)])


@lru_cache(maxsize=4096)
def region_place(per: str, subject: str) -> Place | None:
    """The window's region as a place, by which mutes tell whether they hold there."""
    if per in ("world", "subregion"):
        return None
    country, *inner = subject.split("/")
    name = inner[-1] if inner else country_name(country)
    admin1 = inner[0] or None if inner else None
    return Place(
        name=name, country=country, admin1=admin1, precision="country" if per == "country" else "admin1"
    )
