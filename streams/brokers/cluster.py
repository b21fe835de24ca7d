"""Several local Apache Kafka nodes as one cluster, to see what happens when one of them goes."""

import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from confluent_kafka.admin import AdminClient

from streams.brokers.errors import BrokerError
from streams.brokers.kafka import KafkaNode, free_seats

_ANSWER_SECONDS = 10
_PAUSE_SECONDS = 0.1


class KafkaCluster:
    """`nodes` combined nodes; topics are kept three times and need two copies in sync to take a record.

    Three nodes are up in 5 to 7 seconds and take 200 MB each. Stop, kill and start them one by one through
    `nodes`.
    """

    def __init__(
        self,
        data: Path,
        *,
        nodes: int = 3,
        jars: Path | None = None,
        properties: Mapping[str, str] | None = None,
    ) -> None:
        seats = free_seats(nodes)
        self.nodes = [
            KafkaNode(data / f"node-{seat.id}", jars=jars, properties=properties, seat=seat, seats=seats)
            for seat in seats
        ]
        self.bootstrap = ",".join(node.bootstrap for node in self.nodes)

    def start(self, timeout: float = 120) -> Self:
        """Start all nodes and wait until each serves. Raises as `KafkaNode.start` does."""
        try:
            for node in self.nodes:
                node.launch()
            for node in self.nodes:
                node.wait(timeout)
        except BaseException:
            self.kill()
            raise
        return self

    def stop(self) -> None:
        """End all nodes in order, the last ones at once: alone they have nobody to hand over to."""
        for node in self.nodes[1:]:
            node.stop()
        for node in self.nodes[:1]:
            node.kill()

    def kill(self) -> None:
        """End all nodes at once."""
        for node in self.nodes:
            node.kill()

    def leader(self, topic: str, partition: int = 0) -> KafkaNode:
        """The node that leads `partition` of `topic` now."""
        metadata = self._client().list_topics(topic, timeout=_ANSWER_SECONDS)
        return self._node(metadata.topics[topic].partitions[partition].leader)

    def coordinator(self, group: str) -> KafkaNode:
        """The node that coordinates the consumer group `group` now."""
        client = self._client()  # it must outlive its future, which else is never done
        future = client.describe_consumer_groups([group], request_timeout=_ANSWER_SECONDS)[group]
        return self._node(future.result(2 * _ANSWER_SECONDS).coordinator.id)

    def wait_in_sync(self, timeout: float = 60) -> None:
        """Wait until every partition has all its copies in sync. Raises BrokerError."""
        client, deadline = self._client(), time.monotonic() + timeout
        while time.monotonic() < deadline:
            topics = client.list_topics(timeout=_ANSWER_SECONDS).topics.values()
            if all(len(p.isrs) == len(p.replicas) for t in topics for p in t.partitions.values()):
                return
            time.sleep(_PAUSE_SECONDS)
        raise BrokerError(f"the copies are not in sync after {timeout:g} s")

    def _node(self, number: int) -> KafkaNode:
        return next(node for node in self.nodes if node.seat.id == number)

    def _client(self) -> AdminClient:
        up = ",".join(node.bootstrap for node in self.nodes if node.running)
        return AdminClient({"bootstrap.servers": up, "log_level": 0})

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
