"""How the consumer group stands, as the broker sees it: who owns what, what is committed, what lies ahead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment
from aiokafka.errors import IncompatibleBrokerVersion, KafkaError

from streams.agents.fetching import ISOLATION


@dataclass(frozen=True, slots=True)
class Standing:
    """One partition: the next offset to read as committed (0 where none was), and its end."""

    committed: int
    end: int

    @property
    def lag(self) -> int:
        """Records that nobody has acknowledged."""
        return max(0, self.end - self.committed)


class Group:
    """Asks the broker about the group `name` and the topics it reads. Every call may raise KafkaError."""

    def __init__(self, name: str, topics: Iterable[str], client: Mapping[str, Any]) -> None:
        self._name = name
        self._topics = tuple(topics)
        self._client = dict(client)
        self._admin: AIOKafkaAdminClient | None = None
        self._consumer: AIOKafkaConsumer | None = None

    async def standings(self) -> dict[TopicPartition, Standing]:
        """Every partition of the group's topics."""
        admin, consumer = await self._clients()
        partitions = [
            TopicPartition(topic, partition)
            for topic in self._topics
            for partition in sorted(consumer.partitions_for_topic(topic) or ())
        ]
        begins = await consumer.beginning_offsets(partitions)
        ends = await consumer.end_offsets(partitions)
        committed = await admin.list_consumer_group_offsets(self._name, partitions=partitions)
        found = {}
        for partition in partitions:
            stored = committed.get(partition)
            offset = stored.offset if stored is not None and stored.offset >= 0 else 0
            found[partition] = Standing(max(offset, begins[partition]), ends[partition])
        return found

    async def unowned(self) -> set[TopicPartition]:
        """The partitions that no member of the group has been given; none where the broker can't say."""
        admin, consumer = await self._clients()
        every = {
            TopicPartition(topic, partition)
            for topic in self._topics
            for partition in consumer.partitions_for_topic(topic) or ()
        }
        owned: set[TopicPartition] = set()
        try:
            responses = await admin.describe_consumer_groups([self._name])
        except IncompatibleBrokerVersion:  # the embedded broker
            return set()
        for response in responses:
            for group in response.groups:
                members = group[5]
                for member in members:
                    owned |= _assigned(member[4])
        return every - owned

    async def close(self) -> None:
        """Close the connections; the next call makes new ones."""
        admin, consumer = self._admin, self._consumer
        self._admin = self._consumer = None
        if consumer is not None:
            await consumer.stop()
        if admin is not None:
            await admin.close()

    async def _clients(self) -> tuple[AIOKafkaAdminClient, AIOKafkaConsumer]:
        if self._admin is None or self._consumer is None:
            consumer = AIOKafkaConsumer(
                *self._topics,
                group_id=None,
                enable_auto_commit=False,
                isolation_level=ISOLATION,
                **self._client,
            )
            admin = AIOKafkaAdminClient(**self._client)
            try:
                await consumer.start()
                await admin.start()
            except (KafkaError, OSError):
                await consumer.stop()
                await admin.close()
                raise
            self._admin, self._consumer = admin, consumer
        return self._admin, self._consumer


def _assigned(encoded: bytes) -> set[TopicPartition]:
    if not encoded:
        return set()
    assignment = ConsumerProtocolMemberAssignment.decode(encoded)
    return {
        TopicPartition(topic, partition) for topic, numbers in assignment.assignment for partition in numbers
    }
