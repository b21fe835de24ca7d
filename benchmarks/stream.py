"""How fast is the stream, next to `extract` alone?  `python -m benchmarks.stream [ARTICLES.jsonl]`

In one run, on a real Apache Kafka that it starts itself, with the same articles and the same number of
language processes:

1. `tocsin extract` on the articles: articles a second;
2. one worker on the same articles, from the first reading to the end of the tracking: articles a second, and
   the ratio;
3. one worker with extraction switched off, on articles of 5 KB: articles a second, and the processor time
   of the worker and of its language process for each article, which other work on the machine moves less;
4. a steady, low rate: the time from an article's record to the record of the alert it causes, p50 and p99;
5. the resident memory of the worker and of each language process after all that.

Without a file it makes articles of its own, one in three with a toll, so many that the broker's start weighs
little. `--only` measures one of the three (`stream`, `bare`, `latency`). Times depend on the machine; the
ratio is what to look at.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import psutil
from confluent_kafka import Consumer, TopicPartition

from streams.brokers.kafka import KafkaNode
from tests.delivery.harness import Bench, Worker, bench
from tests.delivery.news import TOWNS

FILLER = (
    "The council met on the same evening to discuss the budget of the coming year and put off its decision. "
    "Traders said that the price of onions had fallen for a third week, while tomatoes stayed as they were. "
    "The museum on the square opens its new wing soon; the director expects many visitors from abroad. "
)
LATENCY_RATE = 5.0
LATENCY_ARTICLES = 150
BARE_ARTICLES = 20_000
PARTS = ("stream", "bare", "latency")


def articles(count: int, size: int, dated: datetime | None = None) -> Iterator[dict[str, Any]]:
    """`count` articles of about `size` bytes; one in three tells of a toll above every threshold."""
    for number in range(count):
        when = dated or datetime(2025, 11, 1, tzinfo=UTC) + timedelta(minutes=number)
        town = TOWNS[number % len(TOWNS)]
        lead = f"The market in {town} opened as on every day, the mayor said."
        if number % 3 == 0:
            lead = f"At least {30 + number % 60} people were killed in an explosion in {town}, police said."
        body = lead + "\n\n" + FILLER * max(0, (size - len(lead)) // len(FILLER))
        yield {
            "id": f"b{number}",
            "source": f"Paper {number % 7}",
            "title": f"Report {number} from {town}",
            "body": body,
            "published_at": when.isoformat(),
        }


def write(path: Path, found: Iterator[dict[str, Any]]) -> Path:
    path.write_bytes(b"".join(orjson.dumps(article) + b"\n" for article in found))
    return path


def extract_alone(path: Path, count: int, processes: int) -> float:
    """Articles a second of `tocsin extract`, its start (measured on a file of one article) taken off."""
    one = path.with_name("one.jsonl")
    one.write_bytes(path.read_bytes().splitlines()[0] + b"\n")
    seconds = []
    for file in (one, path):
        started = time.monotonic()
        command = [sys.executable, "-m", "streams.cli", "extract", str(file), "--workers", str(processes)]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        seconds.append(time.monotonic() - started)
    return (count - 1) / (seconds[1] - seconds[0])


def stamps(installation: Bench, topic: str, last: int | None = None) -> list[tuple[int, Any]]:
    """Record time (ms) and value of every record of partition 0, or of its `last` ones."""
    consumer = Consumer({"bootstrap.servers": installation.bootstrap, "group.id": "bench"})
    place = TopicPartition(installation.prefix + topic, 0)
    low, high = consumer.get_watermark_offsets(place)
    place.offset = low if last is None else max(low, high - last)
    consumer.assign([place])
    found: list[tuple[int, Any]] = []
    position = place.offset
    while position < high:
        for record in consumer.consume(500, 5):
            found.append((record.timestamp()[1], orjson.loads(record.value() or b"null")))
            position = record.offset() + 1
    consumer.close()
    return found


@dataclass(frozen=True)
class Speed:
    """Articles a second, and milliseconds of processor time for an article: the worker's, its processes'."""

    rate: float
    worker: float
    language: float


@dataclass(frozen=True)
class Spent:
    """What a worker and its language processes have spent, and for how many readings."""

    readings: float
    worker: float
    language: float

    @classmethod
    def by(cls, worker: Worker) -> "Spent":
        """Up to now."""
        readings = next(
            float(line.split()[-1])
            for line in worker.page("/metrics")[1].splitlines()
            if line.startswith("tocsin_readings_total")
        )
        children = sum(_seconds(child) for child in worker.language_processes())
        return cls(readings, _seconds(psutil.Process(worker.process.pid)), children)


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def stream_alone(kafka: str, folder: Path, path: Path, processes: int, **settings: str) -> Speed:
    """How fast one worker is: the articles all wait in the topic when it starts."""
    folder.mkdir()
    environment = {"TOCSIN_PROCESSES": str(processes), **settings}
    with bench(kafka, folder, f"{folder.name}.", settings=environment) as installation:
        installation.tocsin("feed", str(path), check=False)
        worker = installation.worker()
        before = Spent.by(worker)
        while installation.lag():
            assert worker.process.poll() is None, worker.tail()
            time.sleep(1)
        after = Spent.by(worker)
        times = [stamp for stamp, value in stamps(installation, "events.v1") if value["kind"] == "reading"]
        tracked = stamps(installation, "tracker.state.v1", last=1)[0][0]
        seconds = (max(*times, tracked) - min(times)) / 1000
        readings = after.readings - before.readings
        return Speed(
            rate=len(times) / seconds,
            worker=(after.worker - before.worker) / readings * 1000,
            language=(after.language - before.language) / readings * 1000,
        )


def compare(kafka: str, folder: Path, path: Path, processes: int) -> None:
    """`extract` and one worker on the same articles."""
    count = sum(1 for line in path.read_bytes().splitlines() if line.strip())
    alone = extract_alone(path, count, processes)
    print(f"extract alone: {alone:.0f} articles/s on {count} articles")
    streamed = stream_alone(kafka, folder / "stream", path, processes)
    print(f"one worker:    {streamed.rate:.0f} articles/s, ratio {streamed.rate / alone:.2f} (target 0.9)")


def latency(kafka: str, folder: Path) -> None:
    """Alerts at a steady, low rate, and the memory afterwards."""
    folder.mkdir()
    with bench(kafka, folder, f"{folder.name}.", settings={"TOCSIN_MAX_AGE": "7d"}) as installation:
        worker = installation.worker()
        now = datetime.now(UTC) - timedelta(hours=1)
        path = write(folder / "slow.jsonl", articles(LATENCY_ARTICLES, 3000, now))
        installation.tocsin("feed", str(path), "--rate", str(LATENCY_RATE))
        installation.settle(60)
        received = {}
        for _stamp, value in stamps(installation, "events.v1"):
            received[value["article_id"]] = datetime.fromisoformat(value["received_at"]).timestamp() * 1000
        delays = sorted(
            stamp - received[evidence["article_id"]]
            for stamp, alert in stamps(installation, "alerts.casualties.v1")
            if alert["status"] == "open"
            for evidence in alert["evidence"][:1]
        )
        p50, p99 = (delays[int(len(delays) * share)] for share in (0.5, 0.99))
        print(
            f"article's record to alert's record, {len(delays)} alerts at {LATENCY_RATE:g} articles/s: "
            f"p50 {p50:.0f} ms, p99 {p99:.0f} ms"
        )
        for line in worker.page("/metrics")[1].splitlines():
            if line.startswith("tocsin_memory_bytes"):
                process = line.split('"')[1]
                print(f"memory, {process}: {float(line.split()[-1]) / 2**20:.0f} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("articles", nargs="?", type=Path, help="articles to read; default: made up")
    parser.add_argument("--count", type=int, default=9000, help="how many to make up")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", choices=PARTS, help="measure this alone")
    options = parser.parse_args()
    parts = (options.only,) if options.only else PARTS
    with tempfile.TemporaryDirectory() as name, KafkaNode(Path(name) / "kafka") as node:
        folder = Path(name)
        print(f"{options.processes} language processes, {os.cpu_count()} cores")
        if "stream" in parts:
            path = options.articles or write(folder / "articles.jsonl", articles(options.count, 3000))
            compare(node.bootstrap, folder, path, options.processes)
        if "bare" in parts:
            large = write(folder / "large.jsonl", articles(BARE_ARTICLES, 5000))
            bare = stream_alone(node.bootstrap, folder / "bare", large, 1, TOCSIN_EXTRACTION="off")
            print(f"one worker, extraction off, 5 KB articles: {bare.rate:.0f} articles/s (target 3,000)")
            print(
                f"  processor time: {bare.worker:.3f} ms, language process {bare.language:.3f} ms an article"
            )
        if "latency" in parts:
            latency(node.bootstrap, folder / "latency")


if __name__ == "__main__":
    main()
