"""The people after a word of harm: "killed a man and two women"."""

from schemas import Count
from streams.extraction.clauses import Clause, People, add_counts
from streams.extraction.items import Item

_ENDS = ("", "prep", "stop", "sub")  # what may follow a list in a title
_PHRASE = 9  # items
_MARKS = '".?!'


class Objects:
    """Finds whom an active verb or "the deaths of" is said of, in one clause."""

    def __init__(self, clause: Clause) -> None:
        self._clause = clause

    def of(self, index: int) -> People | None:
        """The people after the trigger at item `index`, all who are joined by "and" together."""
        clause = self._clause
        j = index + 1
        while clause.kind(j) == "link" or (clause.kind(j) == "other" and clause.word(j) == '"'):
            j += 1
        lost = clause.items[j].triggers if clause.kind(j) == "trigger" else ()
        if lost and lost[0].measure == "missing" and clause.kind(j + 1) == "noun":
            j += 1  # "the body of missing journalist Ann Hill"
        strong = clause.items[index].triggers[0].measure == "killed" and not clause.sentence.capitals
        return self.at(j, strong=strong)

    def at(self, j: int, *, strong: bool = False) -> People | None:
        """The people that the noun phrase at item `j` stands for, with all who are joined on."""
        clause = self._clause
        people = clause.people_at(j, strong=strong)
        if people is None and self._things_with_people(j):
            people = clause.people_at(j + 2, strong=strong)
        return self._joined(people, strong) if people is not None else None

    def _things_with_people(self, j: int) -> bool:
        """Whether people are joined on to a thing: "seized a tanker and its seven crew"."""
        clause = self._clause
        if clause.kind(j) != "noun" or clause.kind(j + 1) != "and" or clause.kind(j + 2) != "noun":
            return False
        item = clause.items[j + 2]
        counted = item.quantity is not None or item.determiner in clause.grammar.possessive
        return counted and item.person is True and not self._is_subject(j + 2)

    def _joined(self, people: People, strong: bool) -> People:
        """Adds what is joined on: "a man and two women", "two in Ohio and three in Texas"."""
        clause = self._clause
        joined: list[People] = [people]
        parts = False  # behind a comma: they may be the parts of those before it
        waiting: list[People] = []  # behind a comma: part of the list only if an "and" follows
        j = people.last + 1
        while True:
            j = self.after_phrases(j)
            kind, k = self._joint(self._past_aside(j), people)
            if kind == "comma" and clause.kind(k) == "age":
                j = k + 1
                continue
            if kind not in ("and", "comma"):
                break
            parts = parts or (kind == "comma" and len(joined) + len(waiting) == 1)
            follows = clause.people_at(k, strong=strong)
            if follows is None or not clause.joinable(follows.main) or self._is_subject(follows.last):
                break
            named = self._apposition(people, follows) if kind == "comma" else 0
            if named:
                j = named
                continue  # "the chairman, Professor Ann Hill, and two aides"
            if follows.main.name and people.main.quantity is not None:
                break  # "41 people across India and Sri Lanka"
            if (
                follows.count is not None
                and follows.count.rule == "bare_plural"
                and people.main.quantity is not None
            ):
                j = follows.last + 1
                continue  # "12 women and girls" are 12
            if kind == "comma":
                waiting.append(follows)
            else:
                joined += [*waiting, follows]
                waiting = []
            j = follows.last + 1
        if clause.kind(j) == "comma":
            j += 1
        listed = people.main.quantity is None or all(self._is_other(people, other) for other in waiting)
        if waiting and clause.sentence.in_title and listed and clause.kind(j) in _ENDS:
            joined += waiting  # "Gunmen slay union leader, two bodyguards"
        elif waiting and clause.kind(j) == "trigger" and clause.items[j].triggers[0].suicide:
            joined += waiting  # "his wife, his son and himself"
        return _together(people, joined, parts=parts)

    def _is_other(self, people: People, other: People) -> bool:
        """Whether two numbers of a title count people of different kinds: "kill 19 monks, six civilians"."""
        one, two = people.main.noun, other.main.noun
        if one is None or two is None or other.main.quantity is None:
            return False
        words = self._clause.words
        return one.group != "general" and words[people.main.head] != words[other.main.head]

    def _joint(self, j: int, people: People) -> tuple[str, int]:
        """Whether a comma or an "and" stands at `j`, and where what it joins on begins."""
        clause = self._clause
        kind, following, k = clause.kind(j), clause.kind(j + 1), j + 1
        if kind == "stop" and clause.word(j) == ";" and (people.main.name or people.main.age is not None):
            kind = "comma"  # "Ann Hill, 34; John Ford, 19"
        if kind == "comma" and following == "sub" and clause.word(k) in clause.grammar.then:
            return "and", k + 1  # "killed a farmer, then his wife"
        if kind == "comma" and following == "and":
            return "and", k + 1
        return kind, k

    def _past_aside(self, j: int) -> int:
        """Past what only says who somebody is: "the leader, identified as Ann Hill, and four others"."""
        clause = self._clause
        if clause.kind(j) != "comma" or clause.kind(j + 1) not in ("verb", "link"):
            return j
        if clause.word(j + 1) not in clause.grammar.participles:
            return j
        ahead = range(j + 2, min(j + _PHRASE, len(clause.items)))
        end = next((n for n in ahead if clause.kind(n) == "comma"), j)
        return end if clause.kind(end + 1) == "and" else j

    def _apposition(self, people: People, follows: People) -> int:
        """Where to go on behind a name between commas that is that of `people`; 0 if it is another's."""
        clause, main = self._clause, people.main
        described = (
            main.determiner is not None and not main.name and main.quantity is None and not people.part
        )
        behind = clause.items[follows.last + 1] if clause.kind(follows.last + 1) == "noun" else None
        name = follows.main.name or (behind is not None and behind.name)
        if (
            people.part
            or not described
            or not name
            or follows.main.determiner is not None
            or follows.main.quantity
        ):
            return 0
        j = self.after_phrases(follows.last + 1)
        if clause.kind(j) != "comma":
            return 0
        return j if clause.kind(j + 1) in ("noun", "and") else j + 1

    def after_phrases(self, j: int) -> int:
        """Past places, dates and ages that follow people: "in the city of X", ", 34", "on Monday"."""
        clause = self._clause
        while j < len(clause.items):
            kind, following = clause.kind(j), clause.kind(j + 1)
            if (kind == "prep" and following in ("noun", "other")) or (
                kind == "comma" and following == "age"
            ):
                j += 2
            elif (kind == "noun" and self._is_aside(clause.items[j])) or (
                kind == "other" and clause.word(j) not in _MARKS
            ):
                j += 1
            else:
                break
        return j

    def _is_aside(self, item: Item) -> bool:
        grammar, word = self._clause.grammar, self._clause.words[item.start]
        named = item.name and item.quantity is None
        return named or word in grammar.days or (word in grammar.day_parts and item.end == item.start + 1)

    def _is_subject(self, j: int) -> bool:
        """Whether a verb of its own follows the noun phrase at `j`."""
        clause = self._clause
        k = self.after_phrases(j + 1)
        while clause.kind(k) == "link":
            k += 1
        if clause.kind(k) == "trigger":
            triggers = clause.items[k].triggers
            return any(entry.frame in ("past", "before", "count") and not entry.suicide for entry in triggers)
        return clause.kind(k) == "aux"


def _together(people: People, joined: list[People], *, parts: bool) -> People:
    if len(joined) == 1:
        return people
    rest = add_counts(other.count for other in joined[1:])
    if parts and _same(people.count, rest):
        return people  # "three people, a man and two women"
    total = add_counts(other.count for other in joined)
    if total is not None:
        people.count = total
        people.last = joined[-1].last
        people.members = tuple(other.main for other in joined)
    return people


def _same(whole: Count | None, rest: Count | None) -> bool:
    if whole is None or rest is None or whole.value is None:
        return False
    return whole.value == rest.value and whole.value > 1
