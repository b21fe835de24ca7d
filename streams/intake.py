"""A record of `articles.v1` as an Article: who it is, what it says, and whether it can be used.

Whoever writes to the topic may leave out the id, so one is derived here; everything else that is wrong is
said by a `BadMessage` that names the field. Nothing here reads the clock: the time of receipt is an argument.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeGuard

import orjson

from schemas.articles import Article
from schemas.codec import convert, parse, utc
from schemas.errors import BadMessage

MAX_TEXT_BYTES = 1 << 20
"""Title and body together, in UTF-8: longer is no news article."""

MAX_AHEAD = timedelta(days=1)
"""An article dated further ahead of its receipt than time zones explain has a wrong date."""

UNKNOWN_SOURCES = frozenset({"", "none", "null", "unknown"})
"""What feeds write where they know no publisher; two of them are not the same source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Incoming:
    """The record as it may come; every field but the text may be missing or null."""

    id: str | None = None
    url: str | None = None
    source: str | None = None
    title: str | None = None
    body: str | None = None
    published_at: datetime | None = None
    language: str | None = None
    retracted: bool | None = None
    schema_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An article, the hash of what its publisher sent, and when it came.

    `published_at` of the article is the publisher's or, failing that, the time of receipt; the hash knows
    only the publisher's, so that the same article sent again later is the same.
    """

    article: Article
    content_hash: str
    received_at: datetime | None
    late: bool


def article_key(value: dict[str, Any]) -> str:
    """The id of an article: its own, else one derived from `url`, else from the content.

    >>> article_key({"url": "example.org/a"}) == article_key({"url": "example.org/a", "id": ""})
    True
    """
    own, url = value.get("id"), value.get("url")
    if _filled(own):
        return own
    if _filled(url):
        return "url-" + _digest(url)
    content = [value.get(name) for name in ("source", "title", "body", "published_at")]
    return "text-" + _digest(orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS).decode())


def receive(
    raw: bytes, *, received_at: datetime | None, now: datetime, max_age: timedelta | None = None
) -> Received:
    """Check one record of `articles.v1`.

    `received_at` is the record's timestamp, or None in a replay, where `now` says what lies in the future.
    An article older than `max_age` when received is `late`. Raises BadMessage.
    """
    value = parse(raw)
    incoming = convert(_Incoming, value, "article")
    title = incoming.title if _has_text(incoming.title) else None
    body = incoming.body if _has_text(incoming.body) else None
    if title is None and body is None and not incoming.retracted:
        raise BadMessage(
            "neither `title` nor `body` holds text; at least one must", stage="validate", kind="no_text"
        )
    size = sum(len(part.encode()) for part in (title, body) if part)
    if size > MAX_TEXT_BYTES:
        raise BadMessage(
            f"`title` and `body` hold {size} bytes; texts up to {MAX_TEXT_BYTES} are read",
            stage="validate",
            kind="too_long",
        )
    if incoming.retracted and not (_filled(incoming.id) or _filled(incoming.url)):
        raise BadMessage(
            "`retracted` without `id` or `url`: which article is withdrawn?", stage="validate", kind="no_id"
        )
    published_at = _as_utc(incoming.published_at)
    _refuse_future(published_at, received_at or now)
    article = Article(
        id=article_key(value),
        url=incoming.url or None,
        source=_known_source(incoming.source),
        title=title,
        body=body,
        published_at=published_at,
        language=(incoming.language or "en").lower(),
        retracted=bool(incoming.retracted),
    )
    content_hash = _digest(orjson.dumps(article, option=orjson.OPT_UTC_Z).decode())
    if published_at is None and received_at is not None:
        article = replace(article, published_at=received_at)
    late = bool(max_age and received_at and published_at and received_at - published_at > max_age)
    return Received(article=article, content_hash=content_hash, received_at=received_at, late=late)


def _as_utc(moment: datetime | None) -> datetime | None:
    """`moment` in UTC. RFC 3339 allows years whose UTC day no calendar has: they are refused."""
    if moment is None:
        return None
    try:
        return utc(moment)
    except OverflowError as error:
        raise BadMessage(
            f"`published_at` is {moment.isoformat()}, which is no day in UTC", stage="validate", kind="date"
        ) from error


def _refuse_future(published_at: datetime | None, by: datetime) -> None:
    if published_at is not None and published_at > by + MAX_AHEAD:
        raise BadMessage(
            f"`published_at` is {published_at.isoformat()}, more than a day after the article was received"
            f" ({by.astimezone(UTC).isoformat()})",
            stage="validate",
            kind="future",
        )


def _known_source(source: str | None) -> str | None:
    return None if source is None or source.strip().lower() in UNKNOWN_SOURCES else source


def _filled(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value)


def _has_text(value: str | None) -> bool:
    return bool(value) and not str(value).isspace()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
