"""The first stage: one record of `articles.v1` in, one Reading out.

A module of its own because the language processes need nothing else of the pipeline: they start sooner so.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from schemas.articles import Article
from schemas.errors import BadMessage
from schemas.events import Event, Origin, Reading
from streams.intake import Received, receive

LANGUAGES = frozenset({"en"})
"""The languages that are read; an article in another is counted and has no events."""

Extract = Callable[[Article, str], tuple[tuple[Event, ...], str | None]]
"""From an article and its content hash to its events and its near-copy signature."""


def read(
    raw: bytes,
    extract: Extract,
    *,
    now: datetime,
    received_at: datetime | None = None,
    max_age: timedelta | None = None,
    origin: Origin | None = None,
) -> Reading:
    """One record of `articles.v1` as a Reading. Raises BadMessage."""
    return understand(receive(raw, received_at=received_at, now=now, max_age=max_age), extract, origin)


def understand(received: Received, extract: Extract, origin: Origin | None = None) -> Reading:
    """What a received article says. Raises BadMessage (stage `extract`) where the reading of it fails."""
    article = received.article
    events: tuple[Event, ...] = ()
    fingerprint: str | None = None
    if not article.retracted and article.language.split("-")[0] in LANGUAGES:
        try:
            events, fingerprint = extract(article, received.content_hash)
        except Exception as error:
            raise BadMessage(
                f"extraction failed: {type(error).__name__}: {error}", stage="extract", kind="exception"
            ) from error
    return Reading(
        article_id=article.id,
        content_hash=received.content_hash,
        url=article.url,
        source=article.source,
        title=article.title,
        language=article.language,
        published_at=article.published_at,
        received_at=received.received_at,
        late=received.late,
        retracted=article.retracted,
        fingerprint=fingerprint if events else None,
        events=events,
        origin=origin,
    )
