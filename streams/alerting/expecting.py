"""Rules under test: the rings that a person expects, against those that came.

An expectation is a JSON object; every field it has must agree with one alert, which no other takes:
`rule`, `level`, `status` (default: open or escalate), `reason`, `value` (at the rule's bound), `article` (the
one that caused it), `incident`, `place`, `country`, `region`, `day`. `"never": true` turns it round: no alert
may agree. What rings unexpectedly is a fault too, unless a line says `{"others": true}`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from schemas.errors import TocsinError
from streams.alerting.backtesting import RINGS, Told
from streams.alerting.measures import reach


class ExpectationError(TocsinError):
    """A line of the expectations that can't be used; the message names file, line and field."""


class Expectation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One line of the file; see the module's description."""

    rule: str | None = None
    level: str | None = None
    status: str | None = None
    reason: str | None = None
    value: int | None = None
    article: str | None = None
    incident: str | None = None
    place: str | None = None
    country: str | None = None
    region: str | None = None
    day: str | None = None
    never: bool = False
    others: bool = False
    line: int = 0

    def agrees(self, told: Told) -> bool:
        """Whether the alert is what is expected."""
        alert = told.alert
        if alert.status != self.status and (self.status is not None or not told.rings):
            return False
        has = {
            "rule": alert.rule,
            "level": alert.level,
            "reason": alert.reason,
            "value": reach(alert.value, alert.bound),
            "article": told.article_id,
            "incident": alert.incident_id,
            "place": alert.place.name if alert.place is not None else None,
            "country": alert.place.country if alert.place is not None else None,
            "region": alert.window.region if alert.window is not None else None,
            "day": str(told.day),
        }
        return all(getattr(self, name) in (None, value) for name, value in has.items())

    def __str__(self) -> str:
        said: dict[str, Any] = {
            name: value
            for name in self.__struct_fields__
            if name != "line" and (value := getattr(self, name)) not in (None, False)
        }
        return msgspec.json.encode(said).decode()


@dataclass(frozen=True, slots=True)
class Verdict:
    """How it went: expectations not met, ones that were broken, and rings that nobody expected."""

    missing: tuple[Expectation, ...]
    broken: tuple[tuple[Expectation, Told], ...]
    unexpected: tuple[Told, ...]

    @property
    def passed(self) -> bool:
        """Whether all went as expected."""
        return not (self.missing or self.broken or self.unexpected)


def read_expectations(text: str, name: str) -> tuple[Expectation, ...]:
    """The expectations in `text`, one a line. Raises ExpectationError, which names every bad line."""
    found = []
    wrong: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            expectation = msgspec.json.decode(line, type=Expectation)
        except msgspec.DecodeError as error:
            wrong.append(f"{name}:{number}: {error}")
            continue
        found.append(msgspec.structs.replace(expectation, line=number))
    if wrong:
        fields = ", ".join(field for field in Expectation.__struct_fields__ if field != "line")
        raise ExpectationError("\n".join([*wrong, f"an expectation may have {fields}"]))
    return tuple(found)


def compare(expectations: Sequence[Expectation], told: Sequence[Told]) -> Verdict:
    """Hold what was told against what was expected; each alert meets one expectation at most.

    A line that asks little leaves an alert to one that asks more, as far as that helps both.
    """
    wanted = [one for one in expectations if not (one.never or one.others)]
    fitting = [[index for index, one in enumerate(told) if line.agrees(one)] for line in wanted]
    taken: dict[int, int] = {}

    def meets(line: int, tried: set[int]) -> bool:
        for index in fitting[line]:
            if index not in tried:
                tried.add(index)
                if index not in taken or meets(taken[index], tried):
                    taken[index] = line
                    return True
        return False

    missing = [one for line, one in enumerate(wanted) if not meets(line, set())]
    broken = [
        (expectation, one)
        for expectation in expectations
        if expectation.never
        for one in told
        if expectation.agrees(one)
    ]
    known = {one.alert.alert_id for _, one in broken} | {told[index].alert.alert_id for index in taken}
    rest = [one for one in told if one.alert.status in RINGS and one.alert.alert_id not in known]
    others = any(expectation.others for expectation in expectations)
    return Verdict(tuple(missing), tuple(broken), () if others else tuple(rest))
