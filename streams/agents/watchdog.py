"""The watchdog: a worker that has silently stopped working ends itself, with a clear message.

Four states are silent in Faust and aiokafka: lag and no commit; no partition although some have no owner;
a recovery that makes no progress; and all of it while the process looks alive. Each is watched against a
limit of its own. When the broker does not answer nothing is judged: that has its own limit (`send_limit`).
"""

import asyncio
import time
from collections.abc import Callable, Collection
from typing import Any

from aiokafka.errors import KafkaError

from streams.agents import fatal, logs, metrics
from streams.agents.group import Group, Standing
from streams.agents.track import TrackAgent

log = logs.get(__name__)

INTERVAL = 5.0
NEAR = 2 / 3
"""From this share of a limit on the worker is no longer ready."""


class Watchdog:
    """`check` looks once; `run` looks for ever. Times are monotonic seconds."""

    def __init__(
        self,
        group: Group,
        tracker: TrackAgent,
        *,
        assigned: Callable[[], Collection[Any]],
        stall_limit: float,
        recovery_limit: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._assigned = assigned
        self._group = group
        self._tracker = tracker
        self._stall_limit = stall_limit
        self._recovery_limit = recovery_limit
        self._clock = clock
        self._moved: dict[Any, tuple[int, float]] = {}
        self._owned_at = clock()
        self.standings: dict[Any, Standing] = {}
        """How the group's partitions stood when the broker last answered."""
        self.worst = 0.0
        """How far the worst of the watched states has come towards its limit, 0 to 1."""

    @property
    def ready(self) -> bool:
        """Neither recovering nor near a limit."""
        return self._tracker.recovering_since is None and self.worst < NEAR

    def lag(self, topic: str) -> int | None:
        """Records of `topic` that nobody has acknowledged, or None while that is not known."""
        found = [standing.lag for partition, standing in self.standings.items() if partition.topic == topic]
        return sum(found) if found else None

    async def run(self) -> None:
        """Runs for ever."""
        while True:
            await asyncio.sleep(INTERVAL)
            await self.check()

    async def check(self) -> None:
        """Look once; end the process if a limit has been reached."""
        now = self._clock()
        shares = {"a recovery that makes no progress": self._recovery(now)}
        try:
            async with asyncio.timeout(INTERVAL * 4):
                self.standings = await self._group.standings()
                shares["lag and no commit"] = self._stall(now)
                shares["no partition although some have no owner"] = await self._idle(now)
        except (KafkaError, OSError, TimeoutError) as error:
            log.warning("the broker does not say how the group stands", error=repr(error))
            self.standings = {}
            await self._group.close()
        worst = max(shares, key=lambda reason: shares[reason])
        self.worst = shares[worst]
        if self.worst >= 1:
            fatal.end(f"the watchdog saw {worst} for too long")

    def _stall(self, now: float) -> float:
        mine = {(tp.topic, tp.partition) for tp in self._assigned()}
        oldest = now
        lags: dict[str, int] = {}
        for partition, standing in self.standings.items():
            lags[partition.topic] = lags.get(partition.topic, 0) + standing.lag
            if (partition.topic, partition.partition) not in mine or standing.lag == 0:
                self._moved.pop(partition, None)
                continue
            committed, since = self._moved.get(partition, (-1, now))
            if committed != standing.committed:
                since = now
            self._moved[partition] = (standing.committed, since)
            oldest = min(oldest, since)
        for topic, lag in lags.items():
            metrics.LAG.labels(topic).set(lag)
        metrics.COMMIT_AGE.set(now - oldest)
        return (now - oldest) / self._stall_limit

    async def _idle(self, now: float) -> float:
        if self._assigned() or not await self._group.unowned():
            self._owned_at = now
        return (now - self._owned_at) / self._stall_limit

    def _recovery(self, now: float) -> float:
        since = self._tracker.recovering_since
        return 0.0 if since is None else (now - since) / self._recovery_limit
