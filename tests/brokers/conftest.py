"""Installations on both brokers, for the commands that talk to one."""

from collections.abc import Iterator

import pytest

from schemas.topics import topics
from streams.brokers.embedded import EmbeddedBroker
from tests.brokers.installations import Installation


@pytest.fixture(params=["embedded", pytest.param("kafka", marks=pytest.mark.kafka)])
def installation(request: pytest.FixtureRequest, prefix: str) -> Iterator[Installation]:
    if request.param == "embedded":
        sizes = {topic.name: topic.partitions for topic in topics(prefix=prefix)}
        with EmbeddedBroker(sizes) as broker:
            yield Installation(broker.bootstrap, prefix)
    else:
        made = Installation(request.getfixturevalue("kafka"), prefix)
        assert made.tocsin("topics", "create").exit_code == 0
        yield made
