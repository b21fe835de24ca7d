"""Ticks: time goes on although nothing comes, so that alerts still clear and incidents still close.

Only the worker that tracks writes them, and only when stream time has stood still for a while and nobody
owes the topic of articles anything: otherwise the articles themselves will say how late it is.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from schemas.codec import encode
from schemas.controls import Tick
from schemas.headers import event_headers
from streams.agents import logs
from streams.agents.delivery import Message, Sender
from streams.agents.track import TrackAgent

log = logs.get(__name__)

INTERVAL = 1.0


class Ticker:
    """Appends a tick to `topic` after `after` seconds of silence; `lag` tells of articles not yet read."""

    def __init__(
        self,
        *,
        tracker: TrackAgent,
        sender: Sender,
        topic: str,
        key: bytes,
        after: float,
        lag: Callable[[], int | None],
    ) -> None:
        self._tracker = tracker
        self._sender = sender
        self._topic = topic
        self._key = key
        self._after = after
        self._lag = lag

    async def run(self) -> None:
        """Runs for ever."""
        stood: datetime | None = None
        since = time.monotonic()
        while True:
            await asyncio.sleep(INTERVAL)
            pipeline = self._tracker.pipeline
            now = pipeline.now if pipeline is not None else None
            if now is None or now != stood or self._lag() != 0:
                stood, since = now, time.monotonic()
                continue
            silence = time.monotonic() - since
            if silence >= self._after:
                await self._tick(now + timedelta(seconds=silence))
                since = time.monotonic()

    async def _tick(self, stream_time: datetime) -> None:
        tick = Tick(stream_time=min(stream_time, datetime.now(UTC)))
        headers = event_headers("tick", f"tick-{tick.stream_time.isoformat()}", tick.stream_time)
        await self._sender.deliver([Message(self._topic, self._key, encode(tick), headers, partition=0)])
        log.info("tick", stream_time=tick.stream_time.isoformat())
