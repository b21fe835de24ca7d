"""What a verb does to the forces around it: sends them, moves them, withdraws them, strengthens them."""

from dataclasses import replace
from functools import cache

from schemas import Count
from schemas.events import Direction
from streams.extraction.deployments_mentions import Mention
from streams.extraction.deployments_passives import PassiveReader
from streams.extraction.deployments_shapes import Frame
from streams.extraction.deployments_subjects import SubjectReader
from streams.extraction.deployments_verbs import Chain, Form, Verb, Verbs
from streams.extraction.deployments_ways import WayReader
from streams.extraction.lexicon import word_list, word_set

_FILE = "deployments"
_SECOND = 7  # tokens between a verb and the second thing that it sends
_ORIGIN = 5  # tokens from "from" to the verb


class ClauseReader:
    """Reads the verbs of one language; the words are in `deployments.toml`."""

    def __init__(self, language: str) -> None:
        def words(*keys: str) -> frozenset[str]:
            return word_set(language, _FILE, *keys)

        self._verbs, self._subjects = Verbs.load(language), SubjectReader.load(language)
        self._passives = PassiveReader.load(language)
        self._particles, self._inward = words("grammar", "particles"), words("grammar", "inward")
        self._adverbs, self._prepositions = words("grammar", "adverbs"), words("grammar", "prepositions")
        self._by, self._with = words("grammar", "by"), words("grammar", "with")
        self._be = words("grammar", "be")
        self._will = words("realis", "will") | words("realis", "would")
        self._ends = word_set(language, "forces", "boundaries", "words") | words("not_a_place", "times")
        self._ends |= words("not_a_place", "ends") | self._adverbs | words("grammar", "participles")
        self._ends |= word_set(language, "forces", "extra", "partitives") | self._verbs.words
        self._ends |= word_set(language, "forces", "anaphora", "others") | self._prepositions
        self._suffixes = tuple(word_list(language, "forces", "follow", "suffixes"))
        self._and = words("grammar", "joiners") - {","}
        self._acting = self._verbs.finite | words("grammar", "be") | words("grammar", "have")
        self._acting |= words("realis", "will") | words("realis", "would") | words("realis", "may")
        self._plural = word_list(language, "forms", "plural")
        self._presence = words("presence", "heads")
        self._intransitive = (
            self._prepositions | self._particles | self._adverbs | words("grammar", "joiners")
        )
        self._intransitive |= words("not_a_place", "times") | words("not_a_place", "ends")
        self._from, self._ways = words("grammar", "origin"), WayReader.load(language)
        self._pronouns, self._no_place = words("grammar", "pronouns"), words("not_a_place", "words")
        self._between = self._particles | self._adverbs | {":"}  # "has volunteered: 150 soldiers"
        self._determiners = word_set(language, "forces", "extra", "determiners")
        self._collective = word_set(language, "forces", "extra", "collective")

    @staticmethod
    @cache
    def load(language: str) -> "ClauseReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return ClauseReader(language)

    def read(self, lowers: list[str], mentions: list[Mention], index: int) -> list[Frame]:
        """The frames of the first reading of the verb at `index` that has any."""
        chain = self._verbs.chain(lowers, index)
        for verb, form in self._verbs.forms[lowers[index]]:
            near = verb.frame == "move" and bool(verb.to)
            counted = any(
                m.quantity and (m.end == index or (near and m.end < index)) for m in mentions
            )  # "700 more go to"
            if form == "base" and chain.start == index and not (counted or self._may_act(lowers, index)):
                continue
            if verb.future and not self._is_to_come(lowers, chain):
                continue
            frames = self._verb(lowers, mentions, index, verb, form, chain)
            if verb.counted:
                frames = [frame for frame in frames if frame.mention.count.value is not None]
            if frames:
                return frames
        return []

    def _is_to_come(self, lowers: list[str], chain: Chain) -> bool:
        """ "Will guard", "are to guard"."""
        led = chain.infinitive and lowers[chain.start - 1 : chain.start] != []
        return chain.modal in self._will or (led and lowers[chain.start - 1] in self._be)

    def _may_act(self, lowers: list[str], index: int) -> bool:
        """Whether a bare verb form can be one: behind a plural or a pronoun ("they send", "rebels send")."""
        before = lowers[index - 1] if index else ""
        origin = next(
            (at for at in range(index - 1, max(0, index - _ORIGIN), -1) if lowers[at] in self._from), 0
        )
        if origin and lowers[origin - 1].endswith(self._plural):
            return True  # "nurses from Cuba arrive"
        return before in self._pronouns or before.endswith(self._plural) or before in self._collective

    def _verb(
        self, lowers: list[str], mentions: list[Mention], index: int, verb: Verb, form: Form, chain: Chain
    ) -> list[Frame]:
        frame, after = verb.frame, lowers[index + 1 : index + 2]
        by = bool(after) and after[0] in self._by
        if frame == "joined" or (frame == "reinforce" and by):
            return self._by_agent(lowers, mentions, index, verb, form, chain) if by else []
        if frame in ("move", "leave"):
            return self._move(lowers, mentions, index, verb, form, chain)
        if frame == "reinforce":
            return self._grow(lowers, mentions, index, verb, form, chain)
        if form == "participle":
            return self._passives.read(lowers, mentions, index, verb, chain) or (
                self._object(lowers, mentions, index, verb, form, chain)
                if chain.have and not chain.be
                else []
            )
        if form == "past" and chain.be is not None:
            return []
        if form == "past" and self._passives.is_reduced(lowers, mentions, index, chain):
            return []
        found = self._object(lowers, mentions, index, verb, form, chain)
        ends = not after or not after[0][0].isalnum() or after[0] in self._prepositions | self._particles
        if not found and verb.alone and ends and self._ways.has_particle(lowers, index, index, verb):
            found = self._move(lowers, mentions, index, verb, form, chain)
        return found

    def _object(
        self, lowers: list[str], mentions: list[Mention], index: int, verb: Verb, form: Form, chain: Chain
    ) -> list[Frame]:
        """ "Sent troops": the force stands behind the verb, with at most a particle between."""
        first = next((m for m in mentions if m.start > index), None)
        told = self._subjects.antecedent(lowers, mentions, chain.start, index)
        if told is not None and self._ways.has_particle(lowers, index, index, verb):
            direction = self._ways.direction(verb, lowers, index)
            frame = Frame(told, direction, index, "object", chain, form, verb.strong, verb.lemma)
            return [replace(frame, relative=True)]
        if first is None:
            return []
        gap = lowers[index + 1 : first.start]
        if first.definite and any(word in self._inward for word in gap):
            return []  # "flew in the ship's helicopter"
        shifted = self._ways.shifted(lowers, index, first)
        particles = len(gap) <= 2 and all(word in self._between for word in gap)
        particles = particles or self._comes_second(lowers, gap, first, verb)
        if not particles and shifted is None:
            return []
        if not self._ways.has_particle(lowers, index, first.end - 1, verb):
            return []
        if verb.counted and lowers[first.end : first.end + 1] and self._gets(lowers, first.end):
            return []
        direction = self._ways.direction(verb, lowers, index, first.end - 1)
        sure = verb.strong or any(word in self._inward for word in gap)
        place = None if particles or shifted is None or shifted[0] == shifted[1] else shifted
        frame = Frame(first, direction, index, "object", chain, form, sure, verb.lemma, place=place)
        return self._ways.with_others(lowers, mentions, frame)

    def _comes_second(self, lowers: list[str], gap: list[str], force: Mention, verb: Verb) -> bool:
        """Whether the force is the second of two things sent: "sent a field hospital and 60 doctors"."""
        if not (2 < len(gap) <= _SECOND and gap[-1] in self._and and force.quantity):
            return False
        if not self._acting.isdisjoint(lowers[force.end : force.end + 1]):
            return False  # "sent help and 60 doctors were"
        known = self._prepositions | self._and | self._pronouns
        return verb.frame == "send" and not any(word in known or not word[0].isalnum() for word in gap[:-1])

    def _gets(self, lowers: list[str], end: int) -> bool:
        """Whether the force is given something: "promised 200 soldiers a rise", "gave 90 officers medals"."""
        word = lowers[end]
        return word in self._determiners - self._ends or (
            word[0].isalpha() and word not in self._ends and not word.endswith(self._suffixes)
        )

    def _move(
        self, lowers: list[str], mentions: list[Mention], index: int, verb: Verb, form: Form, chain: Chain
    ) -> list[Frame]:
        """ "Troops arrived in": the force stands before the verb, or comes along behind "with"."""
        if form == "gerund" and chain.be is None and verb.takes_object and verb.lemma != "enter":
            return []  # "the surrounding hills"
        if (chain.be is not None and form != "gerund" and not chain.infinitive) or (
            form == "participle" and not chain.have
        ):
            return []
        after = lowers[index + 1 : index + 4]
        if verb.to and not self._ways.goes(lowers, index, verb):
            return []
        bare = not after or after[0] in self._prepositions or not after[0][0].isalnum()
        if verb.takes_object and bare and verb.frame != "leave":
            return []
        led = chain.infinitive or (form == "gerund" and chain.be is None)
        acts_on = after and after[0][0].isalnum() and after[0] not in self._intransitive
        if verb.strong and not verb.takes_object and acts_on:
            return []  # "police deployed water cannon"
        subject = self._subjects.find(lowers, mentions, chain.start, infinitive=led)
        if subject is None:
            return self._along(lowers, mentions, index, verb, form, chain)
        mention, relative = subject
        if form == "base" and chain.start == index and not mention.strong and not mention.quantity:
            return []
        direction: Direction = "deploy" if verb.frame == "move" else "withdraw"
        lemma = verb.lemma
        goal = self._ways.goal(lowers, index)
        if verb.frame == "leave" and goal:  # "left Perth for Tonga"
            direction, lemma = "deploy", f"{lemma} {goal}"
        elif verb.frame == "leave" and self._ways.is_home(lowers, index + 1):
            direction = "deploy"
        frame = Frame(
            mention, direction, index, "subject", chain, form, verb.strong, lemma, relative=relative
        )
        if verb.frame == "leave" and direction == "withdraw":
            frame = replace(frame, leaving=True, idle=bool(bare and not verb.to))
        return self._ways.with_others(lowers, mentions, frame)

    def _along(
        self, lowers: list[str], mentions: list[Mention], index: int, verb: Verb, form: Form, chain: Chain
    ) -> list[Frame]:
        for mention in mentions:
            gap = lowers[index + 1 : mention.start]
            idle = lowers[mention.end : mention.end + 2]
            if len(idle) == 2 and idle[0] in self._prepositions and idle[1] in self._no_place:
                continue  # "with another 2,000 troops on standby"
            if 0 < len(gap) <= 8 and gap[-1] in self._with and mention.strong and mention.count.value:
                return [Frame(mention, "deploy", index, "by", chain, form, sure=False, lemma=verb.lemma)]
        return []

    def _by_agent(
        self, lowers: list[str], mentions: list[Mention], index: int, verb: Verb, form: Form, chain: Chain
    ) -> list[Frame]:
        first = next((m for m in mentions if 0 <= m.start - index - 2 <= 1), None)
        if first is None or form not in ("past", "participle"):
            return []
        frame = Frame(first, "deploy", index, "by", chain, "participle", sure=False, lemma=verb.lemma)
        return self._ways.with_others(lowers, mentions, frame)

    def _grow(
        self, lowers: list[str], mentions: list[Mention], index: int, verb: Verb, form: Form, chain: Chain
    ) -> list[Frame]:
        """What grows: "its forces in", "its fleet from seven to ten", "the post with 500 troops"."""
        if chain.be is not None and chain.infinitive:
            return []
        for mention in sorted(
            mentions, key=lambda m: (m.count.rule != "range_from", lowers[m.head] in self._presence)
        ):
            between = lowers[index + 1 : mention.start]
            if not 0 < mention.start - index <= 9 or not self._ways.has_particle(lowers, index, index, verb):
                continue
            ranged = mention.count.rule == "range_from"
            grown = all(word in self._particles for word in between) and (mention.definite or mention.extra)
            added = bool(between) and between[-1] in self._with
            if ranged or grown or added:
                there = grown and not ranged and not mention.extra  # what is strengthened was there before
                force = replace(mention, count=Count(), quantity=None) if there else mention
                return [Frame(force, "deploy", index, "object", chain, form, ranged or added, verb.lemma)]
        return []
