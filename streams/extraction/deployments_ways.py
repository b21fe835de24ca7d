"""What lies between a verb, its forces and where they go: "over the causeway into", "at the gate and"."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from streams.extraction.deployments_mentions import Mention
from streams.extraction.deployments_shapes import Frame
from streams.extraction.deployments_verbs import Verb, Verbs
from streams.extraction.lexicon import word_set

_FILE = "deployments"
_WAY = 8  # tokens from a verb of moving to the "into" that says where


class WayReader:
    """Reads the ways of one language; the words are in `deployments.toml`."""

    def __init__(self, language: str) -> None:
        def words(*keys: str) -> frozenset[str]:
            return word_set(language, _FILE, *keys)

        self._verbs = Verbs.load(language).words
        self._prepositions, self._into = words("grammar", "prepositions"), words("grammar", "into")
        self._joiners, self._bringing = words("grammar", "joiners"), words("bringing", "words")
        self._and = self._joiners - {","}
        self._homes, self._whose = words("home", "places"), words("home", "whose")

    @staticmethod
    @cache
    def load(language: str) -> "WayReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return WayReader(language)

    def goes(self, lowers: list[str], index: int, verb: Verb) -> bool:
        """Whether one of the verb's words follows, maybe beyond another way: "over the causeway into"."""
        if any(tuple(lowers[index + 1 : index + 1 + len(phrase)]) == phrase for phrase in verb.to):
            return True
        if not self._into & {phrase[0] for phrase in verb.to} or index + 1 >= len(lowers):
            return False
        ahead = lowers[index + 2 : index + _WAY]
        way = next((at for at, word in enumerate(ahead) if word in self._into), None)
        return (
            lowers[index + 1] in self._prepositions
            and way is not None
            and not any(word in self._verbs or not word[0].isalnum() for word in ahead[:way])
        )

    def is_home(self, lowers: list[str], at: int) -> bool:
        """Whether the place that is left is the force's own: "left their base in the hills"."""
        return lowers[at : at + 1] != [] and (
            lowers[at] in self._homes
            or (lowers[at] in self._whose and any(word in self._homes for word in lowers[at + 1 : at + 4]))
        )

    def apart(self, between: Sequence[str]) -> bool:
        """Whether what lies between two forces is the place of the first: "tanks at the gate and 80 men"."""
        return (
            1 < len(between) <= _WAY
            and between[0] in self._prepositions
            and between[-1] in self._and
            and not any(word in self._verbs or not word[0].isalnum() for word in between)
        )

    def joined(self, between: Sequence[str]) -> bool:
        """Whether nothing but "and" or a comma lies between two forces."""
        return 0 < len(between) <= 3 and all(word in self._joiners for word in between)

    def brought(self, lowers: list[str], mentions: list[Mention], frame: Frame) -> list[Frame]:
        """What the force before the verb brings along: "ships carrying 60 doctors set out"."""
        found: list[Frame] = []
        last = frame.mention.end
        for mention in mentions:
            if mention.start < frame.mention.end or mention.end > frame.chain.start:
                continue
            between = lowers[last : mention.start]
            if not (self.joined(between) if found else set(between) & self._bringing):
                break
            found.append(replace(frame, mention=mention))
            last = mention.end
        return found
