"""What is joined on to the people before a word of harm: "a man", "two women" and "their driver" are four."""

from collections.abc import Callable
from dataclasses import dataclass

from schemas import Count
from streams.extraction.clauses import Clause, People, add_counts
from streams.extraction.items import Item


@dataclass(slots=True)
class Joined:
    """The way on to the left from some people.

    `closed`: a comma stands between people and verb, so that what is nearest may only describe them;
    `whole_before` finds the people whom an "including" at an item gives a part of.
    """

    clause: Clause
    closed: bool
    whole_before: Callable[[People, int], People]

    def extended(self, people: People) -> People:
        """Adds what is joined on to the left, and prefers the whole to what only describes it."""
        members, counts = [people.main], [people.count]
        while True:
            kind, whole = self._neighbour(people.first - 1)
            if whole is None:
                break
            if kind == "comma" and self._is_named(whole, members):
                return People(
                    self.clause.one(whole.main.start, whole.main.end), whole.first, whole.last, whole.main
                )
            verdict = self._judge(people, whole, kind, counts)
            if isinstance(verdict, People):
                return verdict
            if not verdict:
                break
            members.append(whole.main)
            counts.append(whole.count)
            people.first = whole.first
        total = add_counts(counts) if len(members) > 1 else None
        if total is not None:
            people.count = total
            people.members = tuple(members)
            people.part = False
        return people

    def _is_named(self, whole: People, members: list[Item]) -> bool:
        """Whether several descriptions are of one who is named: "Ann Hill, a swimmer and actress, died"."""
        if not (self.closed and whole.main.name and len(members) > 1):
            return False
        return all(member.quantity is None and not member.name for member in members)

    def _neighbour(self, j: int) -> tuple[str, People | None]:
        """The people before the comma or "and" at `j`, and which of the two it is."""
        clause = self.clause
        while clause.kind(j) == "link":
            j -= 1  # "15 people, mostly civilians"
        kind = clause.kind(j)
        if kind not in ("and", "comma"):
            return kind, None
        k = j - 1
        if kind == "and" and clause.kind(k) == "comma":
            k -= 1
        while clause.kind(k) == "age":
            k -= 2 if clause.kind(k - 1) == "comma" else 1
        nearest = k
        while (
            clause.kind(k) == "noun"
            and clause.kind(k - 1) == "prep"
            and not clause.goes_on_with_people(k - 2)
        ):
            k -= 2
        k = self._before_participle(k)
        if clause.kind(k) != "noun" or not clause.may_be_people(clause.items[k]):
            return kind, None
        left = clause.items[k]
        if k < nearest and kind == "comma" and left.noun is None:
            return kind, None  # "Two expresses collide near Daharki, 66 die"
        if clause.kind(k - 1) == "prep" and clause.goes_on_with_people(k - 2):
            return kind, clause.share(k - 2, clause.items[k - 2], left)
        titled = clause.items[k - 1] if k and clause.kind(k - 1) == "noun" else None
        if left.name and titled is not None and titled.person and titled.quantity is None:
            return kind, People(clause.count_of(left), k - 1, k, left)  # "his helper Ann Hill"
        return kind, People(clause.count_of(left), k, k, left)

    def _before_participle(self, k: int) -> int:
        """Before what only says what somebody was doing: "a man selling tea and a boy"."""
        clause = self.clause
        if clause.kind(k) != "noun" or clause.may_be_people(clause.items[k]):
            return k
        ongoing = clause.word(k).endswith(clause.lists.ongoing)
        j = (
            k - 1
            if ongoing
            else k - 2
            if clause.kind(k - 1) == "verb" and clause.word(k - 1).endswith(clause.lists.ongoing)
            else -1
        )
        return j if clause.kind(j) == "noun" and clause.items[j].person else k

    def _judge(self, people: People, whole: People, kind: str, counts: list[Count | None]) -> People | bool:
        """Whether `whole` is to be added; or the people that are meant instead of both."""
        clause, left, ahead = self.clause, whole.main, whole.first - 1
        them = clause.kind(ahead) == "noun" and clause.word(ahead) in clause.grammar.them
        if them and clause.kind(ahead - 1) == "incl":
            return False  # "13 killed, among them five soldiers, and 27 wounded"
        if clause.kind(ahead) == "incl":
            return self.whole_before(people, ahead)
        relative = clause.kind(ahead) == "rel" and not clause.begins_speech(ahead)
        if clause.kind(ahead) == "prep" or (relative and left.quantity is None):
            return False
        if kind == "and" and people.main.pronoun:
            return False  # "... and he was hurt"
        bare = people.count is not None and people.count.rule == "bare_plural"
        if kind == "and" and bare and left.quantity is not None and len(counts) == 1:
            return whole  # "31 shoppers and traders" are 31
        if kind == "and":
            active = clause.kind(ahead) == "trigger" and clause.items[ahead].triggers[0].frame in (
                "past",
                "active",
            )
            return not active and (self._joins(left) or left.name)
        if len(counts) == 1:
            stated = whole.count is not None and left.quantity is not None
            if stated and (people.main.quantity is None or self.closed):
                return whole  # "15 people, mostly civilians, died"
            if left.ordinal is not None and self.closed:
                return whole  # "a sixth person, Ann Hill, has died"
            if left.name and self.closed:
                return People(clause.one(left.start, left.end), whole.first, whole.last, left)
            heads = left.noun is not None and left.determiner is None and people.main.noun is not None
            counted = people.main.quantity is not None or (heads and people.main.determiner is None)
            listed = self.clause.sentence.in_title and not self.closed and counted
            return listed and clause.joinable(left)  # "Woman, two sons die"; "Hill, a father of two, died"
        rest = add_counts(counts)
        if whole.count is not None and rest is not None and whole.count.value is not None:
            size, parts = whole.count.value, rest.value or 0
            if (size == parts and (self.closed or _general(left))) or (self.closed and size > parts):
                return whole  # "six people, three men and three women, were"
        return self._joins(left)

    def _joins(self, item: Item) -> bool:
        """Whether a noun phrase may be added to those behind it; "she and seven others" too."""
        alone = item.pronoun and self.clause.words[item.start] in self.clause.grammar.singular_pronouns
        return self.clause.joinable(item) or alone


def _general(item: Item) -> bool:
    """Whether a noun names people as such, whom others may be part of."""
    return item.noun is not None and item.noun.group == "general"
