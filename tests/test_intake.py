"""What may come in on `articles.v1`, and what is said of the rest."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from schemas.errors import BadMessage
from streams.intake import MAX_TEXT_BYTES, Received, article_key, receive

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def take(value: Any, **more: Any) -> Received:
    raw = value if isinstance(value, bytes) else orjson.dumps(value)
    return receive(raw, received_at=more.pop("received_at", NOW), now=NOW, **more)


@pytest.mark.parametrize(
    ("raw", "stage", "kind", "says"),
    [
        (b"", "decode", "empty", "empty"),
        (b"\xff\xfe", "decode", "encoding", "UTF-8"),
        (b"{not json", "decode", "json", "not JSON"),
        (b"[1, 2]", "decode", "no_object", "list"),
        (b"null", "decode", "no_object", "NoneType"),
        (b'{"title": 7}', "validate", "type", "$.title"),
        (b'{"title": "x", "published_at": 7}', "validate", "type", "$.published_at"),
        (b'{"title": "x", "published_at": "2026-02-30T00:00:00Z"}', "validate", "type", "$.published_at"),
        (b'{"title": "x", "published_at": "0001-01-01T00:00:00+23:00"}', "validate", "date", "published_at"),
        (b'{"title": "x", "published_at": "2036-11-22T00:00:00Z"}', "validate", "future", "2036"),
        (b'{"title": "x", "retracted": "yes"}', "validate", "type", "$.retracted"),
        (b'{"url": "https://example.org/a"}', "validate", "no_text", "`title`"),
        (b'{"title": " ", "body": "\\n"}', "validate", "no_text", "`body`"),
        (b'{"retracted": true, "title": "x"}', "validate", "no_id", "which article"),
        (b'{"title": "\\ud800"}', "decode", "json", "not JSON"),
    ],
)
def test_what_is_wrong_is_named(raw: bytes, stage: str, kind: str, says: str) -> None:
    with pytest.raises(BadMessage) as caught:
        take(raw)
    assert (caught.value.stage, caught.value.kind) == (stage, kind)
    assert says in str(caught.value)


def test_texts_up_to_a_mebibyte_are_read() -> None:
    assert take({"title": "t", "body": "x" * (MAX_TEXT_BYTES - 1)}).article.body
    with pytest.raises(BadMessage, match="bytes"):
        take({"title": "tt", "body": "x" * (MAX_TEXT_BYTES - 1)})


def test_a_date_within_a_day_of_receipt_is_taken() -> None:
    soon = NOW + timedelta(hours=23)
    assert take({"title": "x", "published_at": soon.isoformat()}).article.published_at == soon


def test_without_a_date_the_time_of_receipt_stands_in_but_not_in_a_replay() -> None:
    assert take({"title": "x"}).article.published_at == NOW
    assert take({"title": "x"}, received_at=None).article.published_at is None


def test_the_same_article_received_later_is_the_same() -> None:
    later = NOW + timedelta(hours=1)
    assert take({"title": "x"}).content_hash == take({"title": "x"}, received_at=later).content_hash
    assert take({"title": "x"}).content_hash != take({"title": "y"}).content_hash


def test_ids_come_from_the_url_else_from_the_content() -> None:
    assert article_key({"id": "a", "url": "u"}) == "a"
    assert article_key({"url": "u", "title": "x"}) == article_key({"url": "u", "title": "y"})
    assert article_key({"title": "x"}) != article_key({"title": "y"})
    assert article_key({"title": "x", "extra": 1}) == article_key({"title": "x"})


def test_late_is_judged_by_receipt() -> None:
    old = {"title": "x", "published_at": (NOW - timedelta(days=8)).isoformat()}
    assert take(old, max_age=timedelta(days=7)).late
    assert not take(old, max_age=None).late
    assert not take(old, max_age=timedelta(days=7), received_at=None).late


def test_zones_become_utc_and_unknown_fields_are_ignored() -> None:
    article = take({"title": "x", "published_at": "2026-11-22T10:00:00+02:00", "more": [1]}).article
    assert article.published_at == datetime(2026, 11, 22, 8, tzinfo=UTC)


def test_a_retraction_needs_no_text() -> None:
    received = take({"id": "a", "retracted": True})
    assert received.article.retracted
    assert received.article.text == ""


def test_feeds_that_know_no_publisher_give_no_source() -> None:
    assert take({"title": "x", "source": "Unknown"}).article.source is None
    assert take({"title": "x", "source": "Daily News"}).article.source == "Daily News"
