"""`tocsin extract` as a user runs it: what it prints where, and what it ends with."""

import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from schemas import encode
from streams.cli import app
from streams.commands.extract import event_lines
from streams.commands.reading import lines
from streams.processes import load_extractor
from streams.reading import read

TOCSIN = [sys.executable, "-m", "streams.cli"]

ARTICLES = [
    {
        "id": "mill",
        "title": "Three die in mill fire",
        "body": "LODZ - A fire at a paper mill killed three people on Tuesday and injured eleven, police "
        "said. The army has sent 40 engineers to shore up the walls.",
        "published_at": "2026-11-17T08:00:00Z",
    },
    {"id": "bridge", "title": "New bridge opens", "body": "The mayor cut a ribbon 40 metres long."},
    {"id": "bus", "title": "Bus crash kills seven near Cusco", "published_at": "2026-11-17T09:00:00Z"},
]


def run(*arguments: str, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    command = [*TOCSIN, "extract", *arguments]
    return subprocess.run(command, input=given, capture_output=True, timeout=120, check=False)


def as_lines(*articles: object) -> bytes:
    return b"".join(json.dumps(article).encode() + b"\n" for article in articles)


@pytest.fixture(scope="module")
def expected() -> bytes:
    """What the pipeline's own functions read in the articles, without processes."""
    extractor = load_extractor()
    now = datetime.now(UTC)
    found = b""
    for line in lines(io.BytesIO(as_lines(*ARTICLES))):
        found += event_lines(encode(read(line.raw, extractor, now=now)))
    return found


def test_events_come_in_the_order_of_articles_and_ranks(tmp_path: Path, expected: bytes) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_bytes(as_lines(*ARTICLES))
    done = run(str(file))
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == expected
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert list(dict.fromkeys(event["article_id"] for event in events)) == ["mill", "bus"]
    ranks = [event["rank"] for event in events if event["article_id"] == "mill"]
    assert ranks == list(range(len(ranks)))


@pytest.mark.parametrize("workers", ["1", "3"])
def test_standard_input_and_any_number_of_workers_give_the_same(workers: str, expected: bytes) -> None:
    done = run("-", "--workers", workers, given=as_lines(*ARTICLES))
    assert (done.returncode, done.stdout, done.stderr) == (0, expected, b"")


def test_bad_lines_are_named_and_the_rest_is_processed(tmp_path: Path, expected: bytes) -> None:
    file = tmp_path / "some.jsonl"
    bad = [b"{cut off\n", b'"a string"\n', b'{"title": 7}\n', b"\xff\xfe\n", b'{"id": "empty"}\n']
    good = as_lines(*ARTICLES).splitlines(keepends=True)
    file.write_bytes(bad[0] + good[0] + bad[1] + b"\n" + good[1] + b"".join(bad[2:]) + good[2])
    done = run(str(file))
    assert done.returncode == 1
    assert done.stdout == expected
    complaints = done.stderr.decode().splitlines()
    assert [line.split(": ")[0] for line in complaints] == [f"{file}:{number}" for number in (1, 3, 6, 7, 8)]
    assert "title" in complaints[2]


@pytest.mark.parametrize(
    "arguments", [(), ("no-such-file.jsonl",), (".",), ("-", "--workers", "0"), ("-", "--wokers", "2")]
)
def test_wrong_use_ends_with_2_and_says_what_is_wrong(arguments: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, ["extract", *arguments])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "extract --help" in done.stderr


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    file.write_bytes(as_lines(*ARTICLES) * 400)
    with subprocess.Popen(
        [*TOCSIN, "extract", str(file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"{")
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


def test_no_articles_give_no_events() -> None:
    done = run("-", given=b"")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
