"""Installations on the Kafka that all tests share, and on one of the test's own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from streams.brokers.kafka import KafkaNode
from tests.delivery.harness import Bench, bench


@pytest.fixture
def installation(kafka: str, tmp_path: Path, prefix: str) -> Iterator[Callable[..., Bench]]:
    """Makes an installation on the shared Kafka; `partitions` and `settings` as in Bench."""
    with ExitStack() as stack:
        yield lambda **more: stack.enter_context(bench(kafka, tmp_path, prefix, **more))


@pytest.fixture
def own_kafka(kafka_node: KafkaNode, tmp_path: Path, prefix: str) -> Iterator[tuple[KafkaNode, Bench]]:
    """An installation on a Kafka that the test may stop and kill."""
    with bench(kafka_node.bootstrap, tmp_path, prefix) as made:
        yield kafka_node, made


def pytest_collection_modifyitems(items: list[Any]) -> None:
    for item in items:
        if "tests/delivery" in str(item.path) and item.get_closest_marker("light") is None:
            item.add_marker(pytest.mark.kafka)
