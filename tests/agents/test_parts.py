"""The small parts beside the agents, each without a broker."""

import asyncio
import logging
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codec import decode
from schemas.errors import BadMessage
from schemas.events import Origin, Reading
from schemas.headers import dead_letter_headers
from streams.agents import fatal
from streams.agents.dead_letters import SETTLED, Budget
from streams.agents.delivery import Message
from streams.agents.logs import RateLimit
from streams.agents.pulse import Pulse
from streams.agents.state import Step
from streams.agents.web import Pages
from streams.pool import ExtractionPool
from streams.processes import Done, Job

NOW = datetime(2026, 11, 22, tzinfo=UTC).timestamp()


class Ended(Exception):
    """Stands for the end of the process."""


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> None:
    def end(reason: str, **_details: object) -> None:
        raise Ended(reason)

    monkeypatch.setattr(fatal, "end", end)


def test_a_run_of_dead_letters_uses_the_budget_up() -> None:
    budget = Budget(run=3, share=1.0)
    assert [budget.spend(dead) for dead in (True, True, False, True, True)] == [None] * 5
    assert "3 records in a row" in str(budget.spend(True))


def test_a_share_of_dead_letters_uses_the_budget_up_once_enough_was_seen() -> None:
    budget = Budget(run=10_000, share=0.5)
    for _ in range(SETTLED // 2):
        assert budget.spend(True) is None
        assert budget.spend(False) is None
    assert "% of the last" in str(budget.spend(True))


def test_a_good_record_never_uses_the_budget_up() -> None:
    budget = Budget(run=10_000, share=0.01)
    for _ in range(SETTLED - 1):
        budget.spend(True)
    assert budget.spend(False) is None


def test_the_same_log_line_passes_once_in_a_while_and_says_what_was_held_back() -> None:
    now = [0.0]
    limit = RateLimit(10, clock=lambda: now[0])

    def record(name: str, text: str) -> logging.LogRecord:
        return logging.LogRecord(name, logging.WARNING, "", 0, text, None, None)

    assert limit.filter(record("aiokafka.conn", "gone"))
    assert not limit.filter(record("aiokafka.conn", "gone"))
    assert limit.filter(record("aiokafka.conn", "other"))
    assert limit.filter(record("streams.agents", "gone"))
    assert limit.filter(record("streams.agents", "gone"))
    now[0] = 11
    late = record("aiokafka.conn", "gone")
    assert limit.filter(late)
    assert "1 more" in late.msg


@pytest.mark.usefixtures("ends")
async def test_a_process_that_stood_still_ends_itself() -> None:
    now = [0.0]
    pulse = Pulse(5, clock=lambda: now[0])
    now[0] = 100
    pulse.check()  # it has not begun
    beating = asyncio.create_task(pulse.beat())
    await asyncio.sleep(0)
    now[0] = 104.9
    pulse.check()
    now[0] = 105.1
    with pytest.raises(Ended, match="stood still for 5 s"):
        pulse.check()
    beating.cancel()


@pytest.mark.usefixtures("ends")
async def test_a_port_that_is_taken_ends_the_worker_with_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Ended, match=f"no pages on 127.0.0.1:{port}: Address already in use. Choose"):
            await Pages("127.0.0.1", port, watchdog=None).start()  # type: ignore[arg-type]


BYTES = st.none() | st.text(max_size=20).map(lambda text: text.encode())
MESSAGES = st.builds(
    Message,
    st.sampled_from(["incidents.v1", "alerts.casualties.v1"]),
    BYTES,
    BYTES,
    st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5).map(lambda text: text.encode()))).map(tuple),
    st.none() | st.integers(0, 3),
)


@given(
    st.integers(0, 2**40),
    st.dictionaries(st.text(max_size=9), st.none() | st.just(b'{"a":1}'), max_size=4),
    st.lists(MESSAGES, max_size=4),
)
def test_a_step_comes_back_from_its_record(
    upto: int, puts: dict[str, bytes | None], sends: list[Message]
) -> None:
    step = Step(upto, puts, sends)
    assert Step.decode(step.encode()) == step


def test_a_large_step_is_compressed() -> None:
    step = Step(1, {}, [Message("t", b"k", b"x" * 2_000_000)])
    assert len(step.encode()) < 100_000
    assert Step.decode(step.encode()) == step


def test_a_dead_letter_keeps_the_original_headers_and_counts_its_attempts() -> None:
    error = BadMessage("why", stage="decode", kind="json")
    place = {"topic": "articles.v1", "partition": 2, "offset": 7}
    first = dead_letter_headers(error, **place, original=[("traceparent", b"00-1"), ("bin", b"\xff")])
    again = dead_letter_headers(error, **place, original=first)
    assert first[:2] == again[:2] == (("traceparent", b"00-1"), ("bin", b"\xff"))
    assert dict(first)["dlq.attempt"] == b"1"
    assert dict(again)["dlq.attempt"] == b"2"
    assert len(again) == len(first)


def job(body: str, offset: int = 0) -> Job:
    raw = f'{{"id": "a{offset}", "body": "{body}"}}'.encode()
    return Job(raw, NOW, NOW, 0, offset)


async def test_one_article_can_harm_nobody_else() -> None:
    pool = ExtractionPool(processes=2, limit=1.0, extraction="tests.agents.faults:extractor")
    await pool.start(60)
    try:
        bodies = ["fine", "raise", "hang", "die", "fine", "fine"]
        results = await asyncio.gather(*(pool.read(job(body, n)) for n, body in enumerate(bodies)))
        kinds = [result.kind if isinstance(result, BadMessage) else "read" for result in results]
        assert kinds == ["read", "exception", "timeout", "crash", "read", "read"]
        again = await asyncio.gather(*(pool.read(job("fine", n)) for n in range(8)))
        assert all(isinstance(result, Done) for result in again), "the pool is whole again"
        assert isinstance(again[3], Done)
        assert decode(Reading, again[3].reading).origin == Origin(partition=0, offset=3)
    finally:
        pool.stop()


async def test_large_articles_behind_one_that_never_ends_do_not_stop_the_worker() -> None:
    """They do not fit into the pipe of the process that is busy."""
    pool = ExtractionPool(processes=1, limit=0.5, extraction="tests.agents.faults:extractor")
    await pool.start(60)
    try:
        bodies = ["hang"] + ["x" * 300_000] * 7
        results = await asyncio.gather(*(pool.read(job(body, n)) for n, body in enumerate(bodies)))
        assert [type(result) for result in results] == [BadMessage] + [Done] * 7
    finally:
        pool.stop()


async def test_a_process_killed_while_idle_costs_nothing() -> None:
    pool = ExtractionPool(processes=2, limit=5.0, extraction="tests.agents.faults:extractor")
    await pool.start(60)
    try:
        for process in psutil.Process().children():
            if "spawn_main" in " ".join(process.cmdline()):
                process.kill()
        results = await asyncio.gather(*(pool.read(job("fine", n)) for n in range(8)))
        assert all(isinstance(result, Done) for result in results), results
    finally:
        pool.stop()


async def test_an_article_whose_process_is_killed_gets_another() -> None:
    pool = ExtractionPool(processes=1, limit=20.0, extraction="tests.agents.faults:extractor")
    await pool.start(60)
    try:
        tasks = [pool.read(job(body, n)) for n, body in enumerate(["sleep", "fine"])]
        await asyncio.sleep(0.3)
        next(p for p in psutil.Process().children() if "spawn_main" in " ".join(p.cmdline())).kill()
        results = await asyncio.gather(*tasks)
        assert all(isinstance(result, Done) for result in results), results
    finally:
        pool.stop()


def test_the_first_article_costs_no_more_than_others() -> None:
    """What the first one has to load is loaded before a language process says that it is ready."""
    script = (
        "import time\n"
        "from tests.delivery.news import articles\n"
        "from streams.processes import load_extractor\n"
        "from schemas.articles import Article\n"
        "extract = load_extractor()\n"
        "first = next(iter(articles(1)))\n"
        "started = time.process_time()\n"
        "extract(Article(id='a', title=first['title'], body=first['body']), 'hash')\n"
        "print(time.process_time() - started)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 0.1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_the_pool_says_when_it_cannot_start() -> None:
    pool = ExtractionPool(processes=1, limit=5.0, extraction="tests.agents.faults:broken")
    try:
        with pytest.raises(RuntimeError, match="ended before they were ready"):
            await pool.start(60)
    finally:
        pool.stop()


def test_no_language_process_survives_its_worker(tmp_path: Path) -> None:
    script = (
        "import asyncio\n"
        "from streams.pool import ExtractionPool\n"
        "if __name__ == '__main__':\n"
        "    pool = ExtractionPool(processes=2, limit=5.0, extraction='off')\n"
        "    async def main():\n"
        "        await pool.start(60)\n"
        "        print('up', flush=True)\n"
        "        await asyncio.sleep(60)\n"
        "    asyncio.run(main())\n"
    )
    file = tmp_path / "worker.py"
    file.write_text(script)
    worker = subprocess.Popen(
        [sys.executable, str(file)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    assert worker.stdout is not None
    try:
        assert worker.stdout.readline() == b"up\n"
        children = psutil.Process(worker.pid).children(recursive=True)
        assert len(children) >= 2
        worker.kill()
        worker.wait()
        _gone, alive = psutil.wait_procs(children, timeout=10)
        assert not alive
    finally:
        worker.kill()
        worker.stdout.close()
