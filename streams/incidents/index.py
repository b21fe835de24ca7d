"""The indexes over the ledger: members by incident, incidents by blocking key, copies, what falls due.

Nothing here is state. All of it follows the ledger through `watch`, so it is right after a rollback and
after a restart, and no answer depends on the order in which the records came in.
"""

import heapq
from bisect import bisect_left
from collections.abc import Collection
from datetime import datetime, timedelta
from math import log
from operator import attrgetter

from schemas.incidents import Incident
from streams.incidents.combining import combine
from streams.incidents.keys import Keys, keys_of, place_key
from streams.incidents.members import Member, Read, member_of, order_of, read, relabelled
from streams.incidents.postings import Postings
from streams.incidents.settings import Limits, TrackingSettings
from streams.incidents.state import ARTICLE, INCIDENT, ArticleRecord, IncidentRecord
from streams.incidents.traits import Spot, Traits
from streams.ledger import Ledger

_ORDER = attrgetter("order")
_RARE_WORTH = 0.3
_LIKELY, _BEYOND_TOLLS = 8.0, 12.0
"""Beside an incident of the first worth a toll leads only to those that something else, or another day, leads
to as well; beside one of the second worth it leads nowhere."""

_BESIDE_A_LIKELY_ONE = 2.5
_PART_OF_BEST, _PART_OF_SURE, _SURE = 0.16, 0.34, 16.0
"""Beside a likely incident those that are worth less than this, or than so much of it, are not compared;
beside one that is worth as much as the last, those that are worth less than the second part of it."""

_PRIOR_INCIDENTS = 200
"""A young index has seen too little to know what is rare: it counts as if it held so many more."""


class Index:
    """What can be looked up about the records of `ledger`."""

    def __init__(self, ledger: Ledger, limits: Limits, settings: TrackingSettings) -> None:
        self.views: dict[str, Incident] = {}
        self.prepared: dict[str, Read] = {}
        self._limits = limits
        self._members: dict[str, list[Member]] = {}
        self._postings = Postings(limits.posting, limits.same_toll, limits.rarest)
        self._copies: dict[str, set[str]] = {}
        self._profiles: dict[str, Traits] = {}
        self._latest: dict[str, tuple[Traits, Traits, Traits]] = {}
        self._retention = settings.retention
        self._shortest_wait = settings.shortest_wait
        self._due: list[tuple[datetime, str]] = []
        self._planned: dict[str, datetime] = {}
        self.undated: set[str] = set()
        self._incidents = 0
        ledger.watch(ARTICLE, self._article)
        ledger.watch(INCIDENT, self._incident)

    def members(self, incident_id: str) -> list[Member]:
        """The members of an incident by time; not to be changed."""
        return self._members.get(incident_id, [])

    def copies(self, article_id: str) -> list[str]:
        """The articles that repeat the text of `article_id`."""
        return sorted(self._copies.get(article_id, ()))

    def profile(self, incident_id: str) -> Traits | None:
        """The traits of an incident's members together: of many the first ones and the last."""
        members = self.members(incident_id)
        if not members:
            return None
        if incident_id not in self._profiles:
            self._profiles[incident_id] = self._first(members)
        first = self._profiles[incident_id]
        return first if len(members) <= self._limits.profile else self._with_latest(incident_id, first)

    def _with_latest(self, incident_id: str, first: Traits) -> Traits:
        """The traits of the first members with those of the last, kept until one of the two is another."""
        last = self._members[incident_id][-1].traits
        known = self._latest.get(incident_id)
        if known is None or known[0] is not first or known[1] is not last:
            known = self._latest[incident_id] = (first, last, combine([first, last]))
        return known[2]

    def combined(self, members: list[Member]) -> Traits:
        """The traits of `members` (at least one) together, bounded as a profile is."""
        first = self._first(members)
        return first if len(members) <= self._limits.profile else combine([first, members[-1].traits])

    def _first(self, members: list[Member]) -> Traits:
        return combine([member.traits for member in members[: self._limits.profile]])

    def candidates(self, keys: Keys, also: Collection[str] = ()) -> list[str]:
        """The incidents worth a comparison with an event that has `keys`, the likeliest first."""
        worth = self._postings.worth(keys, self._rare_worth)
        best = max(worth.values(), default=0.0)
        if best < _BEYOND_TOLLS:
            self._postings.add_tolls(keys, worth, known_only=best >= _LIKELY)
            best = max(worth.values(), default=0.0)
        least = max(_BESIDE_A_LIKELY_ONE, _part(best) * best) if best >= _LIKELY else self._limits.worth
        likely = [(-round(value, 6), incident_id) for incident_id, value in worth.items() if value >= least]
        likely.sort()
        found = [incident_id for _, incident_id in likely[: self._limits.candidates]]
        return list(dict.fromkeys([*also, *found])) if also else found

    def _rare_worth(self, holders: int) -> float:
        return _RARE_WORTH * self._rarity(holders)

    def rarities(self, words: Collection[str]) -> dict[str, float]:
        """How much it says that two reports share each of `words`."""
        rarity = self._rarity
        return {word: rarity(holders) for word, holders in self._postings.holders_of("cW", words).items()}

    def name_rarity(self, word: str) -> float:
        """How much it says that two reports share a name with `word` in it."""
        return self._rarity(self._postings.holders("cE", word) + self._postings.holders("dE", word))

    def crowd(self, spot: Spot) -> int:
        """How many incidents are known at a place."""
        return self._postings.holders("cQ", place_key(spot))

    def _rarity(self, holders: int) -> float:
        return log(1 + (self._incidents + _PRIOR_INCIDENTS) / (1 + holders))

    def due(self, now: datetime) -> list[str]:
        """The keys whose time came at `now` or before, sorted; they are taken off the list."""
        found: list[str] = []
        while self._due and self._due[0][0] <= now:
            when, key = heapq.heappop(self._due)
            if self._planned.get(key) == when:
                del self._planned[key]
                found.append(key)
        return sorted(found)

    def remind(self, when: datetime, key: str) -> None:
        """Let `key` fall due at `when`, or earlier where that was asked before."""
        planned = self._planned.get(key)
        if planned is None or when < planned:
            self._planned[key] = when
            heapq.heappush(self._due, (when, key))

    def _incident(self, key: str, old: IncidentRecord | None, new: IncidentRecord | None) -> None:
        incident_id = key.removeprefix(INCIDENT)
        self._incidents += (new is not None) - (old is not None)
        self.views.pop(incident_id, None)
        waits = self._retention if new is not None and new.closed else self._shortest_wait
        self._remember(key, new.active_at if new else None, waits, there=new is not None)

    def _article(self, key: str, old: ArticleRecord | None, new: ArticleRecord | None) -> None:
        if old is not None and new is not None and _says_the_same(old, new):
            self._relabel(old, new)
        else:
            if old is not None:
                self._forget(old)
            if new is not None:
                self._learn(new)
        self._remember(key, new.kept_from if new else None, self._retention, there=new is not None)

    def _remember(self, key: str, start: datetime | None, waits: timedelta, *, there: bool) -> None:
        """Let `key` fall due when something may happen to it: whoever knows asks for the moment then."""
        self.undated.discard(key)
        if start is not None:
            self.remind(start + waits, key)
        elif there:
            self.undated.add(key)

    def _learn(self, article: ArticleRecord) -> None:
        for draft in article.drafts:
            known = self.prepared.get(draft.event.event_id)
            if known is None:
                known = read(article, draft.event)
            member = member_of(article, draft, known)
            members = self._members.setdefault(draft.incident_id, [])
            position = bisect_left(members, member.order, key=_ORDER)
            members.insert(position, member)
            self._postings.add(known.keys.kept, draft.incident_id)
            self.views.pop(draft.incident_id, None)
            profile = self._profiles.get(draft.incident_id)
            if profile is not None and position < self._limits.profile:
                if len(members) <= self._limits.profile:
                    self._profiles[draft.incident_id] = combine([profile, member.traits])
                else:
                    del self._profiles[draft.incident_id]
        self._note_copy(article)

    def _relabel(self, old: ArticleRecord, new: ArticleRecord) -> None:
        """What an article says is as it was; what it copies, or how long it is kept, is not."""
        for draft in new.drafts:
            members = self._members[draft.incident_id]
            position = bisect_left(members, order_of(new, draft.event.rank), key=_ORDER)
            members[position] = relabelled(members[position], new)
            self.views.pop(draft.incident_id, None)
        self._forget_copy(old)
        self._note_copy(new)

    def _forget(self, article: ArticleRecord) -> None:
        for draft in article.drafts:
            members = self._members[draft.incident_id]
            order = order_of(article, draft.event.rank)
            position = bisect_left(members, order, key=_ORDER)
            member = members.pop(position)
            if not members:
                del self._members[draft.incident_id]
                self._latest.pop(draft.incident_id, None)
            self._postings.remove(keys_of(member.traits).kept, draft.incident_id)
            self.views.pop(draft.incident_id, None)
            if position < self._limits.profile:
                self._profiles.pop(draft.incident_id, None)
        self._forget_copy(article)

    def _note_copy(self, article: ArticleRecord) -> None:
        if article.copy_of is not None:
            self._copies.setdefault(article.copy_of, set()).add(article.article_id)

    def _forget_copy(self, article: ArticleRecord) -> None:
        if article.copy_of is not None:
            copies = self._copies[article.copy_of]
            copies.discard(article.article_id)
            if not copies:
                del self._copies[article.copy_of]


def _part(best: float) -> float:
    """How much of the `best` worth another incident must have to be compared beside it."""
    return _PART_OF_SURE if best >= _SURE else _PART_OF_BEST


def _says_the_same(old: ArticleRecord, new: ArticleRecord) -> bool:
    """Whether all that members are made of is as it was, but for what the article copies."""
    return (
        old.drafts is new.drafts
        and old.published_at == new.published_at
        and old.fingerprint == new.fingerprint
        and (old.title, old.source, old.url) == (new.title, new.source, new.url)
    )
