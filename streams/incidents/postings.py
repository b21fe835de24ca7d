"""The postings: under which blocking key which incidents are found, and by how many of their events."""

from collections import defaultdict
from collections.abc import Callable, Collection
from itertools import chain
from typing import TypeVar

from streams.incidents.keys import Kept, Key, Keys

Posting = str | tuple[str, int] | dict[str, int]
"""Who is found under a key, each with the number of events: of one event the holder, of one holder a pair.

Most keys are of one event or of one incident: small forms keep the index small, which keeps it fast.
"""

K = TypeVar("K")
FlatKey = TypeVar("FlatKey", bound=Key)


class Postings:
    """Incidents by blocking key.

    A key that more than `most` incidents share tells nothing, and of the words and names of an event only the
    `rarest` do: the others are met by chance, the more often the more incidents there are. A toll tells by
    itself where no more than a `few` have it.
    """

    def __init__(self, most: int, few: int, rarest: int) -> None:
        self._most = most
        self._few = few
        self._rarest = rarest
        self._flat: defaultdict[str, dict[Key, Posting]] = defaultdict(dict)
        self._dated: dict[str, dict[int, Posting]] = {}

    def add(self, kept: Kept, incident_id: str) -> None:
        """An event with these keys joined an incident."""
        for name, keys in kept.flat:
            table = self._flat[name]
            for key in keys:
                _count(table, key, incident_id)
        for dated in kept.dated:
            days = self._dated.setdefault(dated, {})
            for day in kept.days:
                _count(days, day, incident_id)

    def remove(self, kept: Kept, incident_id: str) -> None:
        """An event with these keys left an incident."""
        for name, keys in kept.flat:
            for key in keys:
                _discount(self._flat[name], key, incident_id)
        for dated in kept.dated:
            days = self._dated[dated]
            for day in kept.days:
                _discount(days, day, incident_id)
            if not days:
                del self._dated[dated]

    def holders(self, table: str, key: Key) -> int:
        """How many incidents are found under a key without a day."""
        return _size(self._flat[table].get(key))

    def holders_of(self, table: str, keys: Collection[FlatKey]) -> dict[FlatKey, int]:
        """The same of many keys."""
        known = self._flat[table].get
        return {key: _size(known(key)) for key in keys}

    def worth(self, keys: Keys, rare_worth: Callable[[int], float]) -> dict[str, float]:
        """The incidents that are found where `keys` asks, with what that is worth together, but for the toll.

        `rare_worth` says what it is worth to share a rare key with so many. What is met under one of them and
        nowhere else is met by chance, in a long stream most of all: it is left out.
        """
        found: defaultdict[str, float] = defaultdict(float)
        most = self._most
        for dated_key, by_day in keys.dated.items():
            if (days := self._dated.get(dated_key)) is not None:
                for day, says in by_day.items():
                    if (posting := days.get(day)) is not None:
                        _add(posting, says, found, most)
        for name, asked, says in keys.flat:
            table = self._flat[name]
            for key in asked:
                if (posting := table.get(key)) is not None:
                    _add(posting, says, found, most)
        rarely: defaultdict[str, float] = defaultdict(float)
        for name, asked in keys.rare:
            table = self._flat[name]
            met = [posting for key in asked if (posting := table.get(key)) is not None]
            if len(met) > self._rarest:
                met = sorted(met, key=_size)[: self._rarest]
            for posting in met:
                _add(posting, rare_worth(_size(posting)), rarely, most)
        by_chance = rare_worth(1)
        for incident_id, says in rarely.items():
            if incident_id in found:
                found[incident_id] += says
            elif says > by_chance:
                found[incident_id] = says
        return found

    def add_tolls(self, keys: Keys, found: dict[str, float], *, known_only: bool) -> None:
        """Add what the toll is worth to `found`.

        `known_only`: what is met once by its toll and by nothing else is too little: it is left out. So is
        always what shares its toll with many happenings of the day, and nothing else with the event.
        """
        if keys.toll is None or (days := self._dated.get(keys.toll[0])) is None:
            return
        met = [
            (holders, says)
            for day, says in keys.toll[1].items()
            if (posting := days.get(day)) is not None and len(holders := _holders(posting)) <= self._most
        ]
        telling = [holders for holders, _ in met if len(holders) <= self._few]
        wanted = _in_several(telling) if known_only else set(chain.from_iterable(telling))
        wanted |= found.keys()
        for holders, says in met:
            for incident_id in wanted.intersection(holders):
                found[incident_id] = found.get(incident_id, 0.0) + says


def _in_several(postings: list[Collection[str]]) -> set[str]:
    """The incidents of more than one posting."""
    once: set[str] = set()
    again: set[str] = set()
    for holders in postings:
        again |= once.intersection(holders)
        once.update(holders)
    return again


def _add(posting: Posting, says: float, found: defaultdict[str, float], most: int) -> None:
    """Let a posting say so much for its holders, unless they are more than `most`."""
    if isinstance(posting, str):
        found[posting] += says
    elif isinstance(posting, tuple):
        found[posting[0]] += says
    elif len(posting) <= most:
        for incident_id in posting:
            found[incident_id] += says


def _size(posting: Posting | None) -> int:
    if isinstance(posting, dict):
        return len(posting)
    return 0 if posting is None else 1


def _holders(posting: Posting) -> Collection[str]:
    if isinstance(posting, str):
        return (posting,)
    return posting[:1] if isinstance(posting, tuple) else posting


def _count(postings: dict[K, Posting], key: K, incident_id: str) -> None:
    posting = postings.get(key)
    if posting is None:
        postings[key] = incident_id
    elif isinstance(posting, dict):
        posting[incident_id] = posting.get(incident_id, 0) + 1
    else:
        holder, events = (posting, 1) if isinstance(posting, str) else posting
        if holder == incident_id:
            postings[key] = (holder, events + 1)
        else:
            postings[key] = {holder: events, incident_id: 1}


def _discount(postings: dict[K, Posting], key: K, incident_id: str) -> None:
    posting = postings[key]
    if isinstance(posting, str):
        del postings[key]
    elif isinstance(posting, tuple):
        holder, events = posting
        postings[key] = (holder, events - 1) if events > 2 else holder
    elif posting[incident_id] > 1:
        posting[incident_id] -= 1
    else:
        del posting[incident_id]
        if not posting:
            del postings[key]
