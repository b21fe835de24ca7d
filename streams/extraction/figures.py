"""Figures apart from those they count: survivors of a known number, "the number who died rose to nine"."""

from schemas import Count
from streams.extraction.clauses import Clause, People
from streams.extraction.harm import Trigger

_TO_TOLL, _TO_REPORTS = 15, 6  # items


def dead_beside(clause: Clause, people: People) -> Count | None:
    """How many died where only `people` lived: "only two of the 20 passengers survived", "none of the 20"."""
    few, whole = people.count, people.of_total or _opening_total(clause)
    if few is None or whole is None or few.best is None or whole.best is None or few.best >= whole.best:
        return None
    first = clause.items[people.first]
    if few.best and clause.words[first.start - 1 : first.start] not in clause.grammar.only:
        return None
    size, main = whole.best - few.best, people.main
    return Count(low=size, best=size, high=size, text=clause.text(main.start, main.end), rule="all_but")


def _opening_total(clause: Clause) -> Count | None:
    """ "Of the 47 people aboard, only three survived"."""
    if clause.kind(0) != "prep" or clause.word(0) not in clause.grammar.of or clause.kind(1) != "noun":
        return None
    item = clause.items[1]
    return item.quantity.count if item.quantity is not None and clause.may_be_people(item) else None


def number_behind(clause: Clause, index: int) -> People | None:
    """ "The number of miners who died rose to 92": the figure behind the verb at `index`."""
    j = index - 1
    people = False
    while clause.kind(j) in ("rel", "aux", "link"):
        people = people or clause.word(j) in clause.grammar.who
        j -= 1
    if clause.kind(j) != "noun" or not (people or clause.may_be_people(clause.items[j])):
        return None
    j -= 1
    if clause.kind(j) == "trigger":
        j -= 1  # "the number of martyred officers"
    if clause.kind(j) != "prep" or clause.kind(j - 1) != "noun":
        return None
    if clause.words[clause.items[j - 1].head] not in clause.grammar.numbers_of:
        return None
    for k in range(index + 1, min(index + _TO_TOLL, len(clause.items) - 1)):
        item = clause.items[k + 1]
        if clause.kind(k) == "prep" and clause.word(k) in clause.grammar.reaching:
            counted = item.kind == "noun" and item.quantity is not None and item.person is not False
            return People(item.quantity.count, k + 1, k + 1, item) if counted and item.quantity else None
        if clause.kind(k) not in ("verb", "link", "aux", "noun", "prep", "other"):
            return None
    return None


def labelled(clause: Clause, index: int, trigger: Trigger) -> People | None:
    """Whom a note counts behind its label: "Fatalities: 27. Injured: 74"."""
    opens = index == 0 or clause.kind(index - 1) in ("stop", "comma") or clause.word(index - 1) == "."
    if not opens or clause.kind(index + 1) != "stop" or clause.word(index + 1) != ":":
        return None
    if clause.kind(index + 2) != "noun" or clause.kind(index + 3) in ("trigger", "aux", "verb", "link"):
        return None
    item = clause.items[index + 2]
    if item.quantity is None or item.person is False or trigger.frame in ("of", "active"):
        return None
    return People(item.quantity.count, index + 2, index + 2, item)


def figure_before(clause: Clause, index: int) -> People | None:
    """ "Bringing to 13 the number of people killed": the figure that stands before the words for a toll."""
    j = index - 1
    if clause.kind(j) == "noun" and clause.items[j].quantity is None and clause.items[j].head < 0:
        j -= 1  # "the"
    item = clause.items[j] if clause.kind(j) == "noun" and clause.kind(j - 1) == "prep" else None
    if item is None or item.quantity is None or clause.word(j - 1) not in clause.grammar.reaching:
        return None
    return People(item.quantity.count, j, j, item) if item.head < 0 else None


def counted(clause: Clause, index: int) -> People | None:
    """ "12 deaths", "a dozen confirmed fatalities", "no injuries", "a death"."""
    k = index - 1
    while clause.kind(k) == "link":
        k -= 1
    unknown = _not_known(clause, index)
    if unknown is not None:
        return unknown
    if clause.kind(k) != "noun":
        return None
    left = clause.items[k]
    if left.quantity is not None:
        single = clause.word(index) in clause.grammar.harm.singular and clause.kind(index + 1) == "noun"
        if single and left.quantity.count.high == 0:
            return None  # "no casualty figures": not told is not none
        if left.person and left.noun is not None and not left.noun.singular:
            return None
        return People(left.quantity.count, k, k, left)
    if left.ordinal and left.noun is None and clause.word(index) in clause.grammar.harm.singular:
        return People(clause.one(left.start, clause.items[index].end), k, k, left)  # "a twelfth life"
    more = left.head < 0 or clause.words[left.head] in clause.grammar.others
    if clause.word(index) in clause.grammar.bodies and not more:
        return None  # "a governing body"
    single = left.determiner in clause.grammar.indefinite and not left.more
    if single and clause.word(index) in clause.grammar.harm.singular and clause.kind(index + 1) != "noun":
        return People(clause.one(left.start, clause.items[index].end), k, k, left)
    return None


def _not_known(clause: Clause, index: int) -> People | None:
    """ "No reports of damage or injuries", "no word on casualties"."""
    for k in range(index - 1, max(-1, index - 1 - _TO_REPORTS), -1):
        item = clause.items[k]
        if item.kind not in ("noun", "prep", "and", "comma", "link"):
            return None
        if item.kind == "noun" and item.quantity is not None:
            behind = item.quantity.count.rule == "unstated" and clause.kind(k + 1) == "prep"
            return People(item.quantity.count, k, k, item) if behind else None
    return None


def figure_behind_toll(clause: Clause, index: int) -> People | None:
    """ "the death toll rose to 12", "a toll of 77", "the number of those killed when it fell rose to 9"."""
    inside = False  # a clause that says of what the toll is
    for j in range(index + 1, min(len(clause.items), index + _TO_TOLL)):
        item = clause.items[j]
        if item.kind == "trigger" and item.triggers[0].frame == "active" and clause.kind(j - 1) == "noun":
            continue  # "the death toll of the Irapuato shooting climbs to 11"
        if clause.words[item.start] in clause.lists.fallen:
            inside = False
            continue
        if inside and not clause.lists.risen.isdisjoint(clause.words[item.start : item.end]):
            inside = False
        elif item.kind in ("sub", "rel") and j == index + 1:
            inside = True
        elif item.kind in ("trigger", "sub", "rel", "and") and not inside:
            return None
        if item.kind == "noun" and j == index + 1 and item.person is False and item.quantity is None:
            return None  # "the number of dead cattle"
        if inside or item.kind != "noun" or item.quantity is None or item.person is False:
            continue
        far_of = clause.word(j - 1) in clause.grammar.of and j > index + 2
        if clause.kind(j - 1) != "comma" and not far_of and clause.word(j - 1) not in clause.lists.risen_from:
            return People(item.quantity.count, j, j, item)
    return None
