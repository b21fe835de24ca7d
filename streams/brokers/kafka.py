"""A local Apache Kafka: real nodes on 127.0.0.1 for tests, benchmarks and `tocsin demo --kafka`.

One node is up in 2 to 3 seconds and takes 200 MB. It ends with the process that started it (on Linux with the
thread: start it from one that lives on), keeps its data and its ports over `stop`, `kill` and `start`, and
its log is `kafka.log` in its data folder.

The properties here make a small node that starts, fails over and returns fast. They are no advice for earnest
operation.
"""

import random
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from streams.brokers import jars
from streams.brokers.errors import BrokerError
from streams.brokers.java import find_java
from streams.brokers.tether import tethered

_HOST = "127.0.0.1"
_CLUSTER_ID = "VG9jc2luLUthZmthLTQuNA"
# Below the ports that systems hand out by themselves, so that nobody takes a stopped node's port.
_PORTS = range(20_000, 32_000)
_JVM = ("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Dlog4j2.level=WARN")
_PROTOCOLS = "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL"
_FORMAT_SECONDS = 60
_PROBE_SECONDS = 1.0
_PAUSE_SECONDS = 0.1
_TAIL_LINES = 15


@dataclass(frozen=True, slots=True)
class Seat:
    """A node's place in its cluster: its id and its two ports on 127.0.0.1."""

    id: int
    port: int
    controller_port: int


class KafkaNode:
    """One combined broker and controller (KRaft).

    `data` is its folder, made when missing. `jars` is where Kafka's jars are kept (default:
    `~/.cache/tocsin/…`). `properties` go over those that it is given here; `format_options` go to Kafka's
    `StorageTool format` (users are made there). `seats` are all members of its cluster and `seat` is its own;
    without them it is alone.

    >>> with KafkaNode(Path("/tmp/kafka")) as node:     # doctest: +SKIP
    ...     print(node.bootstrap)
    """

    def __init__(
        self,
        data: Path,
        *,
        jars: Path | None = None,
        properties: Mapping[str, str] | None = None,
        format_options: Sequence[str] = (),
        seat: Seat | None = None,
        seats: Sequence[Seat] = (),
    ) -> None:
        self.seat = seat or free_seats(1)[0]
        self.data = data
        self.bootstrap = f"{_HOST}:{self.seat.port}"
        self._jars = jars
        self._seats = seats or [self.seat]
        self._properties = dict(properties or {})
        self._format_options = format_options
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The Java process's id; None when the node is not running."""
        return self._process.pid if self.running and self._process else None

    @property
    def running(self) -> bool:
        """Whether the process is there (it may not be ready yet)."""
        return self._process is not None and self._process.poll() is None

    def start(self, timeout: float = 60) -> Self:
        """Start the node, or start it again, and wait until it serves.

        Raises KafkaUnavailable where Kafka can't be had, BrokerError with the log's last lines when the node
        does not come up within `timeout` seconds.
        """
        self.launch()
        try:
            self.wait(timeout)
        except BaseException:
            self.kill()
            raise
        return self

    def launch(self) -> None:
        """Start the process without waiting for it; `wait` does that. Raises as `start` does."""
        if self.running:
            raise BrokerError(f"the Kafka node on {self.bootstrap} is running already")
        self.data.mkdir(parents=True, exist_ok=True)
        settings = self.data / "server.properties"
        settings.write_text("".join(f"{k}={v}\n" for k, v in self._settings().items()), "utf-8")
        classpath = ":".join(map(str, jars.provide(self._jars)))
        java: list[str | Path] = [find_java(), *_JVM, "-cp", classpath]
        if not (self.data / "log" / "meta.properties").exists():
            tool = [*java, "kafka.tools.StorageTool", "format", "-t", _CLUSTER_ID, "-c", settings]
            self._format([*tool, *self._format_options])
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                tethered([*java, "kafka.Kafka", settings]),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for whoever runs us; we end the broker last
            )

    def wait(self, timeout: float = 60) -> None:
        """Wait until the node serves and its cluster knows it. Raises BrokerError after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        client = self._client()
        while time.monotonic() < deadline:
            if not self.running:
                raise BrokerError(f"the Kafka node on {self.bootstrap} ended at its start{self._tail()}")
            try:
                if self.seat.id in client.list_topics(timeout=_PROBE_SECONDS).brokers:
                    return
            except KafkaException:  # not yet
                pass
            time.sleep(_PAUSE_SECONDS)
        raise BrokerError(
            f"the Kafka node on {self.bootstrap} does not answer after {timeout:g} s{self._tail()}"
        )

    def stop(self, timeout: float = 30) -> None:
        """End the node in order (SIGTERM); after `timeout` seconds kill it. Data and ports stay."""
        self._end(signal.SIGTERM, timeout)

    def kill(self) -> None:
        """End the node at once (SIGKILL), as a power cut would. Data and ports stay."""
        self._end(signal.SIGKILL, 30)

    @property
    def log(self) -> Path:
        """The node's log file."""
        return self.data / "kafka.log"

    def _end(self, sign: signal.Signals, timeout: float) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(sign)
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _format(self, command: Sequence[str | Path]) -> None:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_FORMAT_SECONDS, check=False)
        if done.returncode:
            raise BrokerError(
                f"{self.data / 'log'} can't be made ready for Kafka: {done.stdout}{done.stderr}"
            )

    def _client(self) -> AdminClient:
        return AdminClient(
            {"bootstrap.servers": self.bootstrap, "log_level": 0, "reconnect.backoff.max.ms": 200}
        )

    def _settings(self) -> dict[str, str]:
        copies = min(3, len(self._seats))
        safe = str(max(1, copies - 1))
        return {
            "process.roles": "broker,controller",
            "node.id": str(self.seat.id),
            "listeners": f"PLAINTEXT://{self.bootstrap},CONTROLLER://{_HOST}:{self.seat.controller_port}",
            "advertised.listeners": f"PLAINTEXT://{self.bootstrap}",
            "listener.security.protocol.map": _PROTOCOLS,
            "inter.broker.listener.name": "PLAINTEXT",
            "controller.listener.names": "CONTROLLER",
            "controller.quorum.voters": ",".join(f"{s.id}@{_HOST}:{s.controller_port}" for s in self._seats),
            "log.dirs": str(self.data / "log"),
            "auto.create.topics.enable": "false",
            "default.replication.factor": str(copies),
            "min.insync.replicas": safe,
            "offsets.topic.replication.factor": str(copies),
            "offsets.topic.num.partitions": "4",
            "transaction.state.log.replication.factor": str(copies),
            "transaction.state.log.min.isr": safe,
            "share.coordinator.state.topic.replication.factor": str(copies),
            "share.coordinator.state.topic.min.isr": safe,
            "message.max.bytes": str(16 * 2**20),
            "log.cleaner.dedupe.buffer.size": str(16 * 2**20),  # for all the keys there may be, not 128 MB
            "num.io.threads": "4",
            "background.threads": "2",
            "group.initial.rebalance.delay.ms": "0",
            "group.min.session.timeout.ms": "1000",
            "broker.session.timeout.ms": "3000",
            "broker.heartbeat.interval.ms": "300",
            **self._properties,
        }

    def _tail(self) -> str:
        lines = self.log.read_text("utf-8", "replace").splitlines() if self.log.exists() else []
        return "; its log ends:\n" + "\n".join(lines[-_TAIL_LINES:]) if lines else "; its log is empty"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def free_seats(count: int) -> list[Seat]:
    """`count` places with ids from 1 and ports that are free now."""
    ports: list[int] = []
    for port in random.sample(_PORTS, len(_PORTS)):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((_HOST, port))
            except OSError:
                continue
        ports.append(port)
        if len(ports) == 2 * count:
            return [Seat(n + 1, ports[2 * n], ports[2 * n + 1]) for n in range(count)]
    raise BrokerError(f"no {2 * count} free ports from {_PORTS.start} to {_PORTS.stop} on {_HOST}")
