"""Indexes over the episodes in a ledger: which have something due, and which belong to a subject."""

import heapq
from datetime import datetime

from streams.alerting.episodes import ALERT, Episode
from streams.ledger import Ledger

_SLACK = 1000


class Agenda:
    """Follows the ledger's episodes. Finding what is due costs by what is due, not by what there is."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._heap: list[tuple[datetime, str]] = []
        self._subjects: dict[str, dict[str, None]] = {}
        self._size = 0
        ledger.watch(ALERT, self._follow)

    def due(self, now: datetime) -> Episode | None:
        """The episode whose turn came first, if it came by `now`. It stays due until its record changes."""
        while self._heap:
            moment, key = self._heap[0]
            episode: Episode | None = self._ledger.get(key)
            if episode is not None and episode.due == moment:
                return episode if moment <= now else None
            heapq.heappop(self._heap)
        return None

    def rules_of(self, subject: str) -> list[str]:
        """The names of the rules that remember something of the subject."""
        return list(self._subjects.get(subject, ()))

    def _follow(self, key: str, old: Episode | None, new: Episode | None) -> None:
        known = new or old
        assert known is not None, "a change has a record on one side"
        if new is None:
            rules = self._subjects.get(known.subject, {})
            rules.pop(known.rule, None)
            if not rules:
                self._subjects.pop(known.subject, None)
            self._size -= 1
            return
        if old is None:
            self._subjects.setdefault(new.subject, {})[new.rule] = None
            self._size += 1
        if new.due is not None and (old is None or old.due != new.due):
            heapq.heappush(self._heap, (new.due, key))
            if len(self._heap) > 4 * self._size + _SLACK:
                self._rebuild()

    def _rebuild(self) -> None:
        """Drop the entries that are no longer true."""
        records = ((key, self._ledger.get(key)) for key in list(self._ledger.keys(ALERT)))
        self._heap = [(record.due, key) for key, record in records if record.due is not None]
        heapq.heapify(self._heap)
