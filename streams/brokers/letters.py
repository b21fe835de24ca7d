"""Dead letters: what lies in the dead-letter topics and why, and putting it back where it came from.

A letter that was put back is marked by a record of its own in the dead-letter topic (header `dlq.retried`,
no value), because topics forget nothing by themselves: without the mark every retry would send every letter
again. The mark comes after the record is delivered, so a letter may be sent twice but is never lost.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from schemas.headers import ATTEMPT, ERROR_PREFIX, KIND, RETRIED, STAGE, without_reasons
from streams.brokers.clients import Client
from streams.brokers.publishing import Publisher
from streams.brokers.records import Reader, Record

SUFFIX = ".dlq"


@dataclass(frozen=True, slots=True)
class Letter:
    """One dead letter. `retried`: it was put back, and came again as another letter if it failed again."""

    record: Record
    retried: bool = False

    @property
    def stage(self) -> str:
        """The stage that refused it; `?` in a record that no worker of ours wrote."""
        return self.record.header(STAGE) or "?"

    @property
    def kind(self) -> str:
        """The error in one stable word."""
        return self.record.header(KIND) or "?"

    @property
    def error(self) -> str:
        """The error as a sentence."""
        return self.record.header(f"{ERROR_PREFIX}message") or "no reason is given"

    @property
    def attempt(self) -> int:
        """How often it was refused."""
        return _number(self.record.header(ATTEMPT)) or 1

    @property
    def origin(self) -> tuple[str, int | None, int | None]:
        """Topic, partition and offset that it had. The topic is the one that these dead letters belong to."""
        partition = _number(self.record.header(f"{ERROR_PREFIX}partition"))
        offset = _number(self.record.header(f"{ERROR_PREFIX}offset"))
        return self.record.topic.removesuffix(SUFFIX), partition, offset


async def letters(client: Client, topics: Sequence[str]) -> AsyncIterator[Letter]:
    """The dead letters in `topics` as they are now, those put back included, in the order of each topic.

    Raises BrokerError for a topic that is not there, aiokafka's KafkaError when the broker can't be asked.
    """
    async with Reader(client, topics) as reader:
        retried = {
            (record.topic, record.partition, mark)
            async for record in reader.backlog()
            if (mark := _number(record.header(RETRIED))) is not None
        }
    # A mark comes after its letter, so there is a second reading; letters of 8 MiB are not kept in memory.
    async with Reader(client, topics) as reader:
        async for record in reader.backlog():
            if record.header(RETRIED) is None:
                yield Letter(record, (record.topic, record.partition, record.offset) in retried)


async def put_back(publisher: Publisher, batch: Iterable[Letter]) -> None:
    """Send the original bytes, key and headers to where they came from, and mark the letters.

    Only the count of attempts is added to the headers: so it can be told how often a record failed.
    """
    batch = tuple(batch)
    for letter in batch:
        record = letter.record
        topic, partition, _offset = letter.origin
        headers = (*without_reasons(record.headers), (ATTEMPT, str(letter.attempt).encode()))
        await publisher.send(topic, record.key, record.value, headers, partition)
    await publisher.flush()
    for letter in batch:
        mark = ((RETRIED, str(letter.record.offset).encode()),)
        await publisher.send(letter.record.topic, letter.record.key, None, mark, letter.record.partition)
    await publisher.flush()


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() else None
