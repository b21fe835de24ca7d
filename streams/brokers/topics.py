"""The topics on a broker: create them, and say where they are not as declared."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import IncompatibleBrokerVersion, TopicAlreadyExistsError, for_code

from schemas.topics import Topic
from streams.brokers.clients import Client
from streams.brokers.errors import BrokerError

_APPEAR_SECONDS = 30.0
_PAUSE_SECONDS = 0.1
_AT_LEAST = frozenset({"max.message.bytes"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which a topic is not as declared.

    `what` is `missing`, `partitions`, `replication` or one of Kafka's topic settings. `must` says whether a
    worker cannot run with it; the rest is the operator's to choose.
    """

    topic: str
    what: str
    found: str
    wanted: str
    must: bool = True

    def __str__(self) -> str:
        if self.what == "missing":
            return f"{self.topic} is missing"
        verb = "must" if self.must else "should"
        least = "at least " if self.what in {*_AT_LEAST, "replication"} else ""
        return f"{self.topic}: {self.what} is {self.found}, it {verb} be {least}{self.wanted}"


async def check(client: Client, topics: Sequence[Topic], *, advice: bool = False) -> list[Difference]:
    """Where `topics` are not as declared; with `advice` also where an operator chose otherwise.

    The embedded broker tells no settings; there they are passed over. Raises aiokafka's KafkaError when the
    broker can't be asked.
    """
    async with _admin(client) as admin:
        found = await _partitions(admin)
        there = [topic for topic in topics if topic.name in found]
        configs = await _configs(admin, [topic.name for topic in there])
    differences = [
        Difference(topic.name, "missing", "missing", "there") for topic in topics if topic.name not in found
    ]
    for topic in there:
        differences.extend(_sizes(topic, found[topic.name]))
        if topic.name in configs:
            differences.extend(_settings(topic, configs[topic.name]))
    return [difference for difference in differences if difference.must or advice]


async def create(client: Client, topics: Iterable[Topic]) -> list[Topic]:
    """Create those of `topics` that are missing and wait until they can be used; returns them.

    What is there stays as it is (`check` says what differs). Raises BrokerError for a topic that the broker
    refuses, aiokafka's KafkaError when the broker can't be asked.
    """
    async with _admin(client) as admin:
        there = await _partitions(admin)
        missing = [topic for topic in topics if topic.name not in there]
        if not missing:
            return []
        try:
            answer = await admin.create_topics([_request(topic) for topic in missing])
        except (IncompatibleBrokerVersion, AttributeError) as error:  # aiokafka finds no controller there
            raise BrokerError(
                "this broker creates no topics for others; whoever started it must do it"
            ) from error
        for name, code, *message in answer.topic_errors:
            problem = for_code(code)
            if code and problem is not TopicAlreadyExistsError:
                said = next((text for text in message if text), problem.__name__)
                raise BrokerError(f"{name} could not be created: {said}")
        await _appear(admin, {topic.name for topic in missing})
        return missing


async def partitions(client: Client) -> dict[str, int]:
    """How many partitions each topic of the broker has. Raises aiokafka's KafkaError."""
    async with _admin(client) as admin:
        return {name: len(found) for name, found in (await _partitions(admin)).items()}


@asynccontextmanager
async def _admin(client: Client) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(**client)
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()


async def _partitions(admin: AIOKafkaAdminClient) -> dict[str, list[dict[str, Any]]]:
    # All topics, never by name: the embedded broker makes a topic that it is asked about.
    return {topic["topic"]: topic["partitions"] for topic in await admin.describe_topics()}


async def _appear(admin: AIOKafkaAdminClient, names: set[str]) -> None:
    """Wait until every partition has a leader: a topic just created is not yet to be written to."""
    async with asyncio.timeout(_APPEAR_SECONDS):
        while True:
            found = await _partitions(admin)
            if all(found.get(name) and all(p["leader"] >= 0 for p in found[name]) for name in names):
                return
            await asyncio.sleep(_PAUSE_SECONDS)


async def _configs(admin: AIOKafkaAdminClient, names: Sequence[str]) -> dict[str, dict[str, str]]:
    if not names:
        return {}
    asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    try:
        answers = await admin.describe_configs(asked)
    except IncompatibleBrokerVersion:  # the embedded broker
        return {}
    found = {}
    for answer in answers:
        for code, message, _kind, name, entries in answer.resources:
            if code:  # we may not ask, say: no settings are not wrong settings
                raise for_code(code)(f"{name}: {message or for_code(code).__name__}")
            found[name] = {entry[0]: entry[1] for entry in entries}
    return found


def _request(topic: Topic) -> NewTopic:
    return NewTopic(topic.name, topic.partitions, topic.replication, topic_configs=topic.config)


def _sizes(topic: Topic, partitions: Sequence[Mapping[str, Any]]) -> Iterator[Difference]:
    if len(partitions) != topic.partitions:
        yield Difference(topic.name, "partitions", str(len(partitions)), str(topic.partitions))
    copies = min((len(partition["replicas"]) for partition in partitions), default=0)
    if copies < topic.replication:
        yield Difference(topic.name, "replication", str(copies), str(topic.replication), must=False)


def _settings(topic: Topic, found: Mapping[str, str]) -> Iterator[Difference]:
    for key, wanted in topic.must.items():
        if not _holds(key, found.get(key, ""), wanted):
            yield Difference(topic.name, key, found.get(key, "not set"), wanted)
    for key, wanted in topic.advice.items():
        if found.get(key) != wanted:
            yield Difference(topic.name, key, found.get(key, "not set"), wanted, must=False)


def _holds(key: str, found: str, wanted: str) -> bool:
    if key in _AT_LEAST:
        return found.isdigit() and int(found) >= int(wanted)
    return sorted(found.split(",")) == sorted(wanted.split(","))
