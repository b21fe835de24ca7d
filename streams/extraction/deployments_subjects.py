"""The force that a verb is about, when it stands before the verb with something in between."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from streams.extraction.deployments_mentions import Mention
from streams.extraction.deployments_verbs import Verbs
from streams.extraction.lexicon import word_list, word_set

_FILE = "deployments"
_LONGEST = 10  # tokens of a phrase between a force and its verb
_INSERTION = 16
_INSERTIONS = 2  # brackets and dashes between a force and its verb
_SENDER = 11  # tokens of "that the ... alliance" between a force and the verb that sends it
_PASSIVE_REACH = 16


class SubjectReader:
    """Finds subjects in one language; the words are in `deployments.toml`."""

    def __init__(self, language: str) -> None:
        def words(*keys: str) -> frozenset[str]:
            return word_set(language, _FILE, *keys)

        self._verbs = Verbs.load(language).words
        self._adverbs, self._relative = words("grammar", "adverbs"), words("grammar", "relative")
        self._be = words("grammar", "be")
        self._reduced, self._origin = words("grammar", "reduced"), words("grammar", "origin")
        self._joiners = words("grammar", "joiners")
        self._possessive = word_set(language, "forces", "boundaries", "possessive")
        self._and = self._joiners - {","}
        self._endings = word_list(language, "forms", "participles")
        self._auxiliary = self._be | words("grammar", "have") | words("realis", "will")
        self._auxiliary |= words("realis", "may") | words("realis", "would")
        self._no_finite = self._relative | word_set(language, "grammar", "infinitive")
        self._finite = (self._auxiliary - words("grammar", "not_finite")) | words("grammar", "speech")
        of = word_set(language, "forces", "extra", "of")
        self._prepositions = words("grammar", "prepositions") | of
        self._reinforcing = word_set(language, "forces", "extra", "words")
        self._by, self._to = words("grammar", "by"), words("grammar", "to")
        self._bound_for, self._times = words("grammar", "bound_for"), words("not_a_place", "times")
        self._with = words("grammar", "with")
        self._prepositions |= self._with
        self._dashes = words("grammar", "dashes") - {":"}
        made = (phrase.split() for phrase in word_list(language, _FILE, "beside", "made_up"))
        self._made_of = [phrase for phrase in made if phrase[-1] in of]
        self._inner = self._prepositions - of
        self._determiners = word_set(language, "forces", "extra", "determiners")
        self._participles, self._stock = words("grammar", "participles"), words("stock", "verbs")
        self._stops = (
            self._auxiliary | words("grammar", "speech") | words("grammar", "clause") | self._relative
        )
        self._nouns = words("nouns", "send")
        self._ends = (self._stops - words("grammar", "joiners")) | {","}
        self._led = (words("realis", "planned_before_to") | words("realis", "reported")).union(
            *(words("realis", kind) for kind in ("denied", "hypothetical", "ordered", "planned", "actual"))
        )

    @staticmethod
    @cache
    def load(language: str) -> "SubjectReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return SubjectReader(language)

    def find(
        self, lowers: list[str], mentions: list[Mention], end: int, *, infinitive: bool = False
    ) -> tuple[Mention, bool] | None:
        """The force before the verb whose auxiliaries begin at `end`, and whether a relative ties both.

        Before an infinitive the verb that governs it may stand between: "were ordered to", "refused to".
        """
        end = self._before_insertion(lowers, end)
        if end > 1 and end < len(lowers) and lowers[end] in self._auxiliary and lowers[end - 1] in self._to:
            end, infinitive = end - 1, True  # "are said to have crossed"
        while infinitive and end > 0 and lowers[end - 1] in self._led | self._auxiliary | self._adverbs:
            end -= 1
        before = [mention for mention in mentions if mention.end <= end]
        if end and lowers[end - 1] == "," and not (before and before[-1].end == end):
            return self._around_comma(lowers, before, end)
        if not before:
            return None
        mention, carried = before[-1], False
        for outer in reversed(before[:-1]):  # "troops from the army": the first is meant
            link = lowers[outer.end : mention.start]
            linked = len(link) == 1 and link[0] in self._prepositions
            led = len(link) == 2 and link[0] in self._participles and link[1] in self._by
            if not linked and not led and not self._carries(link):
                break
            carried = carried or (not linked and not led) or (linked and link[0] in self._with)
            mention = outer
        if carried and before[-1].end == end:
            return mention, False
        gap = [word for word in lowers[mention.end : end] if word not in ('"', "'", ")", "(")]
        while gap and gap[-1] in self._adverbs | self._times:  # "police Tuesday arrived"
            gap.pop()
        if gap and (gap[-1] in self._determiners or gap[-1] in self._prepositions):
            return None
        if len(gap) > 1 and gap[0] == ",":
            gap = gap[1:] if gap[1] in self._relative else gap
        if gap[:1] and gap[0] in self._relative:
            return (mention, True) if len(gap) == 1 else None
        first = self._first_of_list(lowers, before, mention)
        sent = lowers[max(0, first - 2) : first - 1]  # "the first deployment of troops"
        inner = first > 0 and lowers[first - 1] in self._prepositions | self._by
        inner = inner and not self._is_made_of(lowers, first)
        wanted = inner and not gap and lowers[first - 1] in self._bound_for and lowers[end] in self._to
        if inner and not wanted and not (sent and sent[0] in self._nouns):
            return None  # "the killing of a boy by police"
        if not gap:
            return mention, False
        opens = gap[0] in self._prepositions or gap[0] in self._participles or gap[0] in self._stock
        opens = opens or gap[0] in self._reduced
        ends = self._ends - {","} if gap[0] in self._origin and self._lists(gap) else self._ends
        called = len(gap) > 1 and gap[0] in self._participles and gap[1] in self._ends  # "known as"
        ends = ends - self._possessive
        stops = any(word in ends or word in self._verbs for word in gap[1 + called :])
        return (mention, False) if opens and len(gap) <= _LONGEST and not stops else None

    def _before_insertion(self, lowers: list[str], end: int) -> int:
        """Where the words before an insertion in brackets or dashes end: "a battalion (600 men) was"."""
        for _ in range(_INSERTIONS):
            mark = lowers[end - 1] if end else ""
            opening = "(" if mark == ")" else mark if mark in self._dashes else ""
            starts = range(end - 2, max(0, end - _INSERTION), -1) if opening else ()
            start = next((at for at in starts if lowers[at] == opening), None)
            if start is None:
                return end
            end = start
        return end

    def antecedent(self, lowers: list[str], mentions: list[Mention], start: int, verb: int) -> Mention | None:
        """What the verb of a relative clause sends: "the 2,500 men that the alliance is sending"."""
        after = lowers[verb + 1 : verb + 2]
        if after and after[0][0].isalnum() and after[0] not in self._prepositions | self._adverbs | self._led:
            return None
        mention = next((m for m in reversed(mentions) if m.end < start), None)
        if mention is None or not mention.quantity or start - mention.end > _SENDER:
            return None
        between = lowers[mention.end : start]
        if between[0] not in self._relative or len(between) < 2:
            return None
        stops = any(word in self._verbs or not word[0].isalnum() for word in between[1:])
        return None if stops or between[1] in self._prepositions else mention

    def _first_of_list(self, lowers: list[str], before: Sequence[Mention], mention: Mention) -> int:
        """Where the list of forces that `mention` ends begins: "by warships and jets"."""
        start = mention.start
        for other in reversed(before):
            link = lowers[other.end : start]
            if other.end <= start and 0 < len(link) <= 2 and all(word in self._joiners for word in link):
                start = other.start
        return start

    def _carries(self, link: Sequence[str]) -> bool:
        """Whether the words between two forces say that the first brings the second: "ships carrying"."""
        return (
            0 < len(link) <= _LONGEST
            and not self._bound_for.intersection(link[1:2])
            and (link[0] in self._participles or (len(link) > 1 and link[0] in self._with))
            and not any(word in self._finite or word in self._relative for word in link)
        )

    def _lists(self, gap: Sequence[str]) -> bool:
        """Whether commas only stand in a list: "from Kent, Essex and Suffolk"."""
        commas = [at for at, word in enumerate(gap) if word == ","]
        return bool(commas) and any(word in self._and for word in gap[commas[-1] + 1 :])

    def _is_made_of(self, lowers: list[str], start: int) -> bool:
        """Whether what is named from `start` on is what a group is "composed of"."""
        return any(lowers[max(0, start - len(made)) : start] == made for made in self._made_of)

    def _around_comma(
        self, lowers: list[str], before: Sequence[Mention], end: int
    ) -> tuple[Mention, bool] | None:
        """The force before an insertion: "the 550 reinforcements, drawn from two guards, entered"."""
        for counted in (True, False):
            for mention in reversed(before):
                gap = lowers[mention.end : end - 1]
                if mention.start and lowers[mention.start - 1] in self._inner:
                    continue  # "housing for 500 officers, built last year, was moved"
                if (
                    gap and gap[0] in self._prepositions and "," in gap
                ):  # "peacekeepers from Chad, 850 in all,"
                    comma = gap.index(",")
                    gap = gap if any(word in self._finite for word in gap[:comma]) else gap[comma:]
                if not gap and mention.quantity and mention.start and lowers[mention.start - 1] == ",":
                    return mention, False  # "the best doctors, 450 medics, reached"
                if not gap and mention.quantity and self._is_made_of(lowers, mention.start):
                    return mention, False  # "a first batch, composed of 127 troops, arrived"
                if not gap or (counted and mention.quantity is None):
                    continue
                inserted = gap[0] == "," and len(gap) > 1 and self._is_insertion(gap[1:])
                if inserted or gap[0] in self._participles:
                    inner = next((m for m in before if m.start >= mention.end and m.what != "other"), None)
                    unclear = inner is not None and lowers[mention.head] in self._reinforcing
                    told = (
                        replace(mention, what=inner.what, owner=inner.owner) if unclear and inner else mention
                    )
                    return told, False
        return None

    def _is_insertion(self, gap: Sequence[str]) -> bool:
        """Whether the words between two commas only describe: no finite verb unless in a relative clause."""
        if gap[0] in self._relative:
            return True
        return len(gap) <= _INSERTION and not any(
            word in self._finite and (at == 0 or gap[at - 1] not in self._no_finite)
            for at, word in enumerate(gap)
        )

    def passive_before(self, lowers: list[str], index: int) -> int | None:
        """The participle whose auxiliary the one at `index` shares: "were taken there and deployed"."""
        for at in range(index - 2, max(0, index - _PASSIVE_REACH), -1):
            if lowers[at - 1] in self._be and lowers[at].endswith(self._endings):
                return at
        return None
