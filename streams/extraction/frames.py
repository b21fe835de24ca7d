"""Who is meant: joins each word of harm in a sentence to the people that it is said of.

>>> from streams.extraction.document import read_document
>>> sentence = read_document(None, "A blast killed three men and hurt a nurse.").sentences[0]
>>> [(mention.measure, mention.value) for mention in FrameReader.load("en").read(sentence)]
[('killed', 3), ('injured', 1)]
"""

from dataclasses import replace
from functools import cache

from streams.extraction.attackers import attackers_of, by_police, did_it, doers
from streams.extraction.clauses import Clause, FrameWords, People
from streams.extraction.company import killed_with, with_those_behind
from streams.extraction.conditions import in_place, is_said_of
from streams.extraction.describe import add_agent, add_realis, age_of, name_of, turns_on_attacker
from streams.extraction.document import Sentence
from streams.extraction.either import share_doubt
from streams.extraction.figures import (
    counted,
    dead_beside,
    figure_before,
    figure_behind_toll,
    labelled,
    number_behind,
)
from streams.extraction.grammar import Grammar
from streams.extraction.harm import Trigger
from streams.extraction.items import Item
from streams.extraction.mentions import Mention
from streams.extraction.objects import Objects
from streams.extraction.subjects import Subjects

_ORDER = {"of": 0, "toll": 1, "past": 2, "count": 3, "before": 4, "active": 5}
_TO_WOUND = 6  # tokens


class FrameReader:
    """Reads the mentions of one language."""

    def __init__(self, language: str) -> None:
        self._lists = FrameWords.load(language)

    @staticmethod
    @cache
    def load(language: str) -> "FrameReader":
        """The reader for `language`. Raises LexiconError."""
        return FrameReader(language)

    @property
    def grammar(self) -> Grammar:
        """The grammar that sentences are read with."""
        return self._lists.grammar

    @property
    def anyone(self) -> frozenset[str]:
        """The nouns that may stand for attackers and victims together."""
        return self._lists.anyone

    @property
    def hurt(self) -> frozenset[str]:
        """The nouns for people who were hurt."""
        return self._lists.hurt

    def read(self, sentence: Sentence) -> list[Mention]:
        """Every statement of harm in `sentence` that says of whom."""
        return _Reading(Clause(self._lists, sentence)).run()


class _Reading:
    def __init__(self, clause: Clause) -> None:
        self._clause = clause
        self._subjects, self._objects = Subjects(clause), Objects(clause)
        self._taken: set[tuple[int, str]] = set()  # the object of one verb is not the subject of the next

    def run(self) -> list[Mention]:
        for item in self._clause.items:
            if item.kind == "trigger" and not any(
                in_place(self._clause, item, entry) for entry in item.triggers
            ):
                item.kind = "verb"  # "went to look for them"
        for index, item in enumerate(self._clause.items):
            if item.kind == "trigger":
                self._trigger(index, item)
            for start, end, triggers in item.adjectives:  # "two wounded men"
                toll = number_behind(self._clause, index + 1)  # "the number of martyred officers rose to 7"
                count = toll.count if toll is not None else self._clause.count_of(item)
                trigger = next((one for one in triggers if not one.behind), triggers[0])
                found = trigger.measure == "missing" and (item.start, "killed") in self._taken
                if count is not None and not found:  # "the bodies of three missing hikers"
                    people = People(count, index, index, item)
                    self._mention(index, Item("trigger", start, end), trigger, people, active=False)
        share_doubt(self._clause)
        return self._clause.mentions

    def _trigger(self, index: int, item: Item) -> None:
        """Takes the first reading of the words that finds somebody."""
        for trigger in sorted(item.triggers, key=lambda entry: _ORDER[entry.frame]):
            if not in_place(self._clause, item, trigger):
                continue
            people, active = labelled(self._clause, index, trigger), False
            if people is None:
                people, active = self._people(index, trigger)
            if trigger.suicide and not self._is_doer(people, trigger):
                people = doers(self._clause, index) or People(
                    self._clause.one(item.start, item.end), index, index, item
                )
            if not active and trigger.frame in ("past", "before"):
                people = number_behind(self._clause, index) or people
            if people is None and by_police(self._clause, index, trigger):
                trigger = replace(trigger, suicide=True)  # noqa: PLW2901 - the attacker, whoever killed him
                people = People(self._clause.one(item.start, item.end), index, index, item)
            if active and people is not None and self._clause.kind(index - 1) == "prep":
                people = number_behind(self._clause, people.last + 1) or people
            if people is None or not is_said_of(self._clause, people, trigger, active=active):
                continue
            dead = dead_beside(self._clause, people) if trigger.spares else None
            if dead is not None:
                spared = replace(trigger, measure="killed")
                self._mention(index, item, spared, replace(people, count=dead), active=False)
            else:
                self._mention(index, item, trigger, people, active=active)
            if trigger.joins:
                self._joined(index, item, trigger)
            return

    def _joined(self, index: int, item: Item, trigger: Trigger) -> None:
        others = killed_with(self._clause, self._objects, index)
        if others is not None:
            killed = replace(trigger, suicide=False, joins=False)
            self._mention(index, item, killed, others, active=True)

    def _is_doer(self, people: People | None, trigger: Trigger) -> bool:
        """Whether the people before "then himself" are those who did it, and not their victims."""
        if people is None or (self._clause.items[people.first].start, trigger.measure) in self._taken:
            return False
        return did_it(people)

    def _people(self, index: int, trigger: Trigger) -> tuple[People | None, bool]:
        """Of whom the trigger is said, and whether it is an active verb."""
        if trigger.frame == "toll":
            return figure_behind_toll(self._clause, index) or figure_before(self._clause, index), False
        if trigger.frame == "count":
            return counted(self._clause, index), False
        if trigger.frame in ("of", "active"):
            return self._objects.of(index), True
        item = self._clause.items[index]
        if item.end == item.start + 1 and self._describes_things(index):
            return None, False
        if trigger.frame == "past":
            return self._past(index, weak=trigger.weak)
        people = self._subjects.of(index)
        if people is not None and trigger.adjacent and not self._adjoins(people, index, trigger):
            return None, False
        return people, False

    def _adjoins(self, people: People, index: int, trigger: Trigger) -> bool:
        """Whether people stand right before the trigger; before "in hospital" also with a verb between."""
        between = range(people.last + 1, index)
        return not between or (trigger.transport and all(self._clause.kind(k) == "aux" for k in between))

    def _describes_things(self, index: int) -> bool:
        """Whether the word of harm is an adjective of what is no person: "20 dead dolphins"."""
        clause = self._clause
        if clause.kind(index - 1) != "noun" or clause.kind(index + 1) != "noun":
            return False
        before, after = clause.items[index - 1], clause.items[index + 1]
        bare = after.determiner is None and after.quantity is None and after.person is False
        return bare and before.noun is None and (before.quantity is not None or before.determiner is not None)

    def _past(self, index: int, *, weak: bool) -> tuple[People | None, bool]:
        """ "killed": said of what follows, unless it is passive or nobody follows."""
        if self._is_passive(index):
            return self._subjects.of(index), False
        people = self._objects.of(index)
        if people is not None:
            return people, True
        if self._clause.kind(index + 1) == "noun":
            after = self._clause.items[index + 1]
            if (weak or after.determiner or after.quantity) and after.person is not True:
                return None, True  # "struck a deal", "killed the bill"
        return self._subjects.of(index), False

    def _is_passive(self, index: int) -> bool:
        clause, j = self._clause, index - 1
        while clause.kind(j) in ("link", "aux"):
            if clause.word(j) in clause.grammar.passive:
                return True
            j -= 1
        if clause.kind(j) == "and" and clause.kind(j - 1) == "trigger":
            return self._is_passive(j - 1)
        return False

    def _names_wound(self, item: Item) -> bool:
        """Whether a wound is named behind the trigger: "was hospitalised with a broken arm"."""
        clause = self._clause
        return any(
            word in clause.grammar.harm.wounds for word in clause.words[item.end : item.end + _TO_WOUND]
        )

    def _mention(self, index: int, item: Item, trigger: Trigger, people: People, *, active: bool) -> None:
        clause, main, count = self._clause, people.main, people.count
        if count is None:
            return
        before = set(clause.words[: main.start])
        rose = not clause.lists.risen.isdisjoint(before) and clause.grammar.modals.isdisjoint(before)
        if count.rule == "range_from" and rose:
            count = replace(count, low=count.high, best=count.high)  # "rose from 12 to 17"
        start, end = clause.items[people.first].start, clause.items[people.last].end
        behind = clause.words[end : end + 2]
        measure = "killed" if active and behind in clause.lists.to_death else trigger.measure
        if main.quantity is not None and not people.members:
            start, end = main.quantity.start_token, main.quantity.end_token
        if (start, measure) in self._taken and not people.shared:
            return
        self._taken.add((start, measure))
        count = count if active else with_those_behind(clause, self._objects, index, people, count)
        mention = Mention(
            measure=measure,
            count=count,
            sentence=clause.sentence.index,
            start=start,
            end=end,
            trigger_start=item.start,
            trigger_end=item.end,
            trigger=trigger,
            one=count.rule == "one_person",
            age=age_of(clause, people),
            name=name_of(clause, people),
            noun=clause.words[main.head] if main.noun is not None and main.head >= 0 else None,
            group=main.noun.group if main.noun is not None else None,
            definite=main.pronoun or main.determiner in clause.grammar.definite,
            part=people.part,
            more=main.more or any(member.more for member in people.members),
            bare=count.rule == "bare_plural",
            ordinal=main.ordinal,
            active=active,
            which=active and clause.kind(index - 1) == "rel",
            attackers=attackers_of(clause, people, trigger),
            people=(main.start, main.end) if main.noun is not None or main.name else None,
        )
        if clause.kind(people.first - 1) == "verb" and clause.word(people.first - 1) in clause.lists.leaving:
            mention.active = True
        mention.wounded = self._names_wound(item)
        if measure == "killed" and turns_on_attacker(clause, index, people):
            mention.attackers = 1
        add_agent(clause, index, mention)
        add_realis(clause, index, item, people, mention)
        if not self._is_graver_part(mention):
            clause.mentions.append(mention)

    def _is_graver_part(self, mention: Mention) -> bool:
        """Whether a sentence only says how badly some of the hurt are: "6 shot, one critically hurt"."""
        clause, value = self._clause, mention.value
        if mention.measure != "injured" or not value:
            return False
        words = clause.words[max(0, mention.trigger_start - 1) : mention.trigger_end]
        if clause.grammar.gravely.isdisjoint(words):
            return False
        return any(one.measure in ("hit", "injured") and (one.value or 0) > value for one in clause.mentions)
