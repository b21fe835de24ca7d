"""A small language for scenarios: changes of incidents in, alerts out, a line each.

A scenario is `;`-separated steps, each `what happens` or `what happens -> alerts`. What happens is one of

    A killed=12 injured=3-5 at=PK/Quetta    incident A is new, or now so; what isn't said stays as it was
    A killed=12, B killed=                  several changes that are one step of the tracker
    A > B                                   A is merged into B; `A > B killed=9` says what B is then
    A / C killed=4                          C is split from A; `A killed=2 / C killed=4` says what A is then
    A gone                                  its record ends
    +2h                                     time goes on, and the rules are told
    use name                                the rules called `name` take effect

and alerts are `A open warning 12 crossed`: incident or region, status, level, value at the rule's bound, and
the reason where the scenario cares. With several rules the rule's name stands before: `deaths:A open …`.
Figures: 12, 12+ (at least), 10-12, <20 (up to), ~12 (best alone), none. Fields that are set with `=`:
every toll, at, date, realis, dir, force, unit, units, people, cause, actor, target, src, names, conf, status,
why, verdict, late, seen (time of its first report, as hours from the start).
"""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

from schemas import (
    MEASURES,
    Alert,
    Count,
    DateSpan,
    Decision,
    Force,
    Incident,
    Party,
    Place,
    Report,
)
from schemas.alerts import AlertReason
from streams.alerting import Change, Evaluator, RuleSet, parse_rules
from streams.alerting.measures import reach
from streams.alerting.reader import duration
from streams.ledger import Ledger

START = datetime(2026, 11, 22, 10, tzinfo=UTC)

REASONS = get_args(AlertReason)
PLACES = {
    "Quetta": (30.2, 67.0, "Balochistan"),
    "Karachi": (24.9, 67.0, "Sindh"),
    "Kabul": (34.5, 69.2, "Kabul"),
    "Jenin": (32.46, 35.3, "West Bank"),
    "Gao": (16.27, -0.04, "Gao"),
    "Suva": (-18.1, 178.4, "Central"),
}


def count(text: str) -> Count | None:
    """A figure as scenarios write it."""
    if text in ("", "none"):
        return None
    if text.endswith("+"):
        return Count(low=int(text[:-1]), best=int(text[:-1]))
    if text.startswith("<"):
        return Count(best=int(text[1:]), high=int(text[1:]))
    if text.startswith("~"):
        return Count(best=int(text[1:]))
    low, _, high = text.partition("-")
    return Count(low=int(low), best=int(high or low), high=int(high or low))


def place(text: str) -> Place | None:
    """`PK`, `PK/Quetta`, or nothing."""
    if not text:
        return None
    country, _, name = text.partition("/")
    if not name:
        return Place(name=country, country=country, precision="country", latitude=30.0, longitude=70.0)
    latitude, longitude, admin1 = PLACES[name]
    return Place(name=name, country=country, admin1=admin1, latitude=latitude, longitude=longitude)


def reports(names: str, time: datetime | None) -> tuple[Report, ...]:
    """`Reuters|AP|Dawn=Reuters`: one report each; `=` says whose text it copies."""
    found: dict[str, Report] = {}
    for number, name in enumerate(names.split("|")):
        own, _, copied = name.partition("=")
        original = found[copied].article_id if copied else None
        article = f"article-{number}"
        found[own] = Report(
            event_id=f"event-{number}",
            article_id=article,
            rank=0,
            source=own,
            time=time,
            copy_of=original,
        )
    return tuple(found.values())


@dataclass
class Stage:
    """Runs one scenario against one evaluator."""

    rules: dict[str, RuleSet]
    now: datetime | None = START
    ledger: Ledger = field(default_factory=Ledger)
    incidents: dict[str, Incident] = field(default_factory=dict)
    sent: list[Alert] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.evaluator = Evaluator(self.ledger)
        self.take(self.evaluator.use(next(iter(self.rules.values())), self.now))

    def take(self, alerts: tuple[Alert, ...]) -> tuple[Alert, ...]:
        self.ledger.commit()
        self.sent += alerts
        return alerts

    def do(self, action: str) -> tuple[Alert, ...]:
        """Let something happen; the alerts that came of it."""
        if action.startswith("+"):
            span = duration(action[1:])
            assert span is not None, action
            self.now = (self.now or START) + span
            return self.take(self.evaluator.advance(self.now))
        if action.startswith("use "):
            return self.take(self.evaluator.use(self.rules[action[4:]], self.now))
        changes = [change for part in action.split(",") for change in self.changes(part.strip())]
        return self.take(self.evaluator.apply_all(changes, self.now))

    def changes(self, part: str) -> list[Change]:
        if " > " in part:
            gone, into = part.split(" > ")
            target = into.split()[0]
            away = replace(self.incidents[gone], merged_into=target, status="closed", reports=(), version=9)
            return [self.change(into, why="merged"), self.changed(gone, away, "merged")]
        if " / " in part:
            parent, child = part.split(" / ")
            name = parent.split()[0]
            return [self.change(parent, why="split"), self.change(f"{child} from={name}", why="split")]
        if part.endswith(" gone"):
            return [self.changed(part.removesuffix(" gone"), None, "expired")]
        return [self.change(part)]

    def change(self, text: str, why: str = "reported") -> Change:
        name, *settings = text.split()
        old = self.incidents.get(name)
        new = old or Incident(
            incident_id=name, type="casualties", version=0, status="open", opened_at=self.now, sources=1
        )
        new = replace(new, version=new.version + 1, updated_at=self.now)
        if not new.reports:
            new = replace(new, reports=reports("Reuters", self.now))
        late = False
        for setting in settings:
            key, value = setting.split("=", 1)
            if key == "why":
                why = value
            elif key == "late":
                late = value == "yes"
            else:
                new = self.set(new, key, value)
        return self.changed(name, new, why, late=late)

    def changed(self, name: str, after: Incident | None, why: str, *, late: bool = False) -> Change:
        before = self.incidents.get(name)
        if after is None:
            self.incidents.pop(name, None)
        else:
            self.incidents[name] = after
        return Change(before, after, why, "article", late, self.now)

    def set(self, incident: Incident, key: str, value: str) -> Incident:
        force = incident.force or Force(what="troops")
        parties = tuple(Party(name=name.replace("_", " "), role="agent") for name in value.split("|"))
        if key in MEASURES:
            tolls = {name: toll for name, toll in incident.tolls.items() if name != key}
            figure = count(value)
            return replace(incident, tolls=tolls | ({key: figure} if figure else {}))
        if key in ("people", "units", "unit", "force"):
            figure = (count(value) or Count()) if key in ("people", "units") else None
            change: dict[str, Any] = {
                "people": {"personnel": figure},
                "units": {"count": figure, "estimated": True},
                "unit": {"unit": value},
                "force": {"what": value},
            }[key]
            direction = incident.direction or "deploy"
            return replace(incident, type="deployment", direction=direction, force=replace(force, **change))
        if key == "seen":
            hours = timedelta(hours=float(value))
            return replace(incident, reports=reports("Reuters", START + hours), opened_at=START + hours)
        if key == "names":
            names = reports(value, self.now)
            independent = len({report.source for report in names if report.copy_of is None})
            return replace(incident, reports=names, sources=independent)
        if key == "date":
            first, _, last = value.partition("..")
            span = DateSpan(earliest=date.fromisoformat(first), latest=date.fromisoformat(last or first))
            return replace(incident, date=span)
        if key == "verdict":
            decision = Decision(action=value, by="desk", at=START, why="checked")  # type: ignore[arg-type]
            closed = "closed" if value == "void" else incident.status
            return replace(incident, verdict=decision, status=closed)
        simple: dict[str, Any] = {
            "at": {"place": place(value)},
            "realis": {"realis": value},
            "dir": {"direction": value},
            "cause": {"cause": value},
            "src": {"sources": int(value) if value.isdigit() else 1},
            "conf": {"confidence": float(value) if key == "conf" else 0.5},
            "status": {"status": value},
            "actor": {"actors": parties},
            "target": {"targets": parties},
            "reports": {"reports": ()},
            "from": {"split_from": value},
        }
        return replace(incident, **simple[key])


def told(alert: Alert, *, named: bool, reason: bool) -> str:
    """An alert as scenarios write it."""
    subject = alert.incident_id or (alert.window.region if alert.window else "")
    rule = f"{alert.rule}:" if named else ""
    value = reach(alert.value, alert.bound)
    said = f"{rule}{subject} {alert.status} {alert.level} {'none' if value is None else value}"
    return f"{said} {alert.reason}" if reason else said


def perform(rules: dict[str, str], story: str, *, timeless: bool = False) -> Stage:
    """Run a scenario and assert its alerts, step by step."""
    sets = {name: parse_rules(text, name) for name, text in rules.items()}
    stage = Stage(sets, now=None if timeless else START)
    named = any(len(one.rules) > 1 for one in sets.values()) or len(sets) > 1
    for number, step in enumerate(filter(None, map(str.strip, story.split(";"))), 1):
        action, _, expected = step.partition("->")
        alerts = stage.do(action.strip())
        wanted = [re.sub(r"\s+", " ", one.strip()) for one in expected.split(",") if one.strip()]
        reasoned = [one.split()[-1] in REASONS for one in wanted] + [True] * len(alerts)
        got = [told(alert, named=named, reason=reasoned[i]) for i, alert in enumerate(alerts)]
        assert got == wanted, f"step {number}: {step}"
    return stage
