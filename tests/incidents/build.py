"""Readings from a few words, and what a scenario expects of the incidents they end in."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from schemas import (
    MEASURES,
    Count,
    DateSpan,
    Event,
    Evidence,
    Force,
    Origin,
    Party,
    Place,
    Reading,
    Terms,
    Victim,
)
from schemas.fingerprints import encode
from schemas.incidents import Incident
from streams.incidents import IncidentChange, Tracker, TrackingSettings
from streams.ledger import Ledger

START = datetime(2031, 5, 1, tzinfo=UTC)

PLACES = {
    "Torrin": Place(
        name="Torrin", country="XA", admin1="Westmark", geonames_id=1, latitude=40.0, longitude=20.0
    ),
    "Velma": Place(
        name="Velma", country="XA", admin1="Westmark", geonames_id=2, latitude=40.1, longitude=20.1
    ),
    "Osk": Place(name="Osk", country="XA", admin1="Eastmark", geonames_id=3, latitude=43.0, longitude=25.0),
    "Arda": Place(name="Arda", country="XB", admin1="Centre", geonames_id=4, latitude=10.0, longitude=60.0),
    "Westmark": Place(
        name="Westmark",
        country="XA",
        admin1="Westmark",
        geonames_id=5,
        latitude=40.2,
        longitude=20.2,
        precision="admin1",
    ),
    "Xania": Place(
        name="Xania", country="XA", geonames_id=6, latitude=41.0, longitude=22.0, precision="country"
    ),
}


def moment(day: float) -> datetime:
    """The time `day` days after the start of every scenario."""
    return START + timedelta(days=day)


def _count(value: Any, text: str | None = None) -> Count:
    if isinstance(value, int):
        return Count(low=value, best=value, high=value, text=text)
    low, best, high = value
    return Count(low=low, best=best, high=high, text=text)


def event(article: str, position: int, **said: Any) -> Event:
    """One event; `said` are the short names of a scenario line."""
    kind = "deployment" if "force" in said else "casualties"
    tolls = {m: _count(said[m]) for m in MEASURES if m in said}
    if "rule" in said:  # of the figure that stands last
        tolls |= {m: replace(tolls[m], high=None, rule=said["rule"]) for m in list(tolls)[-1:]}
    words = said.get("words", "")
    evidence = tuple(
        Evidence(field=f"tolls.{measure}", start=0, end=len(words), text=words) for measure in tolls if words
    )
    span = None
    if "on" in said:
        first = moment(said["on"]).date()
        last = moment(said.get("to", said["on"])).date()
        span = DateSpan(earliest=first, latest=last, precision=said.get("precision", "day"))
    elif "day" in said:
        span = DateSpan(text=said["day"])
    force = None
    if kind == "deployment":
        count = _count(said["count"]) if "count" in said else Count()
        force = Force(what=said["force"], unit=said.get("unit", "person"), count=count, personnel=count)
    return Event(
        event_id=f"{article}.{said.get('text', 1)}.{position}",
        article_id=article,
        rank=position,
        type=kind,  # type: ignore[arg-type]
        realis=said.get("realis", "actual"),
        scope=said.get("scope", "incident"),
        cause=said.get("cause", "shooting") if kind == "casualties" else None,
        tolls=tolls,  # type: ignore[arg-type]
        force=force,
        direction=said.get("direction", "deploy") if force else None,
        actors=tuple(Party(name=name, role="actor") for name in said.get("actors", ())),
        place=PLACES[said["in"]] if "in" in said else None,
        date=span,
        terms=Terms(
            victims=tuple(Victim(name=name) for name in said.get("victims", ())),
            streets=tuple(said.get("streets", ())),
            hours=tuple(said.get("hours", ())),
            names=tuple(said.get("names", ())),
        ),
        evidence=evidence,
        confidence=said.get("confidence", 0.8),
    )


def reading(line: dict[str, Any]) -> Reading:
    """A reading of one scenario line: article `a`, published on day `at`, its events in `says`."""
    article, text = line["a"], line.get("text", 1)
    events = tuple(
        event(article, position, text=text, **said) for position, said in enumerate(line.get("says", ()))
    )
    hashes = line.get("wording")
    return Reading(
        article_id=article,
        content_hash=f"{article}-{text}",
        source=line.get("by", f"{article} daily"),
        title=line.get("title"),
        published_at=moment(line["at"]) if "at" in line else None,
        retracted=line.get("retracted", False),
        fingerprint=encode(range(*hashes)) if hashes else None,
        events=() if line.get("retracted") else events,
        origin=Origin(partition=0, offset=line["offset"]) if "offset" in line else None,
    )


class Desk:
    """A tracker with its ledger, driven as the pipeline drives it."""

    def __init__(self, settings: TrackingSettings | None = None) -> None:
        self.ledger = Ledger()
        self.tracker = Tracker(self.ledger, settings)
        self.now: datetime | None = None
        self.changes: list[IncidentChange] = []

    def take(self, one: Reading) -> tuple[IncidentChange, ...]:
        """Time goes on to the reading's own, then the reading is applied."""
        found: tuple[IncidentChange, ...] = ()
        if self.tracker.seen(one):
            return found
        if one.published_at is not None and (self.now is None or one.published_at > self.now):
            self.now = one.published_at
            found += self.tracker.advance(self.now)
        found += self.tracker.apply(one, self.now)
        self.ledger.commit()
        self.changes.extend(found)
        return found

    def advance(self, day: float) -> tuple[IncidentChange, ...]:
        """Time goes on to `day`."""
        self.now = moment(day)
        found = self.tracker.advance(self.now)
        self.ledger.commit()
        self.changes.extend(found)
        return found

    def incidents(self) -> list[Incident]:
        """The incidents that have reports, by their first report."""
        living = [incident for incident in self.tracker.incidents() if incident.reports]
        return sorted(living, key=lambda incident: sorted(report.article_id for report in incident.reports))


def summary(incident: Incident) -> dict[str, Any]:
    """An incident in the words of a scenario's expectation."""
    found: dict[str, Any] = {
        "of": sorted({report.article_id for report in incident.reports}),
        "status": incident.status,
        "sources": incident.sources,
        "realis": incident.realis,
        "copies": {r.article_id: r.copy_of for r in incident.reports if r.copy_of},
        "place": incident.place.name if incident.place else None,
        "on": _day(incident.date.earliest) if incident.date and incident.date.earliest else None,
    }
    for measure, count in incident.tolls.items():
        found[measure] = count.value
    if incident.force is not None:
        found["count"] = incident.force.count.value
    return found


def _day(day: date) -> int:
    return (day - START.date()).days
