"""Article to events: runs the finders over one text and makes their drafts into Events.

>>> extractor = Extractor.load()
>>> extraction = extractor.read(Article(id="1", title="Three dead in mine blast"), "0" * 64)
>>> extraction.events[0].tolls["killed"].best
3
"""

import hashlib
from dataclasses import dataclass

from schemas import Article, Event, Evidence
from streams.extraction import casualties
from streams.extraction.document import Document, read_document
from streams.extraction.drafts import CasualtyDraft, DeploymentDraft, Mark, Note


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
    """Reads articles in English. Loads its data once; `read` is pure and keeps nothing."""

    languages = ("en",)

    def __init__(self, language: str = "en") -> None:
        self._casualties = casualties.Finder.load(language)

    @classmethod
    def load(cls, language: str = "en") -> "Extractor":
        """An extractor with its data in memory. Raises LexiconError where a data file is wrong."""
        return cls(language)

    def read(self, article: Article, content_hash: str) -> Extraction:
        """The events of `article`, main happening first; none for an empty or foreign text."""
        return self._read(article, content_hash, None)[0]

    def explain(self, article: Article, content_hash: str) -> Explanation:
        """`read` with the reasons for each decision."""
        notes: list[Note] = []
        extraction, document = self._read(article, content_hash, notes)
        return Explanation(extraction, document, tuple(notes))

    def _read(
        self, article: Article, content_hash: str, notes: list[Note] | None
    ) -> tuple[Extraction, Document]:
        document = read_document(article.title, article.body)
        year = article.published_at.year if article.published_at else None
        drafts: list[CasualtyDraft | DeploymentDraft] = [*self._casualties.find(document, year, notes)]
        events = tuple(
            self._event(article, content_hash, document, rank, draft) for rank, draft in enumerate(drafts)
        )
        return Extraction(events), document

    def _event(
        self,
        article: Article,
        content_hash: str,
        document: Document,
        rank: int,
        draft: CasualtyDraft | DeploymentDraft,
    ) -> Event:
        name = hashlib.sha256(f"{article.id}\n{content_hash}\n{rank}".encode()).hexdigest()[:32]
        evidence = tuple(_evidence(document, mark) for mark in draft.marks)
        if isinstance(draft, CasualtyDraft):
            return Event(
                event_id=name,
                article_id=article.id,
                rank=rank,
                type="casualties",
                realis=draft.realis,
                scope=draft.scope,
                period=draft.period,
                cause=draft.cause,
                tolls=draft.tolls,
                attackers=draft.attackers,
                actors=draft.actors,
                targets=draft.targets,
                claims=draft.claims,
                evidence=evidence,
                confidence=draft.confidence,
            )
        return Event(
            event_id=name,
            article_id=article.id,
            rank=rank,
            type="deployment",
            realis=draft.realis,
            force=draft.force,
            direction=draft.direction,
            origin=draft.origin,
            actors=draft.actors,
            targets=draft.targets,
            claims=draft.claims,
            evidence=evidence,
            confidence=draft.confidence,
        )


def _evidence(document: Document, mark: Mark) -> Evidence:
    start, end = document.span(mark.start, mark.end)
    return Evidence(field=mark.field, start=start, end=end, text=document.original[start:end])
