"""Readings that a person wrote: what extraction would give of a story if it never erred."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from schemas import (
    MEASURES,
    Article,
    Claim,
    Count,
    DateSpan,
    Event,
    Evidence,
    Force,
    Party,
    Place,
    Terms,
    Victim,
)
from streams.extraction.document import read_document
from streams.extraction.fingerprint import make
from streams.reading import Extract


def extract_by_hand(path: Path) -> Extract:
    """An extractor that gives the readings in `path`: of an article read again the next one, or the same.

    An article without one says nothing.
    """
    data = tomllib.loads(path.read_text("utf-8"))
    places = {name: Place(**fields) for name, fields in data["places"].items()}
    waiting: dict[str, list[dict[str, Any]]] = {}
    for written in data["reading"]:
        waiting.setdefault(written["article"], []).append(written)

    def extract(article: Article, content_hash: str) -> tuple[tuple[Event, ...], str | None]:
        queue = waiting.get(article.id, [{"events": []}])
        written = queue.pop(0) if len(queue) > 1 else queue[0]
        events = tuple(
            _event(article, f"{content_hash}-{rank}", rank, said, places)
            for rank, said in enumerate(written["events"])
        )
        return events, make(read_document(article.title, article.body))

    return extract


def count(text: str) -> Count:
    """The Count in `low/best/high`."""
    low, best, high = (None if end == "-" else int(end) for end in text.split("/"))
    return Count(low=low, best=best, high=high)


def _event(
    article: Article, event_id: str, rank: int, said: dict[str, Any], places: dict[str, Place]
) -> Event:
    tolls = {measure: count(said[measure]) for measure in MEASURES if measure in said}
    start = article.text.index(said["says"])  # an error here: the words are not in the article
    fields = [f"tolls.{measure}" for measure in tolls] or ["force.personnel"]
    span = {"start": start, "end": start + len(said["says"]), "text": said["says"]}
    force = None
    if "force" in said:
        people = count(said.get("personnel", "-/-/-"))
        units = count(said["units"]) if "units" in said else people
        force = Force(what=said["force"], unit=said.get("unit", "person"), count=units, personnel=people)
    return Event(
        event_id=event_id,
        article_id=article.id,
        rank=rank,
        type="deployment" if force else "casualties",
        realis=said.get("realis", "actual"),
        scope=said.get("scope", "incident"),
        cause=said.get("cause"),
        tolls=tolls,
        force=force,
        direction=said.get("direction", "deploy") if force else None,
        attackers={"killed": count(said["attackers"])} if "attackers" in said else {},
        actors=(Party(name=said["actor"], role="sender"),) if "actor" in said else (),
        claims=tuple(
            Claim(measure=measure, count=count(figure), claimant=who, leading=position == 0)
            for position, (measure, figure, who) in enumerate(said.get("claims", ()))
        ),
        place=places[said["in"]] if "in" in said else None,
        date=_date(said),
        terms=Terms(
            victims=tuple(Victim(name=name) for name in said.get("victims", ())),
            streets=tuple(said.get("streets", ())),
            buildings=tuple(said.get("buildings", ())),
            hours=tuple(said.get("hours", ())),
        ),
        evidence=tuple(Evidence(field=field, **span) for field in fields),
        confidence=0.9,
    )


def _date(said: dict[str, Any]) -> DateSpan | None:
    if "on" not in said:
        return None
    return DateSpan(
        earliest=date.fromisoformat(said["on"]),
        latest=date.fromisoformat(said.get("to", said["on"])),
        precision=said.get("precision", "day"),
    )
