"""Who is sent: ties the forces of a sentence to the verbs and nouns that move them.

No parser: the object of "send" stands behind it, the subject of "arrived" or "were sent" before it, and what may
lie between is little. Forces joined by "and" share their verb.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from schemas import Count
from schemas.events import Direction
from streams.extraction.deployments_forces import Mention
from streams.extraction.deployments_places import PlaceReader
from streams.extraction.deployments_shapes import Frame, Shape
from streams.extraction.deployments_subjects import SubjectReader
from streams.extraction.deployments_verbs import Chain, Form, Verb, Verbs
from streams.extraction.document import Token
from streams.extraction.lexicon import word_list, word_set

_FILE = "deployments"


class FrameReader:
    """Finds the frames of one language; the words are in `deployments.toml`."""

    def __init__(self, language: str) -> None:
        def words(*keys: str) -> frozenset[str]:
            return word_set(language, _FILE, *keys)

        self.verbs = Verbs.load(language)
        self._places = PlaceReader.load(language)
        self._subjects = SubjectReader.load(language)
        self._particles, self._adverbs = words("grammar", "particles"), words("grammar", "adverbs")
        self._prepositions, self._destination = (
            words("grammar", "prepositions"),
            words("grammar", "destination"),
        )
        self._by, self._with = words("grammar", "by"), words("grammar", "with")
        self._after_participle, self._reduced = (
            words("grammar", "after_participle"),
            words("grammar", "reduced"),
        )
        self._present_be = words("grammar", "present_be")
        self._inward = words("grammar", "inward")
        self._becoming, self._static = words("grammar", "becoming"), words("stock", "static")
        self._determiners = word_set(language, "forces", "extra", "determiners")
        self._collective = word_set(language, "forces", "extra", "collective")
        self._no_verb_after, self._pronouns = words("grammar", "no_verb_after"), words("grammar", "pronouns")
        self._joiners = words("grammar", "joiners")
        self._stock, self._copulas = words("stock", "verbs"), words("stock", "copulas")
        self._moving, self._owners = words("stock", "moving_to"), words("stock", "owners")
        self._there = tuple(tuple(phrase.split()) for phrase in word_list(language, _FILE, "stock", "there"))
        self._away = tuple(tuple(phrase.split()) for phrase in word_list(language, _FILE, "grammar", "away"))
        self._nouns = {"send": words("nouns", "send"), "withdraw": words("nouns", "withdraw")}
        self._patrols, self._linking = words("nouns", "patrol"), words("nouns", "linking")
        self._grown, self._presence = words("presence", "grown"), words("presence", "heads")
        self.words = self.verbs.words | self._nouns["send"] | self._nouns["withdraw"] | self._patrols
        self.words |= self._copulas | self._owners | self._presence

    @staticmethod
    @cache
    def load(language: str) -> "FrameReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return FrameReader(language)

    def find(
        self, tokens: tuple[Token, ...], lowers: list[str], mentions: list[Mention], *, capitals: bool
    ) -> list[Frame]:
        """The frames of a sentence with these mentions, in the order of their triggers, one for each force."""
        found: list[Frame] = []
        for index, word in enumerate(lowers):
            noun = index > 0 and lowers[index - 1] in self._no_verb_after  # "the orders", "an early call"
            if word in self._nouns["send"] or word in self._nouns["withdraw"] or word in self._patrols:
                found += self._noun(lowers, mentions, index)
            if word in self.verbs.forms and not noun:
                found += self._verbs_at(lowers, mentions, index)
        taken = {frame.mention.head for frame in found}
        found += [f for m in mentions if m.head not in taken for f in self._still(lowers, m)]
        moved = {frame.mention.head for frame in found if frame.direction != "stock"}
        kept: dict[tuple[int, str], Frame] = {}
        for frame in found:
            if frame.direction != "stock" or frame.mention.head not in moved:
                kept.setdefault((frame.mention.head, frame.direction), frame)
        placed = [self._places.placed(tokens, lowers, frame, capitals=capitals) for frame in kept.values()]
        entered = self.verbs.lemmas_with_object
        return [f for f in placed if f.place or f.shape != "subject" or f.lemma not in entered]

    def _verbs_at(self, lowers: list[str], mentions: list[Mention], index: int) -> list[Frame]:
        """The frames of the first reading of the verb at `index` that has any."""
        chain = self.verbs.chain(lowers, index)
        for verb, form in self.verbs.forms[lowers[index]]:
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
                chain = self.verbs.chain(lowers, shared)
                start = chain.start
        if chain.be is not None:
            subject = self._subjects.find(lowers, mentions, start)
            if subject is None:
                return []
            mention, relative = subject
            plain = (
                chain.be in self._present_be
                and not chain.have
                and chain.modal is None
                and not chain.infinitive
            )
            stock = plain and lowers[index] in self._stock and not mention.extra and direction == "deploy"
            shape: Shape = "stock" if stock else "passive"
            direction = "stock" if stock else direction
            frame = Frame(
                mention,
                direction,
                index,
                shape,
                chain,
                "participle",
                verb.strong,
                verb.lemma,
                relative=relative,
            )
            return self._with_others(lowers, mentions, frame)
        if self._is_reduced(lowers, mentions, index, chain):
            mention = next(m for m in mentions if m.end == index)
            still = lowers[index] in self._stock and not set(lowers[index + 1 : index + 2]) & self._moving
            stock = still and direction == "deploy"
            shape = "stock" if stock else "reduced"
            direction = "stock" if stock else direction
            return [Frame(mention, direction, index, shape, chain, "participle", verb.strong, verb.lemma)]
        return []

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
        return self._with_others(lowers, mentions, frame)

    def _with_others(self, lowers: list[str], mentions: list[Mention], frame: Frame) -> list[Frame]:
        """`frame` for its force and for those joined to it by commas and "and" on the far side of the verb."""
        frames, last = [frame], frame.mention
        if frame.shape not in ("object", "by", "noun"):
            for mention in reversed([m for m in mentions if m.end <= frame.mention.start]):
                if not self._joined(lowers[mention.end : last.start]):
                    break
                frames.append(replace(frame, mention=mention))
                last = mention
            return frames[::-1]
        for mention in (m for m in mentions if m.start >= last.end):
            if not self._joined(lowers[last.end : mention.start]):
                break
            frames.append(replace(frame, mention=mention))
            last = mention
        return frames

    def _joined(self, between: Sequence[str]) -> bool:
        return 0 < len(between) <= 3 and all(word in self._joiners for word in between)

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
        if verb.to and not any(tuple(after[: len(phrase)]) == phrase for phrase in verb.to):
            return []
        if verb.takes_object and (not after or after[0] in self._prepositions or not after[0][0].isalnum()):
            return []
        led = chain.infinitive or (form == "gerund" and chain.be is None)
        subject = self._subjects.find(lowers, mentions, chain.start, infinitive=led)
        if subject is None:
            return self._along(lowers, mentions, index, verb, form, chain)
        mention, relative = subject
        if form == "base" and chain.start == index and not mention.strong:
            return []
        direction: Direction = "deploy" if verb.frame == "move" else "withdraw"
        frame = Frame(
            mention, direction, index, "subject", chain, form, verb.strong, verb.lemma, relative=relative
        )
        return self._with_others(lowers, mentions, frame)

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
        return self._with_others(lowers, mentions, frame)

    def _grow(
        self, lowers: list[str], mentions: list[Mention], index: int, verb: Verb, form: Form, chain: Chain
    ) -> list[Frame]:
        """ "Strengthened its forces in", "increased its fleet from seven to ten", "reinforced the post with troops"."""
        if chain.be is not None and chain.infinitive:
            return []
        for mention in sorted(mentions, key=lambda m: m.count.rule != "range_from"):
            between = lowers[index + 1 : mention.start]
            if not 0 < mention.start - index <= 9 or not self._has_particle(lowers, index, index, verb):
                continue
            ranged = mention.count.rule == "range_from"
            grown = all(word in self._particles for word in between) and (mention.definite or mention.extra)
            if grown and not ranged and not mention.extra:  # what is strengthened was there before
                mention = replace(mention, count=Count(), quantity=None)
            added = bool(between) and between[-1] in self._with
            if ranged or grown or added:
                sure = ranged or added
                return [Frame(mention, "deploy", index, "object", chain, form, sure, verb.lemma)]
        return []

    def _noun(self, lowers: list[str], mentions: list[Mention], index: int) -> list[Frame]:
        """ "The deployment of troops", "patrols by police"."""
        after = lowers[index + 1 : index + 2]
        patrol = lowers[index] in self._patrols
        if not after or after[0] not in self._linking or patrol != (after[0] in self._by):
            return []
        first = next((m for m in mentions if 0 <= m.start - index - 2 <= 1), None)
        if first is None:
            return []
        direction: Direction = "withdraw" if lowers[index] in self._nouns["withdraw"] else "deploy"
        chain = Chain(index, None, have=False, modal=None, infinitive=False, negated=False)
        frame = Frame(first, direction, index, "noun", chain, "base", not patrol, lowers[index])
        return self._with_others(lowers, mentions, frame)

    def _still(self, lowers: list[str], mention: Mention) -> list[Frame]:
        """Forces that are there: "there are 300 monitors", "has 24 warships in", "a beefed-up police presence"."""
        chain = Chain(mention.end, None, have=False, modal=None, infinitive=False, negated=False)
        if lowers[mention.head] in self._presence:
            inside = lowers[max(0, mention.start - 1) : mention.head]
            if mention.what != "other" and any(word in self._grown for word in inside):
                return [Frame(mention, "deploy", mention.head, "presence", chain, "base", False, "presence")]
            return []
        if mention.count.value is None or not mention.strong:
            return []
        after = lowers[mention.end : mention.end + 4]
        before = lowers[max(0, mention.start - 3) : mention.start]
        goal = next((word for word in after[1:3] if word not in self._adverbs), "")
        is_there = bool(after) and after[0] in self._copulas and goal in self._destination
        owned = bool(before) and before[-1] in self._owners and bool(after) and after[0] in self._destination
        if is_there or owned or any(tuple(before[-len(phrase) :]) == phrase for phrase in self._there):
            return [Frame(mention, "stock", mention.head, "stock", chain, "base", False, "be")]
        return []

    def _direction(self, verb: Verb, lowers: list[str], index: int, end: int | None = None) -> Direction:
        """Which way the verb sends: "flown out of" and "sent home" withdraw."""
        for at in (index, end if end is not None else index):
            if any(tuple(lowers[at + 1 : at + 1 + len(phrase)]) == phrase for phrase in self._away):
                return "withdraw"
        return "withdraw" if verb.frame == "withdraw" else "deploy"
