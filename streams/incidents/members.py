"""A member: one event in its incident, as the index holds it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from schemas.events import Event
from schemas.incidents import Report
from streams.incidents.state import ArticleRecord, Draft
from streams.incidents.traits import Traits

_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)

Order = tuple[datetime, str, int]


@dataclass(frozen=True, slots=True)
class Member:
    """One event with its article and its traits; `order` sorts members by time, undated ones first."""

    article: ArticleRecord
    draft: Draft
    event: Event
    traits: Traits
    keys: tuple[str, ...]
    order: Order

    @property
    def source(self) -> str:
        """Whose report it is: the publisher, else the host of the url, else the article itself."""
        return source_of(self.article)

    @property
    def original(self) -> bool:
        """Whether the report is more than a copy of another."""
        return self.article.copy_of is None

    @property
    def stands(self) -> bool:
        """Whether an incident can stand on this event alone."""
        return founds(self.event)

    def report(self) -> Report:
        """The member as it is published."""
        return Report(
            event_id=self.event.event_id,
            article_id=self.article.article_id,
            rank=self.event.rank,
            source=self.article.source,
            url=self.article.url,
            title=self.article.title,
            time=self.article.published_at,
            copy_of=self.article.copy_of,
        )


def order_of(article: ArticleRecord, rank: int) -> Order:
    """The place of an event of `article` among the members of an incident."""
    return (article.published_at or _BEGINNING, article.article_id, rank)


def source_of(article: ArticleRecord) -> str:
    """Whose report an article is."""
    if article.source:
        return article.source
    host = urlsplit(article.url).hostname if article.url else None
    return host or article.article_id


def founds(event: Event) -> bool:
    """Whether `event` may open an incident, and an incident may stand on it."""
    if event.type == "casualties":
        return event.realis == "actual" and event.scope == "incident"
    return event.realis in ("actual", "ordered", "planned") and event.direction != "stock"


def joins(event: Event) -> bool:
    """Whether `event` may be part of an incident at all."""
    if event.type == "casualties":
        return event.scope == "incident" and event.realis in ("actual", "historical", "denied")
    return event.realis != "hypothetical" and event.direction != "stock"
