"""Lines through the language processes: order, bounded look-ahead, and faults that cost only their line."""

import io
import json
import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from schemas import Article, BadMessage, Event
from streams.commands.reading import AHEAD, Line, lines, read_all
from streams.reading import Extract

NOW = datetime(2026, 11, 18, tzinfo=UTC)


def moody(article: Article, _content_hash: str) -> tuple[tuple[Event, ...], str | None]:
    """An extractor that does what an article's title says."""
    if article.title == "raise":
        raise ValueError("no such word")
    if article.title == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if article.title == "hang":
        time.sleep(600)
    if article.title == "slow":
        time.sleep(0.05)
    return (), None


def make_moody() -> Extract:
    return moody


def make_broken() -> Extract:
    raise OSError("the data is gone")


def stream(*titles: str) -> io.BytesIO:
    articles = ({"id": f"a{number}", "title": title} for number, title in enumerate(titles))
    return io.BytesIO(b"".join(json.dumps(article).encode() + b"\n" for article in articles))


def results(source: io.BytesIO, **options: Any) -> list[str | BadMessage]:
    outcomes = read_all(lines(source), now=NOW, extraction=f"{__name__}:make_moody", **options)
    return [
        o.result if isinstance(o.result, BadMessage) else orjson.loads(o.result)["article_id"]
        for o in outcomes
    ]


def test_lines_are_numbered_as_an_editor_numbers_them() -> None:
    found = list(lines(io.BytesIO(b'{"a": 1}\n\n  \r\n{"b": 2}\r\n{"c": 3}')))
    assert found == [Line(1, b'{"a": 1}', 9), Line(4, b'{"b": 2}', 24), Line(5, b'{"c": 3}', 32)]


def test_results_come_in_the_order_of_the_lines() -> None:
    titles = ["slow" if number % 3 == 0 else "quick" for number in range(40)]
    assert results(stream(*titles), workers=2) == [f"a{number}" for number in range(40)]


@pytest.mark.parametrize(
    ("title", "kind", "words"),
    [
        ("raise", "exception", "ValueError: no such word"),
        ("die", "crash", "died"),
        ("hang", "timeout", "longer than 3 s"),
        ("", "no_text", "at least one must"),
    ],
)
def test_a_bad_line_costs_itself_alone(title: str, kind: str, words: str) -> None:
    found = results(stream("fine", title, "fine", "fine", "fine"), workers=2, limit=3)
    error = found.pop(1)
    assert found == ["a0", "a2", "a3", "a4"]
    assert isinstance(error, BadMessage)
    assert error.kind == kind
    assert words in str(error)


def test_only_so_many_lines_are_taken_ahead() -> None:
    taken = 0

    def endless() -> Iterator[Line]:
        nonlocal taken
        while True:
            taken += 1
            yield Line(taken, b'{"title": "quick"}', 0)

    outcomes = read_all(endless(), now=NOW, workers=1, extraction=f"{__name__}:make_moody")
    for expected in range(1, 50):
        assert next(outcomes).line.number == expected
        assert taken - expected < AHEAD
    outcomes.close()


def test_processes_that_cannot_start_are_an_error_and_no_endless_wait() -> None:
    with pytest.raises(RuntimeError):
        list(read_all(lines(stream("fine")), now=NOW, workers=1, extraction=f"{__name__}:make_broken"))
