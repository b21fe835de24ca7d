"""The people before a word of harm: "a man and two women were killed"."""

from dataclasses import dataclass, replace

from streams.extraction.clauses import Clause, People
from streams.extraction.items import Item
from streams.extraction.subjects_joined import Joined

_WITH_CRAFT = ("missing", "kidnapped")  # what befalls ships with those they carry
_REACH = 16  # items that a subject may lie before its verb


class Subjects:
    """Finds whom a passive or intransitive verb is said of, in one clause."""

    def __init__(self, clause: Clause) -> None:
        self._clause = clause

    def of(self, index: int) -> People | None:
        """The people before the trigger at item `index`."""
        return _Search(self._clause, index).run()


@dataclass(slots=True)
class _Search:
    """The way back from one trigger.

    `closed`: a comma stands between people and verb, so that what is nearest may only describe them;
    `relative`: "who" stands there; `finite`: another verb than the trigger has passed.
    """

    clause: Clause
    index: int
    closed: bool = False
    relative: bool = False
    finite: bool = False

    def run(self) -> People | None:
        j = self.index - 1
        for _ in range(_REACH):
            if j < 0:
                return None
            found = self._look(j)
            if not isinstance(found, int):
                return found
            j = found
        return None

    def _look(self, j: int) -> People | int | None:
        """The people that item `j` gives, the item to look at next, or None: there are none."""
        clause, kind = self.clause, self.clause.kind(j)
        if kind == "noun":
            return self._people_left(j)
        if kind == "and":
            return self._joined_verb(j)
        if kind == "trigger":
            return self._past_trigger(j)
        if kind == "stop":
            return self._past_bracket(j)
        if kind == "rel":
            self.relative = True
            thing = clause.kind(j - 1) == "noun" and not clause.may_be_people(clause.items[j - 1])
            if j == self.index - 1 and thing and clause.kind(j - 2) == "prep":
                return None  # "trapped by a fire that burned"
        elif kind == "comma":
            self.closed = True
        elif kind == "verb":
            word = clause.word(j)
            self.finite = self.finite or not (
                word.endswith(clause.lists.ongoing) or word in clause.grammar.participles
            )
            return None if word in clause.lists.speech else j - 1
        elif kind == "prep":
            bare = clause.word(j) not in clause.grammar.adverbial and clause.kind(j - 1) != "verb"
            return None if j == self.index - 1 and bare else j - 1  # "were pulled out with"
        elif kind == "sub":
            return None
        return j - 1

    def _past_bracket(self, j: int) -> int | None:
        """Before what is put in brackets or dashes: "nine people - five guests and four guards - were"."""
        if self.clause.word(j) in self.clause.grammar.dashes:
            k = j - 1
            while k >= 0 and self.clause.kind(k) != "stop":
                k -= 1
            whole = self.clause.items[k - 1] if k > 0 else None
            return k - 1 if whole is not None and whole.quantity is not None else None
        if self.clause.word(j) != ")":
            return None
        while j >= 0 and self.clause.word(j) != "(":
            j -= 1
        return j - 1

    def _past_trigger(self, j: int) -> int | None:
        clause, trigger = self.clause, self.clause.items[j].triggers[0]
        if trigger.frame == "active" and clause.kind(j - 1) == "noun":
            before = clause.items[j - 1]
            hangs = clause.kind(j - 2) == "prep"
            if (before.determiner is not None or hangs) and not before.person:
                return j - 1  # "wounded in Friday's shooting", "victim of Adams Street shooting"
        if trigger.transport and j == self.index - 1 and trigger.adjacent:
            return j - 1  # "is in hospital with burns"
        if trigger.transport or trigger.frame == "active":
            return None
        if self.relative or j < self.index - 1:
            self.closed = True
        return j - 1

    def _joined_verb(self, j: int) -> People | int | None:
        """Before "and": the people of the verb that this one is joined to."""
        clause = self.clause
        if clause.kind(j - 1) == "trigger" and j >= self.index - 3:
            if clause.items[j - 1].triggers[0].frame not in ("past", "before"):
                return None
            people = _Search(clause, j - 1).run()
            if people is not None:
                people.shared = True  # "were shot and robbed"
            return people
        if all(clause.kind(k) in ("aux", "link") for k in range(j + 1, self.index)):
            return self._first_of_clause(j)
        return j - 1

    def _first_of_clause(self, end: int) -> People | None:
        """The first people of the clause that ends before `end`: "the driver hit a tree and died"."""
        clause, start = self.clause, end
        while start > 0 and clause.kind(start - 1) not in ("sub", "stop", "rel"):
            start -= 1
        start = self._own_start(start, end)
        for j in range(start, end):
            if clause.kind(j) == "noun" and (j == start or clause.kind(j - 1) not in ("prep", "incl")):
                people = clause.people_at(j)
                if people is not None and people.count is not None:
                    people.shared = True
                    return people
        return None

    def _own_start(self, start: int, end: int) -> int:
        """Behind an "and" that begins a clause of its own: "the crowd broke a rail and six people fell"."""
        clause = self.clause
        for j in range(end - 1, start, -1):
            if clause.kind(j) not in ("and", "comma") or clause.kind(j + 1) != "noun":
                continue
            before, after = clause.items[j - 1], clause.items[j + 1]
            if clause.kind(j) == "comma":
                if clause.kind(j + 2) == "aux" and after.quantity is not None and clause.may_be_people(after):
                    return j + 1  # "eight died, three were dug out and taken to hospital"
                continue
            thing = before.kind == "noun" and not before.name and not clause.may_be_people(before)
            if after.quantity is not None and clause.may_be_people(after) and thing:
                return j + 1
        return start

    def _is_reduced(self, j: int) -> bool:
        """Whether the verb hangs on the noun phrase at `j` itself: "five people shot", "a man who died"."""
        between = range(j + 1, self.index)
        if all(self.clause.word(k) in self.clause.lists.being for k in between):
            return True
        if all(self.clause.kind(k) == "link" for k in between):
            return True  # "with 22 people still missing"
        return self.relative and all(self.clause.kind(k) in ("rel", "aux", "link") for k in between)

    def _people_left(self, j: int) -> People | int | None:
        """The people that end at item `j`; where to go on if they are only an addition; or None."""
        clause = self.clause
        item, before = clause.items[j], clause.kind(j - 1)
        ahead = clause.items[j - 1] if before == "noun" else None
        if ahead is not None and ahead.quantity is not None and ahead.quantity.count.high == 0:
            return People(ahead.quantity.count, j - 1, j, ahead)  # "none of the 44 pupils"
        if before == "noun" and clause.kind(j - 2) == "incl" and clause.word(j - 1) in clause.grammar.them:
            return j - 3  # "nine people, among them two children, were"
        if item.determiner in clause.grammar.every and item.quantity is None:
            return None  # "100,000 for every person injured"
        if before == "prep":
            return self._behind_preposition(j)
        if before == "sub" and self.finite:
            return j - 2  # "a man who was hurt when a gunman fired died"
        if before == "incl":
            if clause.word(j - 1) in clause.grammar.among and self._counts_all(j):
                return People(clause.count_of(item), j, j, item)  # "mayor among 8 dead"
            return j - 2
        if item.name and before == "and" and self._in_phrase(j - 2):
            return j - 2  # "20 people across India and Bangladesh died"
        if item.pronoun and (clause.word(j) in clause.grammar.object_pronouns or before == "verb"):
            return j - 1  # "who helped him down the stairs"
        if self.closed and item.quantity is None and self._is_predicate(j):
            return j - 1
        if not clause.may_be_people(item):
            return self._past_things(j)
        if before == "rel" and item.quantity is None and not clause.begins_speech(j - 1):
            return None
        titled = clause.items[j - 1] if before == "noun" else None
        if item.name and titled is not None and titled.person and titled.quantity is None:
            if clause.kind(j - 2) == "incl":
                return j - 3
            people = People(clause.count_of(titled), j - 1, j, titled, members=(titled, item))
            return self._extended(people)  # "the senator John Hill"
        return self._extended(People(clause.count_of(item), j, j, self._of_whom(j)))

    def _of_whom(self, j: int) -> Item:
        """The noun phrase at `j` with the noun it counts of: "the attackers, all three of whom died"."""
        clause, item = self.clause, self.clause.items[j]
        if clause.kind(j + 1) != "prep" or clause.kind(j + 2) != "rel" or clause.kind(j - 1) != "comma":
            return item
        before = clause.items[j - 2] if j > 1 else item
        return replace(item, noun=before.noun) if item.noun is None else item

    def _counts_all(self, j: int) -> bool:
        """Whether the number at `j`, behind "among", is that of all: "a mayor among eight dead"."""
        clause = self.clause
        item, one = clause.items[j], clause.items[j - 2] if j > 1 else None
        if item.quantity is None or j != self.index - 1 or one is None or one.kind != "noun":
            return False
        whole, some = item.quantity.count.value or 0, clause.count_of(one)
        return whole > 1 and (some is None or (some.value or 0) < whole)

    def _is_predicate(self, j: int) -> bool:
        """Whether a noun phrase is said of others: "20 of whom were students", "two of them soldiers"."""
        clause = self.clause
        if clause.kind(j - 1) == "noun":
            return clause.word(j - 1) in clause.grammar.them
        return clause.kind(j - 1) == "aux"

    def _past_things(self, j: int) -> int | None:
        item, before = self.clause.items[j], self.clause.kind(j - 1)
        unnamed = not item.name or item.person is False
        bare = item.quantity is None and item.determiner is None and unnamed
        if bare and before in ("noun", "other"):
            return j - 1  # "four people early Saturday were shot"
        if self.closed and before:
            return j - 1  # "the attackers, armed with a knife, were shot"
        clause = self.clause
        if before == "verb" and clause.grammar.kind(clause.word(self.index)) == "prep":
            return j - 2  # "four men reached the surface with burns"
        return self._before_relative(j)

    def _before_relative(self, j: int) -> int | None:
        """Before the "who" of the clause with a thing at `j`: "a guard who barred the gate was shot"."""
        clause = self.clause
        if clause.kind(self.index - 1) not in ("aux", "link"):
            return None
        while j > 0 and clause.kind(j) not in ("sub", "stop", "trigger", "rel"):
            j -= 1
        if clause.kind(j) != "rel" or clause.kind(j - 1) != "noun":
            return None
        if clause.word(j) not in clause.grammar.who and clause.kind(j + 1) == "noun":
            return None  # "talk that cattle had died"
        return j - 1

    def _behind_preposition(self, j: int) -> People | int | None:
        clause = self.clause
        item, reduced = clause.items[j], self._is_reduced(j)
        kin = clause.items[j - 2].noun if clause.kind(j - 2) == "noun" else None
        if kin is not None and kin.group == "family" and kin.singular and item.head < 0:
            return j - 2  # "a father of two who was wounded"
        if clause.goes_on_with_people(j - 2):
            outer = clause.items[j - 2]
            described = any(trigger.frame == "past" for trigger in clause.items[self.index].triggers)
            if reduced and described and item.quantity is not None and outer.quantity is not None:
                return People(item.quantity.count, j, j, item)  # "one of five people shot"
            people = clause.share(j - 2, outer, item)
            return self._extended(people) if people is not None else None
        craft = clause.items[j - 2] if clause.kind(j - 2) == "noun" else None
        if craft is not None and clause.items[self.index].triggers[0].measure in _WITH_CRAFT:
            things = craft.name or not clause.may_be_people(craft)
            if things and item.quantity is not None and clause.may_be_people(item):
                return People(clause.count_of(item), j, j, item)  # "a jet with 62 on board vanished"
        someone = item.quantity is not None or item.determiner in clause.grammar.indefinite
        if reduced and someone and clause.may_be_people(item):
            return self._extended(People(clause.count_of(item), j, j, item))  # "with 12 dead"
        return j - 2

    def _in_phrase(self, j: int) -> bool:
        """Whether the noun phrase at `j` hangs on a preposition, a list of names among them."""
        clause = self.clause
        while j >= 2 and clause.kind(j) == "noun" and clause.items[j].name and clause.kind(j - 1) == "comma":
            j -= 2
        return clause.kind(j) == "noun" and clause.kind(j - 1) == "prep"

    def _extended(self, people: People) -> People:
        """The people with all who are joined on to their left."""
        return Joined(self.clause, self.closed, self._before_including).extended(people)

    def _before_including(self, people: People, incl: int) -> People:
        """ "12 people, including a child and two women, were": back to the whole."""
        j = incl - 1
        if self.clause.kind(j) == "comma":
            j -= 1
        found = self._people_left(j) if self.clause.kind(j) == "noun" else None
        return found if isinstance(found, People) and found.count is not None else people
