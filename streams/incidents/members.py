"""A member: one event in its incident, as the index holds it."""

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from msgspec import Struct, structs

from schemas.counts import Measure
from schemas.events import Event
from schemas.incidents import Report
from streams.incidents.keys import Keys, keys_of
from streams.incidents.state import ArticleRecord, Draft
from streams.incidents.statements import Statement, statements_of
from streams.incidents.traits import Traits, read_traits

_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)

Order = tuple[datetime, str, int]


class Member(Struct, frozen=True, gc=False):
    """One event with its article and its traits.

    `order` sorts members by time, undated ones first; `source` is whose report it is: the publisher, else the
    host of the url, else the article itself; `original`: the report is more than a copy of another; `stands`:
    an incident can stand on this event alone.
    """

    article: ArticleRecord
    draft: Draft
    event: Event
    traits: Traits
    order: Order
    source: str
    report: Report
    says: dict[Measure, Statement]
    original: bool
    stands: bool


class Read(Struct, frozen=True, gc=False):
    """An event with what is read off it once."""

    event: Event
    traits: Traits
    keys: Keys
    says: dict[Measure, Statement]


def read(article: ArticleRecord, event: Event) -> Read:
    """What the state keeps of an event, ready to be compared and counted."""
    traits = read_traits(event, article.title, article.published_at, article.fingerprint)
    return Read(event, traits, keys_of(traits), statements_of(event, article.title))


def member_of(article: ArticleRecord, draft: Draft, known: Read) -> Member:
    """The member that `draft` of `article` makes."""
    report = Report(
        event_id=known.event.event_id,
        article_id=article.article_id,
        rank=known.event.rank,
        source=article.source,
        url=article.url,
        title=article.title,
        time=article.published_at,
        copy_of=article.copy_of,
    )
    order = order_of(article, known.event.rank)
    return Member(
        article,
        draft,
        known.event,
        known.traits,
        order,
        source_of(article),
        report,
        known.says,
        article.copy_of is None,
        founds(known.event),
    )


def relabelled(member: Member, article: ArticleRecord) -> Member:
    """`member` where its article says the same but is told otherwise what it copies."""
    report = replace(member.report, copy_of=article.copy_of)
    return structs.replace(member, article=article, report=report, original=article.copy_of is None)


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
