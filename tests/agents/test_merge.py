"""Partitions in one order."""

import asyncio
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from streams.agents.merge import PATIENCE_SECONDS, TimeMerge


def event(partition: int, timestamp: float, offset: int = 0) -> Any:
    return SimpleNamespace(message=SimpleNamespace(partition=partition, timestamp=timestamp, offset=offset))


def times(events: list[Any]) -> list[float]:
    return [one.message.timestamp for one in events]


async def drained(merge: TimeMerge, count: int) -> list[Any]:
    found: list[Any] = []
    while len(found) < count:
        found += await merge.take(7)
    return found


async def test_a_backlog_of_two_partitions_comes_in_the_order_of_time() -> None:
    merge = TimeMerge(lambda: {0, 1}, now=lambda: 1e6)
    for stamp in (1.0, 3.0, 5.0):
        await merge.put([event(0, stamp)])
    for stamp in (2.0, 4.0):
        await merge.put([event(1, stamp)])
    assert times(await drained(merge, 5)) == [1.0, 2.0, 3.0, 4.0, 5.0]


async def test_an_old_record_waits_a_moment_for_the_other_partitions() -> None:
    merge = TimeMerge(lambda: {0, 1}, now=lambda: 1e6)
    await merge.put([event(0, 5.0)])
    taking = asyncio.create_task(merge.take(9))
    await asyncio.sleep(PATIENCE_SECONDS / 4)
    assert not taking.done()
    await merge.put([event(1, 2.0)])
    assert times(await taking) == [2.0]


async def test_a_partition_that_stays_dry_is_waited_for_once() -> None:
    merge = TimeMerge(lambda: {0, 1}, now=lambda: 1e6)
    for stamp in range(1, 101):
        await merge.put([event(0, float(stamp))])
    loop = asyncio.get_running_loop()
    started = loop.time()
    assert times(await drained(merge, 100)) == [float(stamp) for stamp in range(1, 101)]
    assert loop.time() - started < 3 * PATIENCE_SECONDS


async def test_fresh_news_never_waits() -> None:
    merge = TimeMerge(lambda: {0, 1, 2}, now=lambda: 10.0)
    await merge.put([event(0, 9.5)])
    assert times(await asyncio.wait_for(merge.take(9), PATIENCE_SECONDS / 4)) == [9.5]


async def test_a_full_room_goes_on_though_a_partition_is_dry() -> None:
    merge = TimeMerge(lambda: {0, 1}, size=2, now=lambda: 1e6)
    await merge.put([event(0, 1.0)])
    await merge.put([event(0, 2.0)])
    assert times(await asyncio.wait_for(merge.take(9), PATIENCE_SECONDS / 4)) == [1.0]


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 100)), max_size=40))
def test_nothing_is_lost_and_each_partition_keeps_its_order(stamps: list[tuple[int, float]]) -> None:
    async def run() -> list[Any]:
        merge = TimeMerge(set, now=lambda: 1e6)
        for offset, (partition, stamp) in enumerate(stamps):
            await merge.put([event(partition, stamp, offset)])
        return await drained(merge, len(stamps))

    taken = asyncio.run(run())
    for number in range(4):
        offsets = [one.message.offset for one in taken if one.message.partition == number]
        assert offsets == [offset for offset, (partition, _stamp) in enumerate(stamps) if partition == number]
