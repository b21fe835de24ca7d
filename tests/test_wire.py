"""The pipe to a language process, from the worker's side."""

import asyncio
import multiprocessing
import os
import pickle
import threading
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Any

import pytest

from streams.wire import LONG, Wire


@pytest.fixture
def pipe() -> Iterator[tuple[Connection, Connection]]:
    ours, theirs = multiprocessing.Pipe()
    yield ours, theirs
    ours.close()
    theirs.close()


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it did not come")


async def test_objects_of_every_size_come_back_in_order(pipe: tuple[Connection, Connection]) -> None:
    ours, theirs = pipe
    sent = [None, "small", b"x" * 5_000_000, list(range(100)), "last"]

    def echo() -> None:
        for _ in sent:
            theirs.send(theirs.recv())

    back: list[Any] = []
    wire = Wire(ours, back.append, lambda: None)
    for message in sent:
        wire.send(message)
    thread = threading.Thread(target=echo)
    thread.start()
    await until(lambda: len(back) == len(sent))
    thread.join()
    wire.close()
    assert back == sent


async def test_what_nobody_reads_does_not_make_the_sender_wait(pipe: tuple[Connection, Connection]) -> None:
    ours, theirs = pipe
    wire = Wire(ours, lambda _message: None, lambda: None)
    for _ in range(50):
        wire.send(b"x" * 1_000_000)
    sizes = await asyncio.to_thread(lambda: [len(theirs.recv()) for _ in range(50)])
    assert sizes == [1_000_000] * 50
    wire.close()


async def test_a_length_of_the_long_kind_is_understood(pipe: tuple[Connection, Connection]) -> None:
    ours, theirs = pipe
    back: list[Any] = []
    wire = Wire(ours, back.append, lambda: None)
    data = pickle.dumps("long")
    os.write(theirs.fileno(), LONG.pack(-1, len(data))[:6])
    await asyncio.sleep(0.02)
    os.write(theirs.fileno(), LONG.pack(-1, len(data))[6:] + data)
    await until(lambda: bool(back))
    wire.close()
    assert back == ["long"]


async def test_the_end_is_told_once(pipe: tuple[Connection, Connection]) -> None:
    ours, theirs = pipe
    ends: list[int] = []

    def ended() -> None:
        ends.append(1)
        wire.close()

    wire = Wire(ours, lambda _message: None, ended)
    wire.send("somebody there?")
    theirs.close()
    await until(lambda: bool(ends))
    await asyncio.sleep(0.05)
    assert ends == [1]
