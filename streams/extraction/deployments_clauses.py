"""What a verb does to the forces around it: sends them, moves them, withdraws them, strengthens them."""

from dataclasses import replace
from functools import cache

from schemas import Count
from schemas.events import Direction
from streams.extraction.deployments_mentions import Mention
from streams.extraction.deployments_shapes import Frame, Shape
from streams.extraction.deployments_subjects import SubjectReader
from streams.extraction.deployments_verbs import Chain, Form, Verb, Verbs
from streams.extraction.deployments_ways import WayReader
from streams.extraction.lexicon import word_list, word_set

_FILE = "deployments"


class ClauseReader:
    """Reads the verbs of one language; the words are in `deployments.toml`."""

    def __init__(self, language: str) -> None:
        def words(*keys: str) -> frozenset[str]:
            return word_set(language, _FILE, *keys)

        self._verbs, self._subjects = Verbs.load(language), SubjectReader.load(language)
        self._particles, self._inward = words("grammar", "particles"), words("grammar", "inward")
        self._adverbs, self._prepositions = words("grammar", "adverbs"), words("grammar", "prepositions")
        self._by, self._with = words("grammar", "by"), words("grammar", "with")
        self._after_participle = words("grammar", "after_participle")
        self._reduced, self._joiners = words("grammar", "reduced"), words("grammar", "joiners")
        self._present_be, self._becoming = words("grammar", "present_be"), words("grammar", "becoming")
        self._stock, self._static = words("stock", "verbs"), words("stock", "static")
        self._intransitive = self._prepositions | self._particles | self._adverbs | self._joiners
        self._intransitive |= words("not_a_place", "times") | words("not_a_place", "ends")
        self._bound_for, self._ways = words("grammar", "bound_for"), WayReader.load(language)
        self._moving, self._pronouns = words("stock", "moving_to"), words("grammar", "pronouns")
        self._away = tuple(tuple(phrase.split()) for phrase in word_list(language, _FILE, "grammar", "away"))
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
            if form == "base" and chain.start == index and not self._may_act(lowers, index):
                continue
            frames = self._verb(lowers, mentions, index, verb, form, chain)
            if frames:
                return frames
        return []

    def _may_act(self, lowers: list[str], index: int) -> bool:
        """Whether a bare verb form can be one: behind a plural or a pronoun ("they send", "rebels send")."""
        before = lowers[index - 1] if index else ""
        return before in self._pronouns or before.endswith("s") or before in self._collective

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
            return self._participle(lowers, mentions, index, verb, chain) or (
                self._object(lowers, mentions, index, verb, form, chain)
                if chain.have and not chain.be
                else []
            )
        if form == "past" and chain.be is not None:
            return []
        if form == "past" and self._is_reduced(lowers, mentions, index, chain):
            return []
        found = self._object(lowers, mentions, index, verb, form, chain)
        ends = not after or not after[0][0].isalnum() or after[0] in self._prepositions | self._particles
        if not found and verb.alone and ends and self._has_particle(lowers, index, index, verb):
            found = self._move(lowers, mentions, index, verb, form, chain)
        return found

    def _participle(
        self, lowers: list[str], mentions: list[Mention], index: int, verb: Verb, chain: Chain
    ) -> list[Frame]:
        """Passives: "were sent", "flown in and deployed", "troops sent to the border"."""
        direction = self._direction(verb, lowers, index)
        if not self._has_particle(lowers, index, index, verb):
            return []
        start = chain.start
        if chain.be is None and not chain.have and self._follows_and(lowers, index):
            shared = self._subjects.passive_before(lowers, index)
            if shared is not None:
                chain = self._verbs.chain(lowers, shared)
                start = chain.start
        if chain.be is not None:
            subject = self._subjects.find(lowers, mentions, start)
            if subject is None:
                return []
            mention, relative = subject
            helped = chain.have or chain.modal is not None or chain.infinitive or chain.be in self._becoming
            resting = self._stock if chain.be in self._present_be else self._static
            stock = not helped and lowers[index] in resting and not mention.extra and direction == "deploy"
            shape: Shape = "stock" if stock else "passive"
            direction = "stock" if stock else direction
            frame = Frame(
                mention,
                direction,
                index,
                shape,
                chain,
                "participle",
                verb.strong or self._comes_in(lowers, index),
                verb.lemma,
                relative=relative,
            )
            return self.with_others(lowers, mentions, frame)
        if self._is_reduced(lowers, mentions, index, chain):
            mention = next(m for m in mentions if m.end == index)
            still = lowers[index] in self._stock and not set(lowers[index + 1 : index + 2]) & self._moving
            still = still and lowers[max(0, mention.start - 1)] not in self._with  # "with police deployed"
            stock = still and direction == "deploy"
            shape = "stock" if stock else "reduced"
            direction = "stock" if stock else direction
            return [Frame(mention, direction, index, shape, chain, "participle", verb.strong, verb.lemma)]
        return []

    def _comes_in(self, lowers: list[str], index: int) -> bool:
        """ "Were brought in from", "were flown in": the particle belongs to the verb and opens no place."""
        after = lowers[index + 2 : index + 3]
        inward = lowers[index + 1 : index + 2]
        return (
            bool(inward)
            and inward[0] in self._inward
            and (not after or not after[0][0].isalnum() or after[0] in self._prepositions)
        )

    def _follows_and(self, lowers: list[str], index: int) -> bool:
        after = lowers[index + 1 : index + 2]
        return (
            index > 0
            and lowers[index - 1] in self._joiners
            and (not after or after[0] in self._after_participle)
        )

    def _is_reduced(self, lowers: list[str], mentions: list[Mention], index: int, chain: Chain) -> bool:
        """Whether a participle follows its noun at once."""
        if (
            chain.start != index
            or lowers[index] not in self._reduced
            or not any(m.end == index for m in mentions)
        ):
            return False
        following = lowers[index + 1] if index + 1 < len(lowers) else "."
        after = lowers[index + 2 : index + 3]
        acts = any(m.start == index + 2 for m in mentions) or (after and after[0] in self._determiners)
        if following in self._particles and acts:
            return False  # "deputies called in a negotiator"
        return following in self._after_participle or not following[0].isalnum()

    def _object(
        self, lowers: list[str], mentions: list[Mention], index: int, verb: Verb, form: Form, chain: Chain
    ) -> list[Frame]:
        """ "Sent troops": the force stands behind the verb, with at most a particle between."""
        first = next((m for m in mentions if m.start > index), None)
        if first is None:
            return []
        gap = lowers[index + 1 : first.start]
        if first.definite and any(word in self._inward for word in gap):
            return []  # "flew in the ship's helicopter"
        if len(gap) > 2 or any(word not in self._particles and word not in self._adverbs for word in gap):
            return []
        if not self._has_particle(lowers, index, first.end - 1, verb):
            return []
        direction = self._direction(verb, lowers, index, first.end - 1)
        sure = verb.strong or any(word in self._inward for word in gap)
        frame = Frame(first, direction, index, "object", chain, form, sure, verb.lemma)
        return self.with_others(lowers, mentions, frame)

    def with_others(self, lowers: list[str], mentions: list[Mention], frame: Frame) -> list[Frame]:
        """`frame` for its force and for those joined to it on the far side of the verb."""
        frames, last = [frame], frame.mention
        if frame.shape not in ("object", "by", "noun"):
            for mention in reversed([m for m in mentions if m.end <= frame.mention.start]):
                if not self._ways.joined(lowers[mention.end : last.start]):
                    break
                frames.append(replace(frame, mention=mention))
                last = mention
            return frames[::-1] + self._ways.brought(lowers, mentions, frame)
        for mention in (m for m in mentions if m.start >= last.end):
            between = lowers[last.end : mention.start]
            if not (self._ways.joined(between) or mention.gapped or self._ways.apart(between)):
                break
            frames.append(replace(frame, mention=mention))
            last = mention
        return frames

    def _has_particle(self, lowers: list[str], index: int, end: int, verb: Verb) -> bool:
        near = (*lowers[index + 1 : index + 2], *lowers[end + 1 : end + 2])
        return not verb.particles or any(word in verb.particles for word in near)

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
        if verb.takes_object and (not after or after[0] in self._prepositions or not after[0][0].isalnum()):
            return []
        led = chain.infinitive or (form == "gerund" and chain.be is None)
        acts_on = after and after[0][0].isalnum() and after[0] not in self._intransitive
        if verb.strong and not verb.takes_object and acts_on:
            return []  # "police deployed water cannon"
        subject = self._subjects.find(lowers, mentions, chain.start, infinitive=led)
        if subject is None:
            return self._along(lowers, mentions, index, verb, form, chain)
        mention, relative = subject
        if form == "base" and chain.start == index and not mention.strong:
            return []
        direction: Direction = "deploy" if verb.frame == "move" else "withdraw"
        lemma = verb.lemma
        goal = next((word for word in lowers[index + 2 : index + 9] if word in self._bound_for), None)
        if verb.frame == "leave" and goal:  # "left Perth for Tonga"
            direction, lemma = "deploy", f"{lemma} {goal}"
        elif verb.frame == "leave" and self._ways.is_home(lowers, index + 1):
            direction = "deploy"
        frame = Frame(
            mention, direction, index, "subject", chain, form, verb.strong, lemma, relative=relative
        )
        return self.with_others(lowers, mentions, frame)

    def _along(
        self, lowers: list[str], mentions: list[Mention], index: int, verb: Verb, form: Form, chain: Chain
    ) -> list[Frame]:
        for mention in mentions:
            gap = lowers[index + 1 : mention.start]
            if 0 < len(gap) <= 8 and gap[-1] in self._with and mention.strong and mention.quantity:
                return [Frame(mention, "deploy", index, "by", chain, form, sure=False, lemma=verb.lemma)]
        return []

    def _by_agent(
        self, lowers: list[str], mentions: list[Mention], index: int, verb: Verb, form: Form, chain: Chain
    ) -> list[Frame]:
        first = next((m for m in mentions if 0 <= m.start - index - 2 <= 1), None)
        if first is None or form not in ("past", "participle"):
            return []
        frame = Frame(first, "deploy", index, "by", chain, "participle", sure=False, lemma=verb.lemma)
        return self.with_others(lowers, mentions, frame)

    def _grow(
        self, lowers: list[str], mentions: list[Mention], index: int, verb: Verb, form: Form, chain: Chain
    ) -> list[Frame]:
        """What grows: "its forces in", "its fleet from seven to ten", "the post with 500 troops"."""
        if chain.be is not None and chain.infinitive:
            return []
        for mention in sorted(mentions, key=lambda m: m.count.rule != "range_from"):
            between = lowers[index + 1 : mention.start]
            if not 0 < mention.start - index <= 9 or not self._has_particle(lowers, index, index, verb):
                continue
            ranged = mention.count.rule == "range_from"
            grown = all(word in self._particles for word in between) and (mention.definite or mention.extra)
            added = bool(between) and between[-1] in self._with
            if ranged or grown or added:
                there = grown and not ranged and not mention.extra  # what is strengthened was there before
                force = replace(mention, count=Count(), quantity=None) if there else mention
                return [Frame(force, "deploy", index, "object", chain, form, ranged or added, verb.lemma)]
        return []

    def _direction(self, verb: Verb, lowers: list[str], index: int, end: int | None = None) -> Direction:
        """Which way the verb sends: "flown out of" and "sent home" withdraw."""
        for at in (index, end if end is not None else index):
            if any(tuple(lowers[at + 1 : at + 1 + len(phrase)]) == phrase for phrase in self._away):
                return "withdraw"
        return "withdraw" if verb.frame == "withdraw" else "deploy"
