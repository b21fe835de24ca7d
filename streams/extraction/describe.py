"""What else a sentence says of somebody hurt: name, age, who did it, and how firmly it is said."""

from streams.extraction.clauses import Clause, People
from streams.extraction.items import Item
from streams.extraction.mentions import Mention

_NEITHER, _FOUND, _BACK = 4, 7, 9  # tokens
_CAUSING = 4  # tokens
_BEFORE = 5  # tokens before an active verb that can make it unreal


def name_of(clause: Clause, people: People) -> str | None:
    """The name of the one meant, where it stands beside."""
    for member in (people.main, *people.members):
        if member.name:
            return clause.text(member.start, member.end)
    beside = [people.last + 1]
    if people.main.age is not None and clause.kind(people.first - 1) == "comma":
        beside.insert(0, people.first - 2)
    for j in beside:
        if clause.kind(j) == "noun" and clause.items[j].name:
            return clause.text(clause.items[j].start, clause.items[j].end)
    return None


def age_of(clause: Clause, people: People) -> int | None:
    """The age of the one meant: "a 34-year-old man", "John Hill, 34"."""
    if people.main.age is not None:
        return people.main.age
    for j in (people.last + 1, people.last + 2):
        if clause.kind(j) == "age":
            quantity = clause.items[j].quantity
            return quantity.count.best if quantity is not None else None
    return None


def add_agent(clause: Clause, index: int, mention: Mention) -> None:
    """Notes who did it: the subject of "killed", or what follows "by"."""
    j = -1
    if mention.active:
        j = _left(clause, index)
        while j > 0 and clause.kind(j) == "noun" and clause.kind(j - 1) == "trigger":
            j = _left(clause, j - 1)  # "killed 18 people and hurt 30"
        j = _whose_verb(clause, j)
    elif clause.kind(index + 1) == "prep" and clause.word(index + 1) in clause.lists.by:
        j = index + 2
    if clause.kind(j) != "noun":
        return
    item = clause.items[j]
    if item.pronoun or not (item.name or item.noun):
        return
    mention.agent = (item.start, item.end)
    mention.agent_role = clause.words[item.head] if item.noun is not None and item.head >= 0 else "agent"


def _whose_verb(clause: Clause, j: int) -> int:
    """The subject before what a verb is said of: "soldiers opened fire on a crowd and killed four"."""
    k = j
    while clause.kind(k) == "noun" and clause.kind(k - 1) in ("prep", "verb"):
        k = _left(clause, k - 1)
    did = clause.items[k] if clause.kind(k) == "noun" else None
    own = clause.items[j].noun if clause.kind(j) == "noun" else None
    if did is None or (own is not None and own.group in ("attacker", "security")):
        return j
    return k if did.noun is not None or did.name else j


def _left(clause: Clause, index: int) -> int:
    """The noun phrase, trigger or end of clause next to the left."""
    ends = ("noun", "sub", "stop", "trigger")
    return next((k for k in range(index - 1, -1, -1) if clause.kind(k) in ends), -1)


def _outside_relative(clause: Clause, start: int, index: int) -> list[str]:
    """The words from token `start` to the trigger, but those that only describe people: "a guard who tried
    to bar the gate was killed"."""
    joined = clause.kind(index - 1) == "and"
    if joined and (
        rel := next((k for k in range(index - 2, 0, -1) if clause.kind(k) in ("rel", "trigger")), 0)
    ):
        first = clause.items[rel].start
        if clause.kind(rel) == "rel" and first >= start:
            return list(clause.words[start:first])  # "killed a man who tried to flee and took four"
    aux = index
    while clause.kind(aux - 1) in ("aux", "link"):
        aux -= 1
    rel = next((k for k in range(aux - 2, 0, -1) if clause.kind(k) in ("rel", "stop", "sub", "trigger")), 0)
    closed = aux < index or clause.kind(index - 1) == "comma"
    inside = clause.kind(rel) == "rel" and clause.items[rel].start > start and closed
    left = clause.items[rel].start if inside else clause.items[index].start
    return [*clause.words[start:left], *clause.words[clause.items[aux].start : clause.items[index].start]]


def add_realis(clause: Clause, index: int, trigger: Item, people: People, mention: Mention) -> None:
    """Notes negation, doubt and mere possibility, from the words about the verb and the clause before it."""
    lists, words = clause.lists, clause.words
    group: list[str] = []
    k = index - 1
    while clause.kind(k) in ("aux", "link"):
        group += words[clause.items[k].start : clause.items[k].end]
        k -= 1
    doubted = [
        *group,
        *words[max(0, mention.start - 2) : mention.start],
        *words[trigger.end : trigger.end + 1],
    ]
    mention.feared = any(word in lists.feared for word in doubted)
    mention.negated = any(word in lists.grammar.negators for word in group)
    mention.perfect = any(word in lists.perfect for word in group)
    mention.had = any(word in lists.had for word in group) and not any(w in lists.speech for w in words)
    mention.also = any(word in lists.also for word in group)
    mention.unreal = any(word in lists.grammar.modals for word in group)
    start = max(0, trigger.start - _BEFORE) if mention.active else min(people.main.start, trigger.start)
    if any(word in lists.unreal_before for word in _outside_relative(clause, start, index)):
        mention.unreal = True
    if trigger.start and words[trigger.start - 1] in lists.infinitive:
        governor = words[trigger.start - 2] if trigger.start > 1 else ""
        real = governor in lists.real_before or people.main.ordinal is not None  # "the third to die"
        mention.unreal = mention.unreal or not real
    mention.unreal = mention.unreal or (mention.active and _goes_on_infinitive(clause, trigger))
    quoted = words[trigger.start - 1 : trigger.start] == ['"'] == words[trigger.end : trigger.end + 1]
    if quoted and not mention.trigger.weak:
        mention.unreal = True  # the 40 "dead" of a drill
    if any(word in lists.neither for word in words[max(0, mention.start - _NEITHER) : mention.start]):
        mention.negated = True  # "neither he nor she was hurt"
    if mention.active and words[trigger.start - 1] in lists.doing and _would(clause, trigger):
        mention.unreal = True
    if mention.measure == "missing" and any(
        word in lists.found for word in words[trigger.end : trigger.end + _FOUND]
    ):
        mention.negated = True  # "the four missing hikers were found alive"
    before = words[max(0, mention.start - _CAUSING) : mention.start]
    if mention.trigger.frame == "count" and any(word in lists.grammar.modals for word in before):
        mention.unreal = True  # "could cause 44,000 deaths"
    if mention.measure != "injured" and _is_spared(clause, mention.start):
        mention.negated = True
    mention.total = any(word in lists.total for word in words[max(0, mention.start - 3) : mention.end + 4])


def _is_spared(clause: Clause, start: int) -> bool:
    """Whether those who are named from `start` on were saved: "rescued the 12", not "20 rescued, 12 dead"."""
    for word in reversed(clause.words[max(0, start - 3) : start]):
        if word in clause.lists.spared:
            return True
        if not word[0].isalnum() or word in clause.grammar.and_words:
            return False
    return False


def _goes_on_infinitive(clause: Clause, trigger: Item) -> bool:
    """Whether the verb goes on what somebody only wants: "to bomb it and kill 20"."""
    words, lists, start = clause.words, clause.lists, trigger.start
    if (
        start == 0
        or words[start - 1] not in lists.grammar.and_words
        or words[start].endswith(lists.inflected)
    ):
        return False
    if all(one.frame != "active" for one in trigger.triggers):
        return False
    before = range(start - 2, max(0, start - _BACK), -1)
    to = next((k for k in before if words[k] in lists.infinitive), 0)
    return to > 0 and words[to - 1] not in lists.real_before


def _would(clause: Clause, trigger: Item) -> bool:
    """Whether the clause only says what somebody would do: "he'd beat the record by killing 30"."""
    start = trigger.start
    while start > 0 and clause.grammar.kind(clause.words[start - 1]) not in ("sub", "rel", "stop"):
        start -= 1
    words = clause.words[start : trigger.start]
    return any(word in clause.grammar.modals or word in clause.lists.unreal_before for word in words)


def turns_on_attacker(clause: Clause, index: int, people: People) -> bool:
    """Whether "he" who is killed did the deed: "leaving eight dead before he was shot by an officer"."""
    main, frames = people.main, {trigger.frame for trigger in clause.items[index].triggers}
    if (
        "past" not in frames
        or not main.pronoun
        or clause.words[main.start] not in clause.grammar.singular_pronouns
    ):
        return False
    start = next((k for k in range(people.first - 1, -1, -1) if clause.kind(k) in ("sub", "stop")), -1)
    if start < 0 or clause.word(start) not in clause.lists.until:
        return False
    hurt = [mention for mention in clause.mentions if mention.measure in ("killed", "injured", "hit")]
    return any(mention.trigger_end <= clause.items[start].start and not mention.one for mention in hurt)
