"""Real workers, real topics: what the delivery tests stand on.

A `Bench` is one installation on a broker: its topics, its workers (subprocesses), what was fed and what came
out. `verdict()` says whether the promises of the design hold for all of it.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import psutil
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from schemas.codec import decode_record, encode
from schemas.errors import BadMessage
from streams.alerting import default_rules
from streams.pipeline import Pipeline

ROOT = Path(__file__).parents[2]
OUTPUTS = ("incidents.v1", "alerts.casualties.v1", "alerts.deployments.v1")


@dataclass(frozen=True)
class Rec:
    """One record as the broker gave it."""

    key: bytes | None
    value: bytes | None
    headers: dict[str, bytes]
    partition: int
    offset: int

    @property
    def json(self) -> Any:
        return orjson.loads(self.value or b"null")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Worker:
    """One `tocsin worker` process."""

    def __init__(self, environment: dict[str, str], log: Path, command: list[str] | None = None) -> None:
        self.port = free_port()
        self.log = log
        self._command = command or [sys.executable, "-m", "streams.cli", "worker"]
        self._environment = {**environment, "TOCSIN_WEB_PORT": str(self.port)}
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self._command, cwd=ROOT, env={**clean, **self._environment}, stdout=log, stderr=log
            )

    def page(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def wait_ready(self, timeout: float = 60) -> "Worker":
        def up() -> bool:
            assert self.process.poll() is None, f"the worker ended at its start:\n{self.tail()}"
            return self.page("/readyz")[0] == 200

        wait_for(up, timeout, lambda: f"the worker is not ready:\n{self.tail()}")
        return self

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def language_processes(self) -> list[psutil.Process]:
        return [child for child in self.children() if "spawn_main" in " ".join(child.cmdline())]

    def kill(self) -> None:
        """SIGKILL, and then no process of it may be left."""
        children = self.children()
        self.process.kill()
        self.process.wait()
        _gone, alive = psutil.wait_procs(children, timeout=5)
        assert not alive, f"processes outlived their worker: {alive}"

    def terminate(self, timeout: float = 12) -> int:
        """SIGTERM; the exit code. It must be over within ten seconds, with all its processes."""
        children = self.children()
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout)
        assert time.monotonic() - started < 10.5, "SIGTERM took longer than ten seconds"
        _gone, alive = psutil.wait_procs(children, timeout=5)
        assert not alive, f"processes outlived their worker: {alive}"
        return code

    def tail(self, lines: int = 25) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def wait_for(condition: Callable[[], bool], timeout: float, why: Callable[[], str]) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"after {timeout} s: {why()}")
        time.sleep(0.1)


@dataclass
class Bench:
    """One installation. `partitions` of articles.v1; `settings` as TOCSIN_ variables for every worker."""

    bootstrap: str
    folder: Path
    prefix: str
    partitions: int = 4
    settings: dict[str, str] = field(default_factory=dict)
    workers: list[Worker] = field(default_factory=list)
    fed: list[dict[str, Any]] = field(default_factory=list)
    replication: int = 1

    @property
    def app_id(self) -> str:
        return f"{self.prefix}app"

    def environment(self) -> dict[str, str]:
        return {
            "TOCSIN_BROKER": self.bootstrap,
            "TOCSIN_APP_ID": self.app_id,
            "TOCSIN_TOPIC_PREFIX": self.prefix,
            "TOCSIN_PARTITIONS": str(self.partitions),
            "TOCSIN_REPLICATION": str(self.replication),
            "TOCSIN_MAX_AGE": "off",
            "TOCSIN_TICK_AFTER": "off",
            "TOCSIN_SESSION_TIMEOUT": "6s",
            "TOCSIN_PROCESSES": "1",
            **self.settings,
        }

    def tocsin(self, *arguments: str, check: bool = True, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run a command against this installation."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
        done = subprocess.run(
            [sys.executable, "-m", "streams.cli", *arguments],
            cwd=ROOT,
            env={**clean, **self.environment()},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            **more,
        )
        assert not check or done.returncode == 0, (
            f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
        )
        return done

    def delete(self, topic: str) -> str:
        """Delete a topic; its full name."""
        admin = AdminClient({"bootstrap.servers": self.bootstrap})
        name = self.prefix + topic
        admin.delete_topics([name])[name].result(10)
        wait_for(lambda: name not in admin.list_topics(timeout=10).topics, 10, lambda: "not deleted")
        return name

    def make_anew(self, topic: str) -> None:
        """Delete a topic and create it again, empty."""
        self.delete(topic)
        self.tocsin("topics", "create")

    def worker(self, wait: bool = True, command: list[str] | None = None, **settings: str) -> Worker:
        number = len(self.workers)
        environment = {
            **self.environment(),
            **settings,
            "TOCSIN_DATA_DIR": str(self.folder / f"data-{number}"),
        }
        worker = Worker(environment, self.folder / f"worker-{number}.log", command)
        self.workers.append(worker)
        return worker.wait_ready() if wait else worker

    def close(self) -> None:
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.process.kill()
                worker.process.wait()

    def produce(self, topic: str, records: Iterable[tuple[bytes | None, bytes | None]], **more: Any) -> None:
        producer = Producer(
            {
                "bootstrap.servers": self.bootstrap,
                "enable.idempotence": True,
                "message.max.bytes": 16 << 20,
                "linger.ms": 5,
            }
        )
        failed: list[Any] = []
        for key, value in records:
            producer.produce(
                self.prefix + topic,
                key=key,
                value=value,
                on_delivery=lambda error, _message: failed.append(error) if error else None,
                **more,
            )
            producer.poll(0)
        assert producer.flush(60) == 0
        assert not failed, failed

    def feed(self, articles: Iterable[dict[str, Any]]) -> None:
        """Produce articles, keyed by their ids."""
        articles = list(articles)
        self.fed += articles
        self.produce("articles.v1", ((a["id"].encode(), orjson.dumps(a)) for a in articles))

    def records(self, topic: str) -> list[Rec]:
        """All records of a topic, each partition in its order."""
        name = self.prefix + topic
        consumer = Consumer(
            {
                "bootstrap.servers": self.bootstrap,
                "group.id": "nobody",
                "enable.auto.commit": False,
                "fetch.message.max.bytes": 16 << 20,
            }
        )
        found = []
        try:
            partitions = consumer.list_topics(name, timeout=10).topics[name].partitions
            for partition in sorted(partitions):
                low, high = consumer.get_watermark_offsets(TopicPartition(name, partition), timeout=10)
                consumer.assign([TopicPartition(name, partition, low)])
                position = low
                while position < high:
                    message = consumer.poll(10)
                    assert message is not None, f"{name} ended at {position} of {high}"
                    assert message.error() is None, message.error()
                    headers = dict(message.headers() or [])
                    found.append(Rec(message.key(), message.value(), headers, partition, message.offset()))
                    position = message.offset() + 1
        finally:
            consumer.close()
        return found

    def lag(self) -> int:
        """Records of articles.v1 and events.v1 that the group has not committed."""
        every = [TopicPartition(self.prefix + "articles.v1", n) for n in range(self.partitions)]
        every.append(TopicPartition(self.prefix + "events.v1", 0))
        asking = Consumer({"bootstrap.servers": self.bootstrap, "group.id": self.app_id})
        try:
            committed = asking.committed(every, timeout=10)
            ends = [asking.get_watermark_offsets(partition, timeout=10)[1] for partition in every]
        finally:
            asking.close()
        return sum(end - max(0, place.offset) for end, place in zip(ends, committed, strict=True))

    def settle(self, timeout: float = 90) -> None:
        """Wait until nothing is left to do."""
        quiet = 0

        def done() -> bool:
            nonlocal quiet
            quiet = quiet + 1 if self.lag() == 0 else 0
            return quiet >= 3

        wait_for(done, timeout, lambda: f"lag is {self.lag()}; {self.workers[-1].tail()}")

    def verdict(self) -> dict[str, int]:
        """Check every promise on all that is in the topics now; some counts for the test to look at."""
        events = self.records("events.v1")
        readings = [rec for rec in events if rec.json["kind"] == "reading"]
        dead = self.records("articles.v1.dlq")
        told = {rec.json["article_id"] for rec in readings} | {_id(rec.value) for rec in dead}
        lost = [article["id"] for article in self.fed if article["id"] not in told]
        assert not lost, f"{len(lost)} articles were lost: {lost[:5]}"
        by_origin: dict[tuple[int, int], bytes | None] = {}
        for rec in readings:
            origin = (rec.json["origin"]["partition"], rec.json["origin"]["offset"])
            assert by_origin.setdefault(origin, rec.value) == rec.value, "one article, two different readings"
        outputs = self.check_against_replay(events)
        return {
            "readings": len(readings),
            "distinct": len(by_origin),
            "dead": len(dead),
            "alerts": outputs,
        }

    def check_against_replay(self, events: list[Rec]) -> int:
        """The topics hold exactly what the same `events.v1` gives, byte for byte, and end as it ends."""
        expected = replayed(rec.value or b"" for rec in events)
        alerts = 0
        for topic in OUTPUTS:
            want = expected[topic]
            got = self.records(topic)
            by_key: dict[bytes, list[bytes | None]] = {}
            for rec in got:
                by_key.setdefault(rec.key or b"", []).append(rec.value)
            want_by_key: dict[bytes, list[bytes | None]] = {}
            for key, value in want:
                want_by_key.setdefault(key, []).append(value)
            assert by_key.keys() == want_by_key.keys(), f"{topic}: other keys than a replay gives"
            for key, values in want_by_key.items():
                assert without_repeats(by_key[key]) == values, f"{topic} {key!r}: not what a replay gives"
                assert by_key[key][-1] == values[-1], f"{topic} {key!r} ends with an older version"
            if topic.startswith("alerts"):
                alerts += len(want)
        return alerts


def without_repeats(values: list[bytes | None]) -> list[bytes | None]:
    """First appearances, in order: what a consumer that collapses by id and version sees."""
    return list(dict.fromkeys(values))


def replayed(values: Iterable[bytes]) -> dict[str, list[tuple[bytes, bytes | None]]]:
    """What records of `events.v1` come to without a broker: topic → (key, value) in order."""
    pipeline = Pipeline(default_rules())
    found: dict[str, list[tuple[bytes, bytes | None]]] = {topic: [] for topic in OUTPUTS}
    for value in values:
        try:
            outputs = pipeline.apply(decode_record(value))
        except BadMessage:
            continue
        for output in outputs:
            encoded = None if output.message is None else encode(output.message)
            found[f"{output.topic}.v1"].append((output.key.encode(), encoded))
    return found


def _id(value: bytes | None) -> str:
    try:
        return str(orjson.loads(value or b"")["id"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return ""


@contextmanager
def bench(bootstrap: str, folder: Path, prefix: str, **more: Any) -> Iterator[Bench]:
    """An installation with its topics made; its workers end with the block."""
    installation = Bench(bootstrap, folder, prefix, **more)
    installation.tocsin("topics", "create")
    try:
        yield installation
    finally:
        installation.close()
