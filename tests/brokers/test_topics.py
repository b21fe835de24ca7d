"""Topics on real brokers: created as declared, and every way to be otherwise is named."""

from collections.abc import Iterator

import pytest
from aiokafka.errors import KafkaConnectionError
from confluent_kafka.admin import AdminClient, NewTopic

from schemas.topics import Topic, topics
from streams.brokers.clients import client, plainly
from streams.brokers.embedded import EmbeddedBroker
from streams.brokers.errors import BrokerError
from streams.brokers.topics import check, create


@pytest.fixture
def embedded() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker() as broker:
        yield broker


def named(declared: list[Topic]) -> dict[str, Topic]:
    return {topic.declared: topic for topic in declared}


@pytest.mark.kafka
async def test_topics_are_created_as_declared(kafka: str, prefix: str) -> None:
    declared = topics(prefix=prefix, partitions=3)
    before = await check(client(kafka), declared)
    assert [str(difference) for difference in before] == [f"{t.name} is missing" for t in declared]
    assert await create(client(kafka), declared) == declared
    assert await check(client(kafka), declared, advice=True) == []
    assert await create(client(kafka), declared) == []


@pytest.mark.kafka
async def test_what_differs_is_named(kafka: str, prefix: str) -> None:
    declared = named(topics(prefix=prefix))
    wrong = [
        NewTopic(
            declared["articles.v1"].name, 2, config={"max.message.bytes": "1000", "retention.ms": "60000"}
        ),
        NewTopic(declared["incidents.v1"].name, 1, config={"cleanup.policy": "delete"}),
        NewTopic(
            declared["alerts.casualties.v1"].name,
            1,
            config={"cleanup.policy": "delete,compact", "max.message.bytes": "99999999"},
        ),
    ]
    admin = AdminClient({"bootstrap.servers": kafka})
    for future in admin.create_topics(wrong).values():
        future.result(30)
    asked = [declared[name] for name in ("articles.v1", "incidents.v1", "alerts.casualties.v1")]
    await create(client(kafka), asked)  # changes nothing that is there
    assert [str(difference) for difference in await check(client(kafka), asked)] == [
        f"{prefix}articles.v1: partitions is 2, it must be 4",
        f"{prefix}articles.v1: max.message.bytes is 1000, it must be at least 8650752",
        f"{prefix}incidents.v1: cleanup.policy is delete, it must be compact",
    ]
    advised = {str(d) for d in await check(client(kafka), asked, advice=True) if not d.must}
    assert f"{prefix}articles.v1: retention.ms is 60000, it should be 1209600000" in advised


@pytest.mark.kafka
async def test_too_few_replicas_are_advice_and_more_than_the_brokers_are_refused(
    kafka: str, prefix: str
) -> None:
    await create(client(kafka), topics(prefix=prefix)[:1])
    asked = topics(prefix=prefix, replication=2)[:2]
    assert await check(client(kafka), asked[:1]) == []
    advised = await check(client(kafka), asked[:1], advice=True)
    assert [str(d) for d in advised] == [f"{prefix}articles.v1: replication is 1, it should be at least 2"]
    with pytest.raises(BrokerError, match=rf"{prefix}events.v1 could not be created: .*replication"):
        await create(client(kafka), asked)


async def test_the_embedded_broker_has_its_topics_from_whoever_starts_it(embedded: EmbeddedBroker) -> None:
    declared = topics(prefix="p.", partitions=3)
    with pytest.raises(BrokerError, match="creates no topics for others"):
        await create(client(embedded.bootstrap), declared)
    embedded.create_topics({topic.name: topic.partitions for topic in declared})
    assert await create(client(embedded.bootstrap), declared) == []
    assert await check(client(embedded.bootstrap), declared) == []
    wrong = topics(prefix="p.", partitions=5)
    found = [str(difference) for difference in await check(client(embedded.bootstrap), wrong)]
    assert found == ["p.articles.v1: partitions is 3, it must be 5"]


async def test_a_broker_that_is_away_is_named() -> None:
    with pytest.raises(KafkaConnectionError):
        await check(client("127.0.0.1:1"), topics())
    with pytest.raises(BrokerError, match=r"no broker answers at 127\.0\.0\.1:1"), plainly("127.0.0.1:1"):
        await check(client("127.0.0.1:1"), topics())
