"""Near-copies: which articles of an incident repeat the text of another, and which one came first."""

from collections.abc import Callable

from msgspec.structs import replace

from schemas.fingerprints import similarity
from streams.incidents.index import Index
from streams.incidents.members import Member
from streams.incidents.settings import Copies
from streams.incidents.state import ArticleRecord, article_key
from streams.ledger import Ledger

Touch = Callable[[str], None]


class Copyist:
    """Keeps `copy_of` of the articles in `ledger` right: it always names an original of the same incident."""

    def __init__(self, ledger: Ledger, index: Index, rules: Copies) -> None:
        self._ledger = ledger
        self._index = index
        self._rules = rules

    def settle(self, article_id: str, incident_ids: list[str], touch: Touch) -> None:
        """`article_id` came, changed, moved or left: find its original and its copies anew.

        `touch` is told of each incident that is about to change.
        """
        waiting = self._index.copies(article_id)
        for copy in waiting:
            self._mark(copy, None, touch)
        article: ArticleRecord | None = self._ledger.get(article_key(article_id))
        if article is not None:
            self._place(article, incident_ids, touch)
        for copy in waiting:
            record: ArticleRecord = self._ledger.get(article_key(copy))
            if record.copy_of is None:
                self._place(record, [draft.incident_id for draft in record.drafts], touch)

    def _place(self, article: ArticleRecord, incident_ids: list[str], touch: Touch) -> None:
        """Give `article` its original among the earlier ones, or make it the original of later ones."""
        self._mark(article.article_id, None, touch)
        for incident_id in incident_ids:
            mine = next(
                (m for m in self._index.members(incident_id) if m.article.article_id == article.article_id),
                None,
            )
            if mine is None or not mine.traits.hashes:
                continue
            hashes = frozenset(mine.traits.hashes)
            near = [
                other for other in self._originals(incident_id) if not hashes.isdisjoint(other.traits.hashes)
            ]
            alike = [other for other in near if self._alike(mine, other)]
            earlier = [other for other in alike if other.order < mine.order]
            if earlier:
                self._mark(article.article_id, earlier[0].article.article_id, touch)
                return
            for other in alike:
                for copy in self._index.copies(other.article.article_id):
                    self._mark(copy, article.article_id, touch)
                self._mark(other.article.article_id, article.article_id, touch)

    def _originals(self, incident_id: str) -> list[Member]:
        found = [member for member in self._index.members(incident_id) if member.original]
        half = self._rules.compared // 2
        return found if len(found) <= 2 * half else [*found[:half], *found[-half:]]

    def _alike(self, one: Member, other: Member) -> bool:
        if one.article.article_id == other.article.article_id:
            return False
        return similarity(one.article.fingerprint, other.article.fingerprint) >= self._rules.similarity

    def _mark(self, article_id: str, original: str | None, touch: Touch) -> None:
        record: ArticleRecord = self._ledger.get(article_key(article_id))
        if record.copy_of != original:
            for draft in record.drafts:
                touch(draft.incident_id)
            self._ledger.put(article_key(article_id), replace(record, copy_of=original))
