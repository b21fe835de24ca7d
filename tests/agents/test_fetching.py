"""Records on their way from the consumer to the agents, without a broker.

What is tested here is what Faust's own method would have done: the rules named in `streams.agents.fetching`.
"""

import asyncio
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP
from mode.utils.queues import FlowControlEvent, ThrowableQueue

from streams.agents.fetching import ROOM, BatchConsumer, Fetched, batches

ARTICLES = TP("articles.v1", 0)
OTHER = TP("articles.v1", 1)


class Taken:
    """Stands for Faust's consumer message."""

    def __init__(self, tp: TP, record: Any, generation: int) -> None:
        self.tp, self.topic, self.offset = tp, tp.topic, record.offset
        self.generation_id = generation
        self.tracked = False
        self.refs = 0

    def incref(self, count: int) -> None:
        self.refs += count


class Desk(BatchConsumer):
    """A consumer without a thread or a broker."""

    def __init__(self) -> None:
        flow = FlowControlEvent(initially_suspended=False)
        self.queue = ThrowableQueue[Any](maxsize=1, flow_control=flow, clear_on_resume=True)
        channel = SimpleNamespace(queue=self.queue)
        self.app = SimpleNamespace(
            flow_control=flow,
            consumer_generation_id=1,
            consumer=self,
            topics=SimpleNamespace(_tp_index={ARTICLES: [channel], OTHER: [channel]}),
        )
        self.flow_active = True
        self._read_offset = defaultdict(lambda: None)
        self._committed_offset = defaultdict(lambda: None)
        self._acked = defaultdict(list)
        self._acked_index = defaultdict(set)
        self._gap = defaultdict(list)
        self._skips = {}
        self.gaps: list[tuple[int, int]] = []
        self.followed: list[int] = []

    def _to_message(self, tp: TP, record: Any) -> Any:
        return Taken(tp, record, self.app.consumer_generation_id)

    async def _add_gap(self, _tp: TP, offset_from: int, offset_to: int) -> None:
        self.gaps.append((offset_from, offset_to))
        await asyncio.sleep(0)

    def track_message(self, message: Any) -> None:
        self.followed.append(message.offset)

    @property
    def offsets(self) -> list[int]:
        return [event.message.offset for event in self.queue._queue]  # type: ignore[attr-defined]


def records(*offsets: int, end: int | None = None) -> Fetched:
    found = [SimpleNamespace(offset=offset, key=b"k", value=b"v", headers=[]) for offset in offsets]
    return Fetched(found, offsets[0], offsets[-1] + 1 if end is None else end)


class Stream:
    """Stands for Faust's stream: `events` takes one event, as Faust would."""

    enable_acks = True

    def __init__(self, desk: Desk) -> None:
        self.app = desk.app
        self.channel = SimpleNamespace(queue=desk.queue)

    async def events(self) -> Any:
        while True:
            yield await self.channel.queue.get()


async def test_all_that_a_fetch_brought_is_handed_on_in_order() -> None:
    desk = Desk()
    await desk._hand_over({ARTICLES: records(5, 6, 7), OTHER: records(0, 1)})
    assert desk.offsets == [5, 6, 7, 0, 1]
    assert dict(desk._read_offset) == {ARTICLES: 7, OTHER: 1}
    assert not desk.gaps


async def test_what_was_read_before_is_left_out() -> None:
    desk = Desk()
    desk._read_offset[ARTICLES] = 7
    await desk._hand_over({ARTICLES: records(5, 6, 7, 8)})
    assert desk.offsets == [7, 8]  # 7 is where reading goes on after a seek to the committed offset


@pytest.mark.parametrize("last", [0, 3])
async def test_missing_offsets_are_written_down(last: int) -> None:
    desk = Desk()
    desk._read_offset[ARTICLES] = last
    await desk._hand_over({ARTICLES: records(last + 1, last + 4, last + 5)})
    assert desk.gaps == [(last + 2, last + 4)]
    assert desk.offsets == [last + 1, last + 4, last + 5]


async def test_a_rebalance_that_begins_between_fetch_and_hand_over_keeps_it_all_back() -> None:
    desk = Desk()
    desk._read_offset[ARTICLES] = 0

    async def rebalance(*_arguments: Any) -> None:
        desk.app.consumer_generation_id = 2

    desk._add_gap = rebalance  # type: ignore[method-assign]
    await desk._hand_over({ARTICLES: records(5, 6)})
    assert desk.offsets == []
    assert desk._read_offset[ARTICLES] == 0, "they will be read again"


async def test_nothing_is_handed_on_while_the_flow_is_held_up() -> None:
    desk = Desk()
    desk.app.flow_control.suspend()
    handing = asyncio.create_task(desk._hand_over({ARTICLES: records(1, 2)}))
    await asyncio.sleep(0.01)
    assert desk.offsets == []
    desk.flow_active = False
    desk.app.flow_control.resume()
    await handing
    assert desk.offsets == [], "a rebalance began meanwhile"


async def test_a_full_buffer_is_not_fetched_for() -> None:
    desk = Desk()
    assert desk._has_room(ARTICLES)
    await desk._hand_over({ARTICLES: records(*range(ROOM))})
    assert not desk._has_room(ARTICLES)


async def test_an_agent_takes_what_its_buffer_holds_and_acknowledges_itself() -> None:
    desk = Desk()
    await desk._hand_over({ARTICLES: records(*range(5))})
    stream: Any = Stream(desk)
    taking = batches(stream, 3)
    sizes = [[event.message.offset for event in await anext(taking)] for _ in range(2)]
    assert sizes == [[0, 1, 2], [3, 4]]
    assert desk.followed == [1, 2, 4], "all but the first of a batch, which Faust's stream follows"
    assert stream.enable_acks is False
    await taking.aclose()


async def test_what_is_left_of_an_old_assignment_is_passed_over() -> None:
    desk = Desk()
    await desk._hand_over({ARTICLES: records(1, 2, 3)})
    taking = batches(Stream(desk), 9)  # type: ignore[arg-type]
    desk.queue._queue[1].message.generation_id = 0  # type: ignore[attr-defined]
    assert [event.message.offset for event in await anext(taking)] == [1, 3]
    await taking.aclose()


@pytest.mark.parametrize("before", [0, 5])
async def test_marks_behind_the_last_record_are_committed_with_it(before: int) -> None:
    """Faust would commit up to the record and no further."""
    desk = Desk()
    desk._committed_offset[ARTICLES] = before
    await desk._hand_over({ARTICLES: records(before, before + 1, end=before + 4)})
    assert desk._new_offset(ARTICLES) is None, "nothing is acknowledged yet"
    desk._acked[ARTICLES].append(before)
    assert desk._new_offset(ARTICLES) == before + 1
    desk._committed_offset[ARTICLES] = before + 1
    desk._acked[ARTICLES].append(before + 1)
    assert desk._new_offset(ARTICLES) == before + 4


async def test_marks_that_come_by_themselves_are_committed_when_all_before_them_is() -> None:
    desk = Desk()
    desk._committed_offset[ARTICLES] = 7
    await desk._hand_over({ARTICLES: Fetched((), 7, 8)})
    assert ARTICLES in desk._acked, "a commit looks at it"
    assert desk._new_offset(ARTICLES) == 8
    desk._committed_offset[ARTICLES] = 8
    assert desk._new_offset(ARTICLES) is None


async def test_a_partition_that_begins_with_marks_alone_is_committed() -> None:
    desk = Desk()
    await desk._hand_over({ARTICLES: Fetched((), 0, 2)})
    assert desk._new_offset(ARTICLES) == 2
