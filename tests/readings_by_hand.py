"""Readings that a person wrote: what extraction would give of a story if it never erred."""

import tomllib
from collections.abc import Iterator
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
from streams.pipeline import Extract


def extract_by_hand(path: Path) -> Extract:
    """An extractor that gives, one call after the other, the readings in `path`."""
    data = tomllib.loads(path.read_text("utf-8"))
    places = {name: Place(**fields) for name, fields in data["places"].items()}
    waiting: Iterator[dict[str, Any]] = iter(data["reading"])

    def extract(article: Article, content_hash: str) -> tuple[tuple[Event, ...], str | None]:
        written = next(one for one in waiting if one["events"])  # the text of a retracted one is never read
        assert written["article"] == article.id, "the file follows the story line by line"
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
        people = count(said["personnel"])
        force = Force(what=said["force"], count=people, personnel=people)
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
        direction="deploy" if force else None,
        actors=(Party(name=said["actor"], role="sender"),) if "actor" in said else (),
        claims=tuple(
            Claim(measure=measure, count=count(figure), claimant=who, leading=position == 0)
            for position, (measure, figure, who) in enumerate(said.get("claims", ()))
        ),
        place=places[said["in"]],
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
