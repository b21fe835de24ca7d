"""librdkafka's in-memory broker, for trying Tocsin out: nothing to install, up at once, gone when it ends.

It is a real broker to every client, with groups, offsets and rebalances, but it is no place for earnest use:

- it forgets everything when it ends;
- **each partition keeps its last 5 MB or 100,000 records and drops what is older, read or not**;
- it has no topic settings, no compaction, no transactions, no fencing.

The broker comes with the `confluent-kafka` wheel and is reached through librdkafka's C interface, because
only there a topic can be given its number of partitions. A topic that a client asks for by name comes into
being with 4.
"""

import ctypes
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self

from confluent_kafka import cimpl

from streams.brokers.errors import BrokerError
from streams.brokers.tether import tethered

_PRODUCER = 0
_ALREADY_EXISTS = 36
_START_SECONDS = 30.0
_STOP_SECONDS = 5.0


class EmbeddedBroker:
    """An in-memory broker inside this process, from `start` to `stop`.

    >>> with EmbeddedBroker({"articles.v1": 4, "events.v1": 1}) as broker:
    ...     broker.bootstrap.split(":")[0]
    '127.0.0.1'
    """

    def __init__(self, topics: Mapping[str, int] | None = None, *, brokers: int = 1) -> None:
        self._topics = dict(topics or {})
        self._brokers = brokers
        self._library: ctypes.CDLL | None = None
        self._client: int | None = None
        self._cluster: int | None = None
        self.bootstrap = ""

    def start(self) -> Self:
        """Bring the broker up and make its topics. Raises BrokerError."""
        self._library = library = _librdkafka()
        problem = ctypes.create_string_buffer(512)
        settings = library.rd_kafka_conf_new()
        # The client that carries the broker has no broker of its own to talk to, and would say so.
        library.rd_kafka_conf_set(settings, b"log_level", b"0", problem, len(problem))
        self._client = library.rd_kafka_new(_PRODUCER, settings, problem, len(problem))
        if not self._client:
            raise BrokerError(f"the embedded broker did not start: {problem.value.decode()}")
        self._cluster = library.rd_kafka_mock_cluster_new(self._client, self._brokers)
        if not self._cluster:
            self.stop()
            raise BrokerError("the embedded broker did not start: no free port on 127.0.0.1?")
        self.bootstrap = library.rd_kafka_mock_cluster_bootstraps(self._cluster).decode()
        self.create_topics(self._topics)
        return self

    def create_topics(self, topics: Mapping[str, int]) -> None:
        """Make sure that `topics` (partitions by name) exist. One that is there stays as it is."""
        if self._library is None or self._cluster is None:
            raise BrokerError("the embedded broker is not running")
        for name, partitions in topics.items():
            if partitions < 1:  # librdkafka would make a topic that nobody can write to
                raise BrokerError(f"topic {name} needs at least 1 partition, not {partitions}")
            code = self._library.rd_kafka_mock_topic_create(
                self._cluster, name.encode(), partitions, self._brokers
            )
            if code not in (0, _ALREADY_EXISTS):
                why = self._library.rd_kafka_err2str(code).decode()
                raise BrokerError(f"the embedded broker could not create topic {name}: {why}")

    def stop(self) -> None:
        """Take the broker down, with everything in it. Does nothing when it is not running."""
        if self._library is not None:
            if self._cluster:
                self._library.rd_kafka_mock_cluster_destroy(self._cluster)
            if self._client:
                self._library.rd_kafka_destroy(self._client)
        self._library = self._cluster = self._client = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class EmbeddedBrokerProcess:
    """The same broker in a process of its own, so that it does not share this one's interpreter.

    It ends with this process, and with the `with` block.
    """

    def __init__(self, topics: Mapping[str, int] | None = None, *, brokers: int = 1) -> None:
        self._topics = dict(topics or {})
        self._brokers = brokers
        self._process: subprocess.Popen[str] | None = None
        self.bootstrap = ""

    @property
    def pid(self) -> int | None:
        """The process's id, None when it is not running."""
        return self._process.pid if self._process else None

    def start(self) -> Self:
        """Start the process and make its topics. Raises BrokerError."""
        self._process = subprocess.Popen(
            tethered([sys.executable, "-m", __name__, str(self._brokers)]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is for whoever runs us; we end the broker last
        )
        self.bootstrap = self._answer()
        self.create_topics(self._topics)
        return self

    def create_topics(self, topics: Mapping[str, int]) -> None:
        """Make sure that `topics` (partitions by name) exist. One that is there stays as it is."""
        if self._process is None or self._process.stdin is None:
            raise BrokerError("the embedded broker is not running")
        for name, partitions in topics.items():
            with suppress(OSError):  # it has ended: the missing answer says so
                print(name, partitions, file=self._process.stdin, flush=True)
            self._answer()

    def stop(self) -> None:
        """End the process. Does nothing when it is not running."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()  # the end of its input is its sign to end
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _answer(self) -> str:
        process = self._process
        line = process.stdout.readline() if process is not None and process.stdout is not None else ""
        word, _, rest = line.strip().partition(" ")
        if word == "ok":
            return rest
        self.stop()
        raise BrokerError(rest or "the embedded broker ended before it was ready")

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _librdkafka() -> ctypes.CDLL:
    # The extension is linked against the wheel's own librdkafka, so its handle finds those symbols too.
    library = ctypes.CDLL(cimpl.__file__)
    pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    signatures: dict[str, tuple[object, list[object]]] = {
        "rd_kafka_conf_new": (pointer, []),
        "rd_kafka_conf_set": (number, [pointer, text, text, text, ctypes.c_size_t]),
        "rd_kafka_new": (pointer, [number, pointer, text, ctypes.c_size_t]),
        "rd_kafka_destroy": (None, [pointer]),
        "rd_kafka_err2str": (text, [number]),
        "rd_kafka_mock_cluster_new": (pointer, [pointer, number]),
        "rd_kafka_mock_cluster_destroy": (None, [pointer]),
        "rd_kafka_mock_cluster_bootstraps": (text, [pointer]),
        "rd_kafka_mock_topic_create": (number, [pointer, text, number, number]),
    }
    for name, (result, arguments) in signatures.items():
        try:
            function = getattr(library, name)
        except AttributeError as error:
            raise BrokerError(
                f"this build of confluent-kafka has no embedded broker ({name} is missing); "
                "use Apache Kafka, or a wheel from PyPI"
            ) from error
        function.restype, function.argtypes = result, arguments
    return library


def _serve(brokers: int) -> None:
    """Answer one line of standard input after the other: `NAME PARTITIONS` makes a topic."""
    try:
        with EmbeddedBroker(brokers=brokers) as broker:
            print("ok", broker.bootstrap, flush=True)  # noqa: T201
            for line in sys.stdin:
                name, partitions = line.split()
                broker.create_topics({name: int(partitions)})
                print("ok", flush=True)  # noqa: T201
    except BrokerError as error:
        print("error", error, flush=True)  # noqa: T201


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
