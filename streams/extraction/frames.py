"""Who is meant: joins each word of harm in a sentence to the people that it is said of."""

from dataclasses import dataclass
from functools import cache

from schemas import Count
from streams.extraction.conventions import load_conventions
from streams.extraction.document import Sentence
from streams.extraction.grammar import Grammar, Item
from streams.extraction.harm import Trigger
from streams.extraction.lexicon import word_list, word_set
from streams.extraction.mentions import Mention

_REACH = 16  # items that a subject may lie before its verb


@dataclass(slots=True)
class People:
    """Some people in a sentence: how many, the items they take, and what is known of them."""

    count: Count | None
    first: int
    last: int
    main: Item
    part: bool = False
    relative: bool = False
    of_total: Count | None = None
    members: tuple[Item, ...] = ()
    shared: bool = False


class FrameReader:
    """Reads the mentions of one language."""

    def __init__(self, language: str) -> None:
        self.grammar = Grammar.load(language)
        self.conventions = load_conventions(language)
        self.feared = word_set(language, "realis", "feared")
        self.unreal_before = word_set(language, "realis", "unreal_before")
        self.real_before = word_set(language, "realis", "real_before")
        self.speech = word_set(language, "realis", "speech")
        self.fatally = word_set(language, "realis", "fatally")
        self.total_words = word_set(language, "realis", "total")
        self.risen_from = word_set(language, "realis", "risen_from")
        self.infinitive = word_set(language, "grammar", "infinitive")
        self.someone = word_set(language, "realis", "someone")
        self.being = word_set(language, "realis", "being")
        self.also = word_set(language, "realis", "also")
        self.to_death = [phrase.split() for phrase in word_list(language, "realis", "to_death")]
        self.by = word_set(language, "realis", "by")
        self.spared = word_set(language, "realis", "spared")

    @staticmethod
    @cache
    def load(language: str) -> "FrameReader":
        """The reader for `language`. Raises LexiconError."""
        return FrameReader(language)

    def read(self, sentence: Sentence) -> list[Mention]:
        """Every statement of harm in `sentence` that says of whom."""
        return _Reading(self, sentence).run()


class _Reading:
    def __init__(self, reader: FrameReader, sentence: Sentence) -> None:
        self.reader = reader
        self.grammar = reader.grammar
        self.sentence = sentence
        self.tokens = sentence.tokens
        self.words = [token.lower for token in sentence.tokens]
        self.items = reader.grammar.items(sentence)
        self.mentions: list[Mention] = []
        self.taken: set[tuple[int, str]] = set()  # the object of one verb is not the subject of the next

    def run(self) -> list[Mention]:
        for index, item in enumerate(self.items):
            if item.kind == "trigger":
                self._trigger(index, item)
            else:
                for start, end, triggers in item.adjectives:
                    self._adjective(index, item, start, end, triggers)
        return self.mentions

    # --- the frames

    def _trigger(self, index: int, item: Item) -> None:
        triggers = item.triggers
        order = {"of": 0, "toll": 1, "past": 2, "count": 3, "before": 4, "active": 5}
        for trigger in sorted(triggers, key=lambda entry: order[entry.frame]):
            people: People | None = None
            active = False
            if not self._in_place(item, trigger):
                continue
            if trigger.frame == "toll":
                people = self._after_toll(index)
            elif trigger.frame == "count":
                people = self._counted(index)
            elif trigger.frame in ("of", "active"):
                people, active = self._object(index), True
            elif trigger.frame == "before":
                people = self._subject(index)
                if people is not None and trigger.adjacent and people.last != index - 1:
                    people = None
            elif trigger.frame == "past":
                people, active = self._past(index, weak=trigger.weak)
            if trigger.suicide and (people is None or people.count is None or people.part):
                people = self._the_one(index, item)
            if people is None or people.count is None:
                continue
            if trigger.exact and active and people.count.best is None:
                continue
            if trigger.weak and not self._surely_people(people.main, trigger):
                continue
            self._mention(index, item, trigger, people, active)
            return

    @staticmethod
    def _surely_people(item: Item, trigger: Trigger) -> bool:
        """Whether nothing but people can be meant: "hit three pedestrians", but not "hit an all-time low"."""
        if item.noun is not None or item.age is not None or (item.pronoun and item.person):
            return True
        if item.quantity is not None:
            return item.head < 0
        return item.name and trigger.cause is not None

    def _in_place(self, item: Item, trigger: Trigger) -> bool:
        """Whether the words are about that a trigger needs about it."""
        if trigger.near:
            near = trigger.near.split()
            if not any(word in near for word in self.words[max(0, item.start - 6) : item.end + 4]):
                return False
        if trigger.about:
            about = trigger.about.split()
            return any(word in about for word in self.words)
        if trigger.wound:
            return any(word in self.grammar.harm.wounds for word in self.words[item.end : item.end + 6])
        if trigger.place:
            start = self.tokens[item.end - 1].end
            end = self.tokens[min(len(self.tokens), item.end + 9) - 1].end
            offset = self.sentence.start
            return bool(self.grammar.harm.hospital.search(self.sentence.text, start - offset, end - offset))
        return True

    def _the_one(self, index: int, item: Item) -> People:
        """Whoever it was, he killed himself: one."""
        return People(self._one(item.start, item.end), index, index, item)

    def _past(self, index: int, *, weak: bool) -> tuple[People | None, bool]:
        """ "killed": said of what follows, unless it is passive or nobody follows."""
        if self._is_passive(index):
            return self._subject(index), False
        follows = self._object(index)
        if follows is not None:
            return follows, True
        after = self.items[index + 1] if index + 1 < len(self.items) else None
        if (
            after is not None
            and after.kind == "noun"
            and (weak or after.determiner)
            and after.person is not True
        ):
            return None, True  # "struck a deal", "killed the bill"
        return self._subject(index), False

    def _is_passive(self, index: int) -> bool:
        j = index - 1
        while j >= 0 and self.items[j].kind in ("link", "aux"):
            if self.words[self.items[j].start] in self.grammar.passive:
                return True
            j -= 1
        if j >= 0 and self.items[j].kind == "and" and j and self.items[j - 1].kind == "trigger":
            return self._is_passive(j - 1)
        return False

    def _adjective(self, index: int, item: Item, start: int, end: int, triggers: tuple[Trigger, ...]) -> None:
        """ "two wounded men"."""
        count = self._count_of(item)
        if count is None:
            return
        people = People(count, index, index, item)
        self._mention(index, Item("trigger", start, end), triggers[0], people, active=False)

    def _counted(self, index: int) -> People | None:
        """ "12 deaths", "a dozen confirmed fatalities", "no injuries"."""
        if index == 0:
            return None
        left = self.items[index - 1]
        k = index - 1
        while left.kind == "link" and k > 0:
            k -= 1
            left = self.items[k]
        if left.kind != "noun" or left.name or left.pronoun:
            return None
        if left.quantity is not None:
            if left.person and left.noun is not None and not left.noun.singular:
                return None
            return People(left.quantity.count, k, k, left)
        word = self.words[self.items[index].start]
        follows = self.items[index + 1] if index + 1 < len(self.items) else None
        if (
            left.determiner in self.grammar.indefinite
            and word in self.grammar.harm.singular
            and not left.more
        ):
            if follows is None or follows.kind != "noun":
                return People(self._one(left.start, self.items[index].end), k, k, left)
        return None

    def _after_toll(self, index: int) -> People | None:
        """ "the death toll rose to 12", "deaths: 12"."""
        j = index + 1
        while j < min(len(self.items), index + 15):
            item = self.items[j]
            if item.kind in ("trigger", "sub", "rel", "and"):
                return None
            if item.kind == "noun" and item.quantity is not None and item.person is not False:
                before = self.items[j - 1]
                word = self.words[before.start]
                if (
                    before.kind == "comma"
                    or (word in self.grammar.of and j > index + 2)
                    or word in self.reader.risen_from
                ):
                    j += 1
                    continue
                return People(item.quantity.count, j, j, item)
            j += 1
        return None

    # --- people after the trigger

    def _object(self, index: int) -> People | None:
        j = index + 1
        while j < len(self.items) and self.items[j].kind == "link":
            j += 1
        trigger = self.items[index].triggers[0]
        strong = trigger.measure == "killed" and not self.sentence.capitals
        people = self._people_at(j, strong=strong)
        if people is None:
            return None
        return self._and_more(people, strong=strong)

    def _people_at(self, j: int, *, strong: bool = False) -> People | None:
        """The people that the noun phrase at `j` stands for, with "of ..." behind it.

        Behind a `strong` verb somebody unknown is a person: "shot dead a pharmacy owner".
        """
        if j >= len(self.items):
            return None
        item = self.items[j]
        if item.kind != "noun" or self.words[item.start] in self.grammar.reflexives:
            return None
        if item.pronoun and self.words[item.start] in self.grammar.them:
            return self._them(j, item)
        if self._heads_of(j):
            inner = self.items[j + 2]
            return self._partitive(j, item, inner)
        if not self._may_be_people(item):
            if not (strong and item.person is None and item.determiner in self.reader.someone):
                return None
            return People(self._one(item.start, item.end), j, j, item)
        return People(self._count_of(item), j, j, item)

    def _them(self, j: int, item: Item) -> People | None:
        """ "shot three men, killing them": those of the mention before, in this sentence."""
        before = [mention for mention in self.mentions if mention.value and mention.value > 1]
        return People(before[-1].count, j, j, item) if before else None

    def _heads_of(self, j: int) -> bool:
        """Whether the noun phrase at `j` goes on with "of" and people: "two of the men", "a total of 12"."""
        if j + 2 >= len(self.items) or self.items[j + 1].kind != "prep":
            return False
        if self.words[self.items[j + 1].start] not in self.grammar.of:
            return False
        item, inner = self.items[j], self.items[j + 2]
        if inner.kind == "rel":
            return item.quantity is not None
        if inner.kind != "noun":
            return False
        head = self.words[item.head] if item.head >= 0 else ""
        return (
            (item.quantity is not None and item.head < 0)
            or head in self.grammar.groups
            or (item.quantity is not None and item.noun is None and self._may_be_people(inner))
        )

    def _partitive(self, j: int, item: Item, inner: Item) -> People | None:
        if inner.kind == "noun" and inner.person is False:
            return None
        them = self.words[inner.start] in self.grammar.them and inner.end == inner.start + 1
        if item.quantity is not None:
            definite = inner.determiner is not None and inner.determiner in self.grammar.definite
            whole = inner.quantity.count if inner.kind == "noun" and inner.quantity is not None else None
            main = Item(
                "noun",
                item.start,
                inner.end,
                quantity=item.quantity,
                head=inner.head,
                noun=inner.noun,
                person=True,
            )
            return People(
                item.quantity.count,
                j,
                j + 2,
                main,
                part=them or definite or whole is not None,
                of_total=whole,
            )
        if inner.kind == "noun" and inner.quantity is not None:  # "a total of 12", "a group of five"
            main = Item(
                "noun",
                item.start,
                inner.end,
                quantity=inner.quantity,
                head=inner.head,
                noun=inner.noun,
                person=inner.person,
            )
            return People(inner.quantity.count, j, j + 2, main)
        return None

    def _and_more(self, people: People, *, strong: bool = False) -> People:
        """Adds what is joined on: "a man and two women", "two in Ohio and three in Texas"."""
        joined: list[Item] = [people.main]
        counts = [people.count]
        j = people.last + 1
        last = people.last
        commas: list[tuple[Item, Count | None, int]] = []
        while j < len(self.items):
            j = self._skip_phrases(j)
            if j >= len(self.items) or self.items[j].kind not in ("and", "comma"):
                break
            kind = self.items[j].kind
            k = j + 1
            if kind == "comma" and k < len(self.items) and self.items[k].kind == "and":
                kind, k = "and", k + 1
            if kind == "comma" and k < len(self.items) and self.items[k].kind == "age":
                j = k + 1
                continue
            follows = self._people_at(k, strong=strong)
            if follows is None or not self._joinable(follows.main) or self._is_subject(follows.last):
                break
            if follows.main.name and people.main.quantity is not None:
                break  # "41 people across India and Sri Lanka"
            if kind == "comma":
                commas.append((follows.main, follows.count, follows.last))
            else:
                for item, count, _ in commas:
                    joined.append(item)
                    counts.append(count)
                commas = []
                joined.append(follows.main)
                counts.append(follows.count)
                last = follows.last
            j = follows.last + 1
        if (
            commas
            and j < len(self.items)
            and self.items[j].kind == "trigger"
            and self.items[j].triggers[0].suicide
        ):
            joined += [item for item, _, _ in commas]  # "his wife, his son and himself"
            counts += [count for _, count, _ in commas]
        if len(joined) > 1:
            rest = add_counts(counts[1:])
            first = counts[0]
            if (
                first is not None
                and rest is not None
                and first.value is not None
                and first.value == rest.value
                and first.value > 1
            ):
                return people  # "three people, a man and two women"
            total = add_counts(counts)
            if total is not None:
                people.count = total
                people.last = last
                people.members = tuple(joined)
        return people

    def _skip_phrases(self, j: int) -> int:
        """Past places, dates and ages that follow people: "in the city of X", ", 34", "on Monday"."""
        while j < len(self.items):
            kind = self.items[j].kind
            if kind == "prep" and j + 1 < len(self.items) and self.items[j + 1].kind in ("noun", "other"):
                j += 2
            elif kind == "comma" and j + 1 < len(self.items) and self.items[j + 1].kind == "age":
                j += 2
            elif kind == "noun" and (
                self.items[j].name and self.items[j].quantity is None or self._is_day(j)
            ):
                j += 1
            elif kind == "other" and self.words[self.items[j].start] not in ('"', ".", "?", "!"):
                j += 1
            else:
                break
        return j

    def _is_day(self, j: int) -> bool:
        return self.words[self.items[j].start] in self.grammar.days

    def _joinable(self, item: Item) -> bool:
        return bool(
            item.quantity is not None
            and not self._is_no(item)
            or (item.person and not item.pronoun)
            or (item.name and item.end - item.start > 1)
        )

    def _is_subject(self, j: int) -> bool:
        """Whether a verb of its own follows the noun phrase at `j`."""
        k = self._skip_phrases(j + 1)
        while k < len(self.items) and self.items[k].kind == "link":
            k += 1
        if k >= len(self.items):
            return False
        item = self.items[k]
        if item.kind == "aux":
            return True
        return item.kind == "trigger" and any(
            trigger.frame in ("past", "before", "count") for trigger in item.triggers
        )

    # --- people before the trigger

    def _subject(self, index: int) -> People | None:
        items = self.items
        j = index - 1
        closed = relative = False
        steps = 0
        while j >= 0 and steps < _REACH:
            steps += 1
            item = items[j]
            kind = item.kind
            if kind in ("aux", "link", "other", "age"):
                if kind == "other" and self.words[item.start] in ('"',) and j < index - 1:
                    pass
                j -= 1
            elif kind == "rel":
                relative = True
                j -= 1
            elif kind == "comma":
                closed = True
                j -= 1
            elif kind == "stop":
                if self.words[item.start] == ")":
                    while j >= 0 and self.words[items[j].start] != "(":
                        j -= 1
                    j -= 1
                    continue
                if self.words[item.start] in ("--", "—", "–", "("):
                    return None
                return None
            elif kind == "and":
                if j and items[j - 1].kind == "trigger" and j >= index - 3:
                    return self._shared(j - 1, index)
                if j == index - 1 or all(items[k].kind in ("aux", "link") for k in range(j + 1, index)):
                    return self._clause_subject(j)
                j -= 1
            elif kind == "noun":
                antecedent = relative and all(
                    items[k].kind in ("rel", "aux", "link") for k in range(j + 1, index)
                )
                being = all(self.words[items[k].start] in self.reader.being for k in range(j + 1, index))
                found = self._left_people(j, closed, reduced=being or antecedent)
                if isinstance(found, int):
                    j = found
                    continue
                if found is not None:
                    found.relative = relative
                return found
            elif kind == "verb":
                if self.words[item.start] in self.reader.speech:
                    return None
                j -= 1
            elif kind == "prep":
                if j == index - 1 and self.words[item.start] not in self.reader.infinitive:
                    return None
                j -= 1
            elif kind == "incl":
                j -= 1
            elif kind == "trigger":
                if item.triggers[0].transport or item.triggers[0].frame in ("active",):
                    return None
                if relative or closed or j < index - 1:
                    j -= 1
                    closed = True
                    continue
                # "shot dead": two words of one state
                j -= 1
            else:  # sub
                return None
        return None

    def _shared(self, before: int, index: int) -> People | None:
        """The people of the trigger at `before`, which this one shares: "were shot and robbed"."""
        trigger = self.items[before].triggers[0]
        if trigger.frame in ("past", "before"):
            people = self._subject(before)
            if people is not None:
                people.shared = True
            return people
        return None

    def _clause_subject(self, end: int) -> People | None:
        """The first people of the clause that ends before `end`: "the driver hit a tree and died"."""
        start = end
        while start > 0 and self.items[start - 1].kind not in ("sub", "stop", "rel"):
            start -= 1
        for j in range(start, end):
            item = self.items[j]
            if item.kind == "trigger" and item.triggers[0].frame != "past":
                continue
            if item.kind == "noun" and (j == start or self.items[j - 1].kind not in ("prep", "incl")):
                people = self._people_at(j)
                if people is not None and people.count is not None:
                    people.shared = True
                    return people
        return None

    def _left_people(self, j: int, closed: bool, *, reduced: bool = False) -> People | int | None:
        """The people that end at item `j`; an index to go on from where they are only an addition; or None."""
        items = self.items
        item = items[j]
        before = items[j - 1] if j else None
        if before is not None and before.kind == "prep":
            if (
                self.words[before.start] in self.grammar.of
                and j >= 2
                and items[j - 2].kind == "noun"
                and self._heads_of(j - 2)
            ):
                if reduced and item.quantity is not None and items[j - 2].quantity is not None:
                    return People(item.quantity.count, j, j, item)  # "one of five people shot"
                people = self._partitive(j - 2, items[j - 2], item)
                if people is None:
                    return None
                return self._extend_left(people, closed)
            if (
                reduced
                and self._may_be_people(item)
                and (item.quantity or item.determiner in self.grammar.indefinite)
            ):
                return self._extend_left(People(self._count_of(item), j, j, item), closed)  # "with 12 dead"
            return j - 2
        if before is not None and before.kind == "incl":
            return j - 2
        if item.name and before is not None and before.kind == "and" and self._in_phrase(j - 2):
            return j - 2  # "20 people across India and Bangladesh died"
        if item.pronoun and self.words[item.start] in self.grammar.reflexives:
            return j - 1
        if not self._may_be_people(item):
            if (
                item.quantity is None
                and item.determiner is None
                and not item.name
                and before is not None
                and before.kind in ("noun", "other")
            ):
                return j - 1  # "Four people early Saturday were shot"
            if closed and before is not None:
                return j - 1  # "the attackers, armed with rifles and a knife, were shot"
            return None
        if before is not None and before.kind == "rel" and item.quantity is None:
            return None
        if (
            item.name
            and before is not None
            and before.kind == "noun"
            and before.person
            and before.quantity is None
        ):
            if j >= 2 and items[j - 2].kind == "incl":
                return j - 3
            people = People(self._count_of(before), j - 1, j, before)
            people.members = (before, item)
            return self._extend_left(people, closed)
        people = People(self._count_of(item), j, j, item)
        return self._extend_left(people, closed)

    def _in_phrase(self, j: int) -> bool:
        """Whether the noun phrase at `j` hangs on a preposition, a list of names among them."""
        while (
            j >= 2
            and self.items[j].kind == "noun"
            and self.items[j].name
            and self.items[j - 1].kind == "comma"
        ):
            j -= 2
        return j >= 1 and self.items[j].kind == "noun" and self.items[j - 1].kind == "prep"

    def _extend_left(self, people: People, closed: bool) -> People:
        """Adds what is joined on to the left, and prefers the whole to what only describes it."""
        items = self.items
        members: list[Item] = [people.main]
        counts = [people.count]
        j = people.first - 1
        joined = False
        while j > 0 and items[j].kind in ("and", "comma"):
            kind = items[j].kind
            k = j - 1
            if kind == "and" and items[k].kind == "comma":
                k -= 1
            while k > 0 and items[k].kind == "age":
                k -= 1
                if items[k].kind == "comma":
                    k -= 1
            while (
                k > 1
                and items[k].kind == "noun"
                and items[k - 1].kind == "prep"
                and not self._of_people(k - 2)
            ):
                k -= 2
            if k < 0 or items[k].kind != "noun" or not self._may_be_people(items[k]):
                break
            left = items[k]
            of = k >= 2 and items[k - 1].kind == "prep" and self._of_people(k - 2)
            whole = (
                self._partitive(k - 2, items[k - 2], left) if of else People(self._count_of(left), k, k, left)
            )
            if whole is None:
                break
            start = whole.first
            ahead = items[start - 1] if start else None
            if ahead is not None and ahead.kind == "incl":
                # "12 people, including a child and two women, were": go back to the whole
                m = start - 2
                if m >= 0 and items[m].kind == "comma":
                    m -= 1
                found = self._left_people(m, closed) if m >= 0 and items[m].kind == "noun" else None
                return found if isinstance(found, People) and found.count is not None else people
            if ahead is not None and (
                ahead.kind in ("prep", "rel")
                or ahead.kind == "trigger"
                and ahead.triggers[0].frame in ("past", "active")
            ):
                if ahead.kind != "trigger" or kind == "and":
                    break
            if kind == "comma" and not joined:
                if (
                    whole.count is not None
                    and whole.main.quantity is not None
                    and (people.main.quantity is None or closed)
                ):
                    whole.members = (whole.main,)
                    return whole  # "15 people, mostly civilians, died"
                if left.name and closed:
                    return People(
                        self._one(left.start, left.end), k, k, left
                    )  # "Hill, a father of two, died"
                break
            if kind == "and" and not self._joinable(left) and not left.name:
                break
            if kind == "comma":
                rest = add_counts(counts)
                if (
                    whole.count is not None
                    and rest is not None
                    and whole.count.value is not None
                    and (
                        (whole.count.value == rest.value and (closed or _general(whole.main)))
                        or (closed and (whole.count.value or 0) > (rest.value or 0))
                    )
                ):
                    return whole  # "six people, three men and three women, were"
                if not self._joinable(left):
                    break
            joined = True
            members.append(left)
            counts.append(whole.count)
            people.first = whole.first
            j = people.first - 1
        if len(members) > 1:
            total = add_counts(counts)
            if total is not None:
                people.count = total
                people.members = tuple(members)
        return people

    def _of_people(self, j: int) -> bool:
        return j >= 0 and self.items[j].kind == "noun" and self._heads_of(j)

    # --- counts

    def _may_be_people(self, item: Item) -> bool:
        if item.person is False:
            return False
        if item.person or item.quantity is not None:
            return True
        if item.pronoun:
            return False
        if item.name:
            return self.words[item.start] not in self.grammar.days
        return self._elliptical(item)

    def _elliptical(self, item: Item) -> bool:
        """ "another", "the other": somebody who needs no noun."""
        if not item.more or item.determiner is None or item.noun is not None:
            return False
        return item.head < 0 or self.words[item.head] in self.grammar.others

    def _is_no(self, item: Item) -> bool:
        return item.quantity is not None and item.quantity.count.high == 0

    def _count_of(self, item: Item) -> Count | None:
        """How many a noun phrase stands for; None where it does not say."""
        if item.quantity is not None:
            return item.quantity.count
        text = self._text(item.start, item.end)
        if item.pronoun:
            return (
                self._one(item.start, item.end)
                if self.words[item.start] in self.grammar.singular_pronouns
                else None
            )
        if item.noun is not None:
            if item.determiner in self.grammar.every:
                return None
            if item.noun.singular and not item.noun.plural:
                return self._one(item.start, item.end)
            if item.noun.plural and item.determiner is None:
                return self.reader.conventions.count("bare_plural", text)
            if item.noun.singular and item.determiner in self.grammar.indefinite:
                return self._one(item.start, item.end)
            return None
        if self._elliptical(item):
            return self._one(item.start, item.end)
        if item.age is not None:
            plural = self.words[item.end - 1].endswith("olds")
            return None if plural else self._one(item.start, item.end)
        if item.name and item.end - item.start >= 1:
            return self._one(item.start, item.end)
        return None

    def _one(self, start: int, end: int) -> Count:
        return self.reader.conventions.count("one_person", self._text(start, end))

    def _text(self, start: int, end: int) -> str:
        offset = self.sentence.start
        return self.sentence.text[self.tokens[start].start - offset : self.tokens[end - 1].end - offset]

    # --- what is said of them

    def _mention(self, index: int, item: Item, trigger: Trigger, people: People, active: bool) -> None:
        count = people.count
        assert count is not None
        measure = "killed" if active and self._to_death(people.last) else trigger.measure
        first, last = self.items[people.first], self.items[people.last]
        start, end = first.start, last.end
        main = people.main
        if main.quantity is not None and not people.members:
            start, end = main.quantity.start_token, main.quantity.end_token
        key = (start, measure)
        if key in self.taken and not people.shared:
            return
        self.taken.add(key)
        one = count.rule == "one_person"
        noun = self.words[main.head] if main.noun is not None and main.head >= 0 else None
        name = self._name(people)
        mention = Mention(
            measure=measure,
            count=count,
            sentence=self.sentence.index,
            start=start,
            end=end,
            trigger_start=item.start,
            trigger_end=item.end,
            one=one,
            age=main.age if main.age is not None else self._age_after(people.last),
            name=name,
            noun=noun,
            group=main.noun.group if main.noun is not None else None,
            definite=main.pronoun or (main.determiner in self.grammar.definite) or people.relative and False,
            part=people.part,
            more=main.more or any(member.more for member in people.members),
            bare=count.rule == "bare_plural",
            ordinal=main.ordinal,
            suicide=trigger.suicide,
            bomber=trigger.bomber,
            natural=trigger.natural,
            statistic=trigger.statistic,
            active=active,
            which=active and index > 0 and self.items[index - 1].kind == "rel",
            transport=trigger.transport,
            toll=trigger.frame == "toll",
            of_total=people.of_total,
            cause=trigger.cause,
        )
        if main.start < main.end and (main.noun is not None or main.name):
            mention.people = (main.start, main.end)
        self._agent(index, mention, active)
        mention.attacker = trigger.suicide or mention.group == "attacker"
        self._realis(index, item, people, mention, active)
        mention.total = any(
            word in self.reader.total_words for word in self.words[max(0, start - 3) : end + 4]
        )
        self.mentions.append(mention)

    def _to_death(self, j: int) -> bool:
        """Whether "to death" follows: "stabbed four people to death"."""
        return self.words[self.items[j].end : self.items[j].end + 2] in self.reader.to_death

    def _agent(self, index: int, mention: Mention, active: bool) -> None:
        """Who did it: the subject of "killed", or what follows "by"."""
        items = self.items
        j = -1
        if active:
            found = next(
                (k for k in range(index - 1, -1, -1) if items[k].kind in ("noun", "sub", "stop", "trigger")),
                -1,
            )
            j = found if found >= 0 and items[found].kind == "noun" else -1
        elif (
            index + 2 < len(items)
            and items[index + 1].kind == "prep"
            and self.words[items[index + 1].start] in self.reader.by
        ):
            j = index + 2
        if j < 0 or items[j].kind != "noun" or items[j].pronoun or not (items[j].name or items[j].noun):
            return
        item = items[j]
        mention.agent = (item.start, item.end)
        mention.agent_role = self.words[item.head] if item.noun is not None and item.head >= 0 else "agent"

    def _name(self, people: People) -> str | None:
        for member in (people.main, *people.members):
            if member.name:
                return self._text(member.start, member.end)
        before = people.first - 1
        if (
            people.main.age is not None
            and before > 0
            and self.items[before].kind == "comma"
            and self.items[before - 1].name
        ):
            return self._text(self.items[before - 1].start, self.items[before - 1].end)
        after = people.last + 1
        if after < len(self.items) and self.items[after].kind == "noun" and self.items[after].name:
            return self._text(self.items[after].start, self.items[after].end)
        return None

    def _age_after(self, j: int) -> int | None:
        for k in (j + 1, j + 2):
            if k < len(self.items) and self.items[k].kind == "age":
                quantity = self.items[k].quantity
                return quantity.count.best if quantity is not None else None
        return None

    def _realis(self, index: int, item: Item, people: People, mention: Mention, active: bool) -> None:
        """Negation, doubt and mere possibility, from the words about the verb and the clause before it."""
        grammar, reader, words = self.grammar, self.reader, self.words
        low = max(0, item.start - 6) if active else max(0, min(people.main.start, item.start))
        verb_group = []
        k = index - 1
        while k >= 0 and self.items[k].kind in ("aux", "link"):
            verb_group += words[self.items[k].start : self.items[k].end]
            k -= 1
        ahead = words[item.end : item.end + 2]
        if (
            any(word in reader.feared for word in verb_group)
            or any(word in reader.feared for word in words[max(0, mention.start - 2) : mention.start])
            or any(word in reader.feared for word in ahead[:1])
        ):
            mention.feared = True
        if any(word in grammar.negators for word in verb_group):
            mention.negated = True
        mention.also = any(word in reader.also for word in verb_group)
        if any(word in grammar.modals for word in verb_group):
            mention.unreal = True
        before = words[item.start - 1] if item.start else ""
        if before == "to" or (before in words and before == "to"):
            governor = words[item.start - 2] if item.start > 1 else ""
            if governor not in reader.real_before:
                mention.unreal = True
        window = words[low : item.start]
        if active:
            window = words[max(0, item.start - 5) : item.start]
        if any(word in reader.unreal_before for word in window):
            mention.unreal = True
        if mention.measure == "killed" and any(
            word in reader.spared for word in words[max(0, mention.start - 3) : mention.start]
        ):
            mention.negated = True


def _general(item: Item) -> bool:
    """Whether a noun names people as such, whom others may be part of."""
    return item.noun is not None and item.noun.group == "general"


def add_counts(counts: list[Count | None]) -> Count | None:
    """The sum, open wherever a part is open; None where a part is unknown."""
    if any(count is None or count.value is None for count in counts):
        return None
    known = [count for count in counts if count is not None]

    def total(ends: list[int | None]) -> int | None:
        numbers = [end for end in ends if end is not None]
        return sum(numbers) if len(numbers) == len(ends) else None

    low = total([count.low if count.low is not None else 0 for count in known])
    return Count(
        low=low,
        best=total([count.best for count in known]),
        high=total([count.high for count in known]),
        text=" + ".join(count.text or "" for count in known),
        rule="sum",
    )
