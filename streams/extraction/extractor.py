"""Article to events: runs the finders over one text and makes their drafts into Events.

>>> extractor = Extractor.load()
>>> extraction = extractor.read(Article(id="1", title="Three dead in mine blast"), "0" * 64)
>>> extraction.events[0].tolls["killed"].best
3
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from schemas import Article, Event, Evidence
from streams.extraction import casualties, dates, deployments, fingerprint, terms
from streams.extraction.document import Document, read_document
from streams.extraction.drafts import CasualtyDraft, DeploymentDraft, Mark, Note
from streams.extraction.headlines import Headlines
from streams.extraction.places import PlacedAt, PlaceFinder, PlaceMention
from streams.extraction.ranking import Ranker
from streams.extraction.tongue import Tongue

Draft = CasualtyDraft | DeploymentDraft


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one text says. `fingerprint` is the near-copy signature, null without events."""

    events: tuple[Event, ...] = ()
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The same with the reasons: the document that was read and every candidate that was weighed."""

    extraction: Extraction
    document: Document
    notes: tuple[Note, ...]


class Extractor:
    """Reads articles of one language. Loads its data once; `read` is pure and keeps nothing."""

    def __init__(self, language: str = "en", *, gate: bool = True) -> None:
        self._language = language
        self._gate = gate
        self._casualties = casualties.Finder.load(language)
        self._deployments = deployments.Finder.load(language)
        self._places = PlaceFinder.load(language)
        self._ranker = Ranker.load(language)
        self._tongue = Tongue.load(language)
        self._headlines = Headlines.load(language)

    @classmethod
    def load(cls, language: str = "en", *, gate: bool = True) -> "Extractor":
        """An extractor with its data in memory. Raises LexiconError where a data file is wrong.

        Without `gate` it reads every sentence for casualties, which finds the same, more slowly.
        """
        return cls(language, gate=gate)

    def read(self, article: Article, content_hash: str) -> Extraction:
        """The events of `article`, main happening first; none for an empty text."""
        return self._read(article, content_hash, None)[0]

    def explain(self, article: Article, content_hash: str) -> Explanation:
        """`read` with the reasons for each decision."""
        notes: list[Note] = []
        extraction, document = self._read(article, content_hash, notes)
        return Explanation(extraction, document, tuple(notes))

    def _read(
        self, article: Article, content_hash: str, notes: list[Note] | None
    ) -> tuple[Extraction, Document]:
        document = read_document(article.title, article.body, self._language)
        published = article.published_at.date() if article.published_at else None
        sent = self._deployments.find(document, notes, published.year if published else None)
        if not sent and self._headlines.stand_alone(document):
            document = read_document(article.title, None, self._language)
        hurt = self._casualties.find(document, published, notes, gate=self._gate)
        drafts = self._ranker.order(document, hurt, sent)
        if drafts and not self._tongue.is_own(document):
            drafts = []
            if notes is not None:
                notes.append(Note(0, 0, "language", ("- words of another language",), "nothing is read"))
        if not drafts:
            return Extraction(), document
        mentions = self._places.mentions(document)
        events = tuple(
            self._event(article, content_hash, document, mentions, rank, draft, alone=len(drafts) == 1)
            for rank, draft in enumerate(drafts)
        )
        return Extraction(events, fingerprint.make(document)), document

    def _event(
        self,
        article: Article,
        content_hash: str,
        document: Document,
        places: Sequence[PlaceMention],
        rank: int,
        draft: Draft,
        *,
        alone: bool,
    ) -> Event:
        """The Event that a draft stands for; `alone` says that the text tells of no other happening."""
        marks = [mark for mark in draft.marks if mark.field not in ("place", "origin")]
        if rank and draft.realis == "historical":  # what is recalled lies where its own sentence says
            places = [one for one in places if one.sentence in draft.sentences] or places
        placed = self._place(document, places, draft, "place")
        if placed is not None:
            marks.append(Mark("place", placed.start, placed.end))
        near = marks[0].start if marks else None
        dated = dates.resolve(
            document, draft.sentences, article.published_at, near, _dated_as(draft), asides=draft.asides
        )
        if dated is not None:
            marks.append(Mark("date", dated.start, dated.end))
        found = terms.find(document, None if alone else draft.sentences)
        marks += [Mark(*mark) for mark in found.marks]
        event = Event(
            event_id=hashlib.sha256(f"{article.id}\n{content_hash}\n{rank}".encode()).hexdigest()[:32],
            article_id=article.id,
            rank=rank,
            type="casualties" if isinstance(draft, CasualtyDraft) else "deployment",
            realis=draft.realis,
            actors=draft.actors,
            targets=draft.targets,
            claims=draft.claims,
            place=placed.place if placed is not None else None,
            date=dated.span if dated is not None else None,
            terms=found.terms,
            confidence=draft.confidence,
        )
        if isinstance(draft, CasualtyDraft):
            counted = None
            if draft.scope == "cumulative":
                counted = dates.period(document, draft.sentences, article.published_at)
            if counted is not None:
                marks.append(Mark("period", counted.start, counted.end))
            event = replace(
                event,
                scope=draft.scope,
                period=counted.span if counted is not None else draft.period,
                cause=draft.cause,
                tolls=draft.tolls,
                attackers=draft.attackers,
            )
        else:
            origin = self._place(document, places, draft, "origin")
            if origin is not None:
                marks.append(Mark("origin", origin.start, origin.end))
            event = replace(
                event,
                force=draft.force,
                direction=draft.direction,
                origin=origin.place if origin is not None else draft.origin,
            )
        return replace(event, evidence=tuple(_evidence(document, mark) for mark in marks))

    def _place(
        self, document: Document, places: Sequence[PlaceMention], draft: Draft, field: str
    ) -> PlacedAt | None:
        """The place that a draft's words for `field` name; for the happening's own also one told nearby."""
        hints = [(mark.start, mark.end) for mark in draft.marks if mark.field == field]
        if not hints and field != "place":
            return None
        named = any(start < mention.end and mention.start < end for start, end in hints for mention in places)
        if field != "place" and not named:
            return None
        return self._places.resolve(document, places, draft.sentences, hints, asides=draft.asides)


def _dated_as(draft: Draft) -> dates.Kind:
    """What a draft is, to those who date it."""
    if isinstance(draft, CasualtyDraft):
        return "harm"
    return "plan" if draft.realis in ("planned", "hypothetical", "denied") else "move"


def _evidence(document: Document, mark: Mark) -> Evidence:
    start, end = document.span(mark.start, mark.end)
    return Evidence(field=mark.field, start=start, end=end, text=document.original[start:end])
