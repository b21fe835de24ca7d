"""Forces that are sent: "were deployed", "flown in and posted", "troops sent to the border"."""

from functools import cache

from streams.extraction.deployments_mentions import Mention
from streams.extraction.deployments_shapes import Frame, Shape
from streams.extraction.deployments_subjects import SubjectReader
from streams.extraction.deployments_verbs import Chain, Verb, Verbs
from streams.extraction.deployments_ways import WayReader
from streams.extraction.lexicon import word_set

_FILE = "deployments"


class PassiveReader:
    """Reads the passives of one language; the words are in `deployments.toml`."""

    def __init__(self, language: str) -> None:
        def words(*keys: str) -> frozenset[str]:
            return word_set(language, _FILE, *keys)

        self._verbs, self._subjects = Verbs.load(language), SubjectReader.load(language)
        self._ways = WayReader.load(language)
        self._particles, self._inward = words("grammar", "particles"), words("grammar", "inward")
        self._prepositions, self._with = words("grammar", "prepositions"), words("grammar", "with")
        self._after_participle = words("grammar", "after_participle")
        self._reduced, self._joiners = words("grammar", "reduced"), words("grammar", "joiners")
        self._present_be, self._becoming = words("grammar", "present_be"), words("grammar", "becoming")
        self._stock, self._static = words("stock", "verbs"), words("stock", "static")
        self._moving = words("stock", "moving_to")
        self._determiners = word_set(language, "forces", "extra", "determiners")

    @staticmethod
    @cache
    def load(language: str) -> "PassiveReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return PassiveReader(language)

    def read(
        self, lowers: list[str], mentions: list[Mention], index: int, verb: Verb, chain: Chain
    ) -> list[Frame]:
        """Passives: "were sent", "flown in and deployed", "troops sent to the border"."""
        direction = self._ways.direction(verb, lowers, index)
        if not self._ways.has_particle(lowers, index, index, verb):
            return []
        start = chain.start
        if chain.be is None and not chain.have and self._follows_and(lowers, index):
            shared = self._subjects.passive_before(lowers, index)
            if shared is not None:
                chain = self._verbs.chain(lowers, shared)
                start = chain.start
        if chain.be is not None:
            subject = self._subjects.find(lowers, mentions, start, infinitive=chain.infinitive)
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
            return self._ways.with_others(lowers, mentions, frame)
        if self.is_reduced(lowers, mentions, index, chain):
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

    def is_reduced(self, lowers: list[str], mentions: list[Mention], index: int, chain: Chain) -> bool:
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
        if following in self._particles and after and after[0] in self._after_participle:
            return True  # "army called out in Assam"
        return following in self._after_participle or not following[0].isalnum()
