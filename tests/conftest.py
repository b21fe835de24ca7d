"""What the whole suite shares: a real Apache Kafka, fetched and started once for all tests that need it.

Where Kafka can't be had its tests are skipped, and the last lines of the run say so. With `CI` or
`TOCSIN_REQUIRE_KAFKA` in the environment they fail instead.
"""

import os
import uuid
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from streams.brokers import jars
from streams.brokers.cluster import KafkaCluster
from streams.brokers.errors import KafkaUnavailable
from streams.brokers.java import find_java
from streams.brokers.kafka import KafkaNode

WHY_MISSING = pytest.StashKey[str]()


def kafka_required() -> bool:
    return any(os.environ.get(name, "") not in ("", "0", "false") for name in ("CI", "TOCSIN_REQUIRE_KAFKA"))


@pytest.fixture(scope="session")
def kafka_ready(request: pytest.FixtureRequest) -> None:
    """Kafka can be started here: else the test is skipped, or failed where Kafka is required."""
    config = request.config
    if WHY_MISSING not in config.stash:
        try:
            jars.provide()
            find_java()
        except KafkaUnavailable as error:
            config.stash[WHY_MISSING] = str(error)
    if WHY_MISSING in config.stash:
        reason = f"no Apache Kafka: {config.stash[WHY_MISSING]}"
        if kafka_required():
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def kafka(kafka_ready: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The bootstrap address of a node that all tests share; nobody stops it. Use `prefix` for topics."""
    with KafkaNode(tmp_path_factory.mktemp("kafka")) as node:
        yield node.bootstrap


@pytest.fixture
def kafka_node(kafka_ready: None, tmp_path: Path) -> Iterator[KafkaNode]:
    """A running node of the test's own, which it may stop, kill and start."""
    with KafkaNode(tmp_path / "kafka") as node:
        yield node


@pytest.fixture(scope="session")
def _cluster(kafka_ready: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaCluster]:
    with KafkaCluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture
def kafka_cluster(_cluster: KafkaCluster) -> Iterator[KafkaCluster]:
    """Three running nodes; a test may stop and kill them one by one, the next one finds them all again."""
    yield _cluster
    for node in _cluster.nodes:
        if not node.running:
            node.launch()
    for node in _cluster.nodes:
        node.wait()
    _cluster.wait_in_sync()


@pytest.fixture
def prefix() -> str:
    """A topic prefix that no other test has."""
    return f"t{uuid.uuid4().hex[:12]}."


@pytest.hookimpl(wrapper=True, tryfirst=True)  # after all other summaries, where it is not overlooked
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> Generator[None, None, None]:
    yield
    if WHY_MISSING in config.stash:
        terminalreporter.section("Apache Kafka was missing", red=True)
        terminalreporter.line(config.stash[WHY_MISSING])
        terminalreporter.line("What is proved on it was not proved in this run.")
