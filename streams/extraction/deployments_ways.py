"""What lies between a verb, its forces and where they go: "over the causeway into", "at the gate and"."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from schemas.events import Direction
from streams.extraction.deployments_mentions import Mention
from streams.extraction.deployments_shapes import Frame
from streams.extraction.deployments_verbs import Verb, Verbs
from streams.extraction.lexicon import word_list, word_set

_FILE = "deployments"
_NEAR, _LEAVING = 9, 22  # tokens from "left" to the "for" that says where
_MANY = 10
_JOINED = 7  # tokens from "join" to what is joined
_SHIFT = 8  # tokens between a verb and its force behind the place
_LINKS = frozenset(",-()")
_NAMES = 10  # tokens of the names of ships
_WAY = 8  # tokens from a verb of moving to the "into" that says where


class WayReader:
    """Reads the ways of one language; the words are in `deployments.toml`."""

    def __init__(self, language: str) -> None:
        def words(*keys: str) -> frozenset[str]:
            return word_set(language, _FILE, *keys)

        self._verbs = Verbs.load(language).words
        self._prepositions, self._into = words("grammar", "prepositions"), words("grammar", "into")
        self._links = word_set(language, "forms", "genitive") | _LINKS
        self._joiners, self._bringing = words("grammar", "joiners"), words("bringing", "words")
        self._and = self._joiners - {","}
        self._away = tuple(tuple(phrase.split()) for phrase in word_list(language, _FILE, "grammar", "away"))
        self._bound_for = words("grammar", "bound_for")
        self._no_goals = words("not_a_place", "goals")
        self._stops = words("grammar", "relative") | words("grammar", "speech") | words("grammar", "breaks")
        self._inward = words("grammar", "inward")
        self._months = words("not_a_place", "times") & words("history", "year_words")
        self._destination, self._times = words("grammar", "destination"), words("not_a_place", "times")
        self._auxiliary = words("grammar", "be") | words("grammar", "have") | words("realis", "will")
        self._no_place = words("not_a_place", "words") | words("not_a_place", "times")
        self._determiners = word_set(language, "forces", "extra", "determiners")
        self._join, self._joined = words("joining", "lemmas"), words("joining", "nouns")
        self._homes, self._whose = words("home", "places"), words("home", "whose")

    @staticmethod
    @cache
    def load(language: str) -> "WayReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return WayReader(language)

    def goes(self, lowers: list[str], index: int, verb: Verb) -> bool:
        """Whether one of the verb's words follows, maybe beyond another way: "over the causeway into"."""
        if verb.lemma in self._join and not self._joined.isdisjoint(lowers[index + 2 : index + _JOINED]):
            return True  # "join the anti-rebel operation"
        timed = lowers[index + 2 : index + 3] != [] and lowers[index + 2] in self._months  # "went in May"
        for phrase in verb.to:
            if tuple(lowers[index + 1 : index + 1 + len(phrase)]) == phrase:
                return not (timed and len(phrase) == 1 and phrase[0] in self._inward and not verb.counted)
        if not self._into & {phrase[0] for phrase in verb.to} or index + 1 >= len(lowers):
            return False
        ahead = lowers[index + 2 : index + _WAY]
        way = next((at for at, word in enumerate(ahead) if word in self._into), None)
        return (
            lowers[index + 1] in self._prepositions
            and way is not None
            and not any(word in self._verbs or not word[0].isalnum() for word in ahead[:way])
        )

    def goal(self, lowers: list[str], index: int) -> str | None:
        """The "for" that says where those go who leave: "left Perth, their last port, for Tonga"."""
        for at in range(index + 2, min(len(lowers) - 1, index + _LEAVING)):
            word = lowers[at]
            if word in self._bound_for:
                far = at - index >= _NEAR and "," not in lowers[index:at]
                after = lowers[at + 1]
                return None if far or after[0].isdigit() or after in self._no_goals else word
            if word in self._stops or word in self._verbs or not (word[0].isalnum() or word in self._links):
                return None
        return None

    def _has_parts(self, lowers: list[str], force: Mention) -> bool:
        return lowers[force.end : force.end + 1] != [] and lowers[force.end] in self._bringing

    def shifted(self, lowers: list[str], index: int, force: Mention) -> tuple[int, int] | None:
        """The place between a verb and its force: "has sent to the border with Mali a brigade"."""
        start, end = index + 1, force.start
        between = lowers[start:end]
        if 1 < len(between) < _SHIFT and between[0] in self._bound_for and between[-1] in self._times:
            return end, end  # "to deploy for a year a force of"
        if (
            not 1 < len(between) <= _SHIFT
            or between[0] not in self._destination
            or not (force.count.value or self._has_parts(lowers, force))
        ):
            return None
        if (
            not (force.strong or force.strength or (force.count.value or 0) >= _MANY)
            or between[1] in self._no_place
            or between[-1] in self._prepositions
        ):
            return None
        stops = any(word in self._verbs or word in self._stops or not word[0].isalnum() for word in between)
        return None if stops or between[-1] in self._determiners else (start + 1, end)

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

    def named(self, between: Sequence[str]) -> bool:
        """Whether names stand between: "two destroyers, the Kirishima and the Ashigara, and 300 men"."""
        return (
            3 < len(between) <= _NAMES
            and between[0] == ","
            and between[1] in self._determiners
            and between[-1] in self._and
            and between[-2] == ","
            and not any(word in self._verbs or word in self._prepositions for word in between)
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

    def with_others(self, lowers: list[str], mentions: list[Mention], frame: Frame) -> list[Frame]:
        """`frame` for its force and for those joined to it on the far side of the verb."""
        frames, last = [frame], frame.mention
        if frame.shape not in ("object", "by", "noun"):
            for mention in reversed([m for m in mentions if m.end <= frame.mention.start]):
                between = lowers[mention.end : last.start]
                if not (self.joined(between) or self.apart(between)):
                    break
                frames.append(replace(frame, mention=mention))
                last = mention
            return frames[::-1] + self.brought(lowers, mentions, frame)
        for mention in (m for m in mentions if m.start >= last.end):
            between = lowers[last.end : mention.start]
            acts = lowers[mention.end : mention.end + 1] and lowers[mention.end] in self._auxiliary
            if list(between) == [","] and acts:
                break  # "has withdrawn its battalion, the Polish contingent is set to"
            near = self.joined(between) or self.apart(between) or self.named(between)
            if not (near or mention.gapped):
                break
            frames.append(replace(frame, mention=mention))
            last = mention
        return frames

    def has_particle(self, lowers: list[str], index: int, end: int, verb: Verb) -> bool:
        """Whether one of the words that the verb needs stands behind it or behind its force."""
        near = [" ".join(lowers[at + 1 : at + 1 + length]) for at in {index, end} for length in (1, 2, 3)]
        return not verb.particles or any(words in verb.particles for words in near)

    def direction(self, verb: Verb, lowers: list[str], index: int, end: int | None = None) -> Direction:
        """Which way the verb sends: "flown out of" and "sent home" withdraw."""
        for at in (index, end if end is not None else index):
            if any(tuple(lowers[at + 1 : at + 1 + len(phrase)]) == phrase for phrase in self._away):
                return "withdraw"
        return "withdraw" if verb.frame == "withdraw" else "deploy"
