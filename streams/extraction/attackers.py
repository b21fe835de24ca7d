"""Who did it, among those whom a word of harm is said of."""

from streams.extraction.clauses import Clause, People
from streams.extraction.harm import Trigger

_FEW = 4  # who kill themselves together


def attackers_of(clause: Clause, people: People, trigger: Trigger) -> int:
    """How many of those hurt are attackers."""
    if trigger.suicide and people.count is not None:
        return people.count.value or 0
    hurt = 0
    for member in people.members or (people.main,):
        if member.noun is not None and member.noun.group == "attacker":
            count = clause.count_of(member) if people.members else people.count
            hurt += (count.value or 0) if count is not None else 0
    return hurt


def did_it(people: People) -> bool:
    """Whether people before "then himself" can be those who did it."""
    if people.count is None or people.part:
        return False
    noun = people.main.noun
    return people.count.value == 1 or (noun is not None and noun.group == "attacker")


def doers(clause: Clause, index: int) -> People | None:
    """Several who did it: "two students murdered twelve before committing suicide"."""
    for j in range(index):
        if clause.kind(j) in ("trigger", "stop"):
            return None
        item = clause.items[j]
        if item.kind == "noun" and item.person and item.quantity is not None and clause.kind(j - 1) != "prep":
            value = item.quantity.count.best or 0
            return People(item.quantity.count, index, index, item) if 1 < value <= _FEW else None
    return None


def by_police(clause: Clause, index: int, trigger: Trigger) -> bool:
    """Whether a title goes on about him who did it: "Man kills four; shot dead by police"."""
    opens = clause.kind(index - 1) in ("stop", "comma")
    if (
        trigger.frame != "past"
        or not clause.sentence.in_title
        or not opens
        or clause.kind(index + 2) != "noun"
    ):
        return False
    if clause.word(index + 1) not in clause.lists.by:
        return False
    noun = clause.items[index + 2].noun
    hurt = [one for one in clause.mentions if one.measure in ("killed", "injured", "hit")]
    return any(one.active for one in hurt) and noun is not None and noun.group == "security"
