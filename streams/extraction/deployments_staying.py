"""Forces that are there and stay: "will remain in Gao", "they join 900 soldiers", "the mission has 90"."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from streams.extraction.deployments_kinds import KindReader
from streams.extraction.deployments_mentions import Mention
from streams.extraction.deployments_shapes import Frame
from streams.extraction.deployments_subjects import SubjectReader
from streams.extraction.deployments_verbs import Chain, Verbs
from streams.extraction.lexicon import word_list, word_set

_FILE = "deployments"
_TO_STAY = 5  # tokens between a force and the verb of staying
_MISSION = 8  # tokens of "the OSCE mission to Ukraine currently" before "has"


class StayReader:
    """Reads forces that stay in one language; the words are in `deployments.toml`."""

    def __init__(self, language: str) -> None:
        def words(*keys: str) -> frozenset[str]:
            return word_set(language, _FILE, *keys)

        self._verbs, self._stay = Verbs.load(language), words("staying", "verbs")
        self._subjects = SubjectReader.load(language)
        self._joining, self._missions = words("staying", "joining"), words("staying", "missions")
        self._parts = tuple(tuple(p.split()) for p in word_list(language, _FILE, "staying", "part_of"))
        self._owners, self._keeping = words("stock", "owners"), words("staying", "keeping")
        self._destination = words("grammar", "destination") | words("stock", "there_word")
        self._between = words("grammar", "adverbs") | words("grammar", "be") | words("grammar", "to")
        self._between |= (
            words("realis", "will") | words("realis", "would") | words("realis", "planned_before_to")
        )
        self._adverbs, self._pronouns = words("grammar", "adverbs"), words("staying", "pronouns")
        self._gerunds = tuple(words("grammar", "gerunds"))
        self._forces = frozenset(KindReader.load(language).heads)
        self.words = self._stay | self._joining | self._owners

    @staticmethod
    @cache
    def load(language: str) -> "StayReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return StayReader(language)

    def added(self, lowers: list[str], mentions: Sequence[Mention], found: list[Frame]) -> list[Frame]:
        """`found` with those who stay; "are expected to remain" sends nobody."""
        for mention in mentions:
            if mention.count.value is None and mention.strong and self._is_joined(lowers, mention):
                found = [*found, *self._joiners(lowers, mentions, mention)]
                continue
            known = [frame for frame in found if frame.mention.head == mention.head]
            stays = self.read(lowers, mention)
            if stays and stays.lemma == "join":
                found = [*found, *self._joiners(lowers, mentions, mention)]
            if stays and all(mention.end <= frame.trigger < stays.trigger for frame in known):
                found = [frame for frame in found if frame not in known] + [stays]
        return found

    def read(self, lowers: list[str], mention: Mention) -> Frame | None:
        """The frame that says of `mention` that it is and stays where it is."""
        if mention.count.value is None:
            return None
        chain = Chain(mention.end, None, have=False, modal=None, infinitive=False, negated=False)
        frame = Frame(mention, "stock", mention.head, "stock", chain, "base", sure=False, lemma="stay")
        verb = self._verb_of_staying(lowers, mention.end)
        if mention.strong and verb is not None and self._is_somewhere(lowers, verb + 1):
            return replace(frame, trigger=verb, chain=self._verbs.chain(lowers, verb))
        before = mention.start - 1
        while before > 0 and lowers[before] in self._adverbs:
            before -= 1
        if before < 0:
            return None
        others = any(word in self._forces or word in self._pronouns for word in lowers[:before])
        acts = lowers[mention.end + 1 : mention.end + 2]
        acting = bool(acts) and acts[0].endswith(self._gerunds)  # "joined the soldiers in mourning"
        if lowers[before] in self._joining and mention.strong and others and not acting:
            return replace(frame, lemma="join")
        after = tuple(lowers[mention.end : mention.end + 3])
        part = any(after[: len(phrase)] == phrase for phrase in self._parts)
        own = lowers[before] in self._owners and self._is_mission(lowers[max(0, before - _MISSION) : before])
        kept = part and mention.strong and lowers[before] in self._keeping
        return frame if kept or (own and not mention.anaphoric) else None

    def _is_joined(self, lowers: list[str], mention: Mention) -> bool:
        return mention.start > 0 and lowers[mention.start - 1] in self._joining

    def _joiners(self, lowers: list[str], mentions: Sequence[Mention], joined: Mention) -> list[Frame]:
        """Those who join: "250 soldiers will join the 900 in Gao"."""
        after = lowers[joined.end : joined.end + 2]
        if len(after) == 2 and after[0] in self._destination and after[1].endswith(self._gerunds):
            return []  # "will join the Danes in leaving"
        verb = next(at for at in range(joined.start - 1, -1, -1) if lowers[at] in self._joining)
        chain = self._verbs.chain(lowers, verb)
        told = self._subjects.find(lowers, list(mentions), chain.start, infinitive=chain.infinitive)
        if told is None or told[0].count.value is None:
            return []
        return [Frame(told[0], "deploy", verb, "subject", chain, "base", False, "join", relative=told[1])]

    def _is_somewhere(self, lowers: list[str], at: int) -> bool:
        while at < len(lowers) and lowers[at] in self._adverbs:
            at += 1
        return at < len(lowers) and lowers[at] in self._destination

    def _verb_of_staying(self, lowers: list[str], end: int) -> int | None:
        for at in range(end, min(len(lowers), end + _TO_STAY)):
            if lowers[at] in self._stay:
                return at
            if lowers[at] not in self._between:
                return None
        return None

    def _is_mission(self, subject: Sequence[str]) -> bool:
        """Whether the words before "has" are about a mission abroad, and about nothing else."""
        at = max((i + 1 for i, word in enumerate(subject) if word in (",", ";", ":", ".")), default=0)
        return any(word in self._missions for word in subject[at:])
