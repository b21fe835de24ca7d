"""What must stand about a word of harm for it to say that somebody was hurt."""

from functools import cache

from streams.extraction.clauses import Clause, People
from streams.extraction.harm import Trigger
from streams.extraction.items import Item

_TAKEN = frozenset({"kidnapped", "detained", "displaced"})
_NEAR, _TO_HOSPITAL, _TO_WOUND, _ASIDE = 6, 9, 6, 9  # tokens


@cache
def _words(text: str) -> frozenset[str]:
    """The words of a trigger's field."""
    return frozenset(text.split())


def in_place(clause: Clause, item: Item, trigger: Trigger) -> bool:
    """Whether the words are about that a trigger needs about it."""
    harm = clause.grammar.harm
    if trigger.letters and not clause.tokens[item.start].text.isupper():
        return False
    if trigger.near:
        beside = clause.words[max(0, item.start - _NEAR) : item.end + _NEAR]
        return not _words(trigger.near).isdisjoint(beside)
    if trigger.about:
        about = _words(trigger.about)
        near = any(word.split("-")[0] in about for word in clause.words)  # "knife-wielding"
        return near or _struck(clause, item, trigger)
    if trigger.wound:
        return any(word in harm.wounds for word in clause.words[item.end : item.end + _TO_WOUND])
    if trigger.place:
        end = min(len(clause.tokens), item.end + _TO_HOSPITAL)
        return bool(harm.hospital.search(clause.text(item.end - 1, end)))
    return True


def _struck(clause: Clause, item: Item, trigger: Trigger) -> bool:
    """ "Five others were struck.": said of people, and nothing follows that they could have hit."""
    words = clause.words
    if trigger.measure != "hit" or words[item.end : item.end + 1] not in ([], ["."], [","], [";"]):
        return False
    return item.start > 0 and words[item.start - 1] in clause.grammar.passive


def is_said_of(clause: Clause, people: People, trigger: Trigger, *, active: bool) -> bool:
    """Whether the trigger can be said of `people`, by what they are and what follows them."""
    count, last = people.count, people.last
    if count is None or (trigger.exact and active and count.best is None):
        return False
    if trigger.weak:
        noun = people.main.noun
        taken = trigger.measure == "kidnapped" and noun is not None and noun.group == "attacker"
        others = trigger.measure in _TAKEN and _are_others(clause, people.main)
        if taken or not (others or _surely_people(people.main, trigger)):
            return False
    if trigger.final and clause.kind(last + 1) in ("trigger", "aux", "verb", "link"):
        return False
    end = clause.items[last].end
    if trigger.to_death and clause.words[end : end + 2] not in clause.lists.to_death:
        return False
    return not trigger.behind or _followed(clause, people, trigger)


def _followed(clause: Clause, people: People, trigger: Trigger) -> bool:
    """Whether the words that complete the verb follow its people: "took 12 men, all miners, hostage"."""
    last = people.last
    behind = _words(trigger.behind)
    start, end = clause.items[last].start, clause.items[last].end
    if any(word in behind for word in clause.words[start:end]):
        return True  # "two men hostage"
    if clause.words[end : end + 1] == [","] and "," in clause.words[end + 1 : end + _ASIDE]:
        end = clause.words.index(",", end + 1) + 1
    if clause.words[end : end + 1] != [] and clause.words[end] in clause.lists.as_what:
        end += 1  # "held two constables as hostages"
    return clause.words[end : end + 1] != [] and clause.words[end] in behind


def _are_others(clause: Clause, item: Item) -> bool:
    """ "31 others": people like those who were told of before them."""
    return item.quantity is not None and item.head >= 0 and clause.words[item.head] in clause.grammar.others


def _surely_people(item: Item, trigger: Trigger) -> bool:
    """Whether nothing but people can be meant: "hit three pedestrians", but not "hit an all-time low"."""
    if item.noun is not None or item.age is not None or (item.pronoun and item.person):
        return True
    if item.quantity is not None:
        return item.head < 0
    return item.name and trigger.cause is not None
