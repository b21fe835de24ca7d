"""How much the words for a force weigh: whether they mean one by themselves, or beside what else is told."""

from dataclasses import dataclass
from functools import cache

from schemas.events import ForceKind
from streams.extraction.deployments_kinds import KindReader
from streams.extraction.deployments_shapes import Frame
from streams.extraction.lexicon import word_set

_FILE = "deployments"
MANY = 10  # fewer police or medics than these are on duty
HELPERS = ("police", "medics", "firefighters")
_TRAVELLERS = ("medics", "firefighters")
SENT = ("object", "passive", "reduced")


@dataclass(frozen=True, slots=True)
class Weight:
    """One thing that speaks for a candidate (above 0) or against it."""

    share: float
    why: str

    def __str__(self) -> str:
        return f"{'+' if self.share > 0 else '-'} {self.why}"


class ForceWeigher:
    """Weighs forces in one language; the words are in `deployments.toml` and `forces.toml`."""

    def __init__(self, language: str) -> None:
        self._kinds = KindReader.load(language)
        self._sending = word_set(language, _FILE, "machines", "verbs")
        self._meetings = word_set(language, _FILE, "incursion", "meetings")
        self._helping = word_set(language, _FILE, "incursion", "helpers")
        self._travels = word_set(language, _FILE, "duty", "travels")
        self._incursion = word_set(language, _FILE, "incursion", "lemmas")

    @staticmethod
    @cache
    def load(language: str) -> "ForceWeigher":
        """The weigher of `language`. Raises LexiconError where its data is missing or wrong."""
        return ForceWeigher(language)

    def weigh(
        self,
        frame: Frame,
        lowers: list[str],
        words: frozenset[str],
        known: ForceKind | None,
        *,
        told: bool,
    ) -> Weight:
        """What the words of a force weigh; `told`: the text has told of such a force before."""
        mention = frame.mention
        counted = mention.count.value is not None
        if mention.strong:
            return Weight(0.15, "a word for a force")
        if mention.anaphoric:
            weight = self._unnamed(frame, lowers, words, known)
            if weight is not None:
                return weight
        if told and counted and mention.what != "other":
            return Weight(0.05, "more of those spoken of")
        if frame.shape == "part" and counted:
            return Weight(0.05, "beside a force")
        if mention.what == "other":
            return Weight(-0.4, "people of no force")
        if mention.what in self._kinds.context:
            return self._machines(frame, words)
        if mention.what == "monitors":
            if counted and words & self._kinds.observers:
                return Weight(0.1, "observers in a text about truces")
            return Weight(-0.4, "observers of something else")
        return self._weak(frame, lowers, words)

    def _unnamed(
        self, frame: Frame, lowers: list[str], words: frozenset[str], known: ForceKind | None
    ) -> Weight | None:
        """People whose own words do not say what they are: "300 men", "90 Britons"."""
        mention = frame.mention
        counted = mention.count.value is not None
        anybody = self._kinds.is_anybody(lowers[mention.head])
        sent = frame.sure or frame.lemma in self._sending or frame.shape == "part"
        if anybody and not sent:
            return Weight(-0.4, "people of no force")
        if mention.what not in ("other", known, self._kinds.of_text(words)):
            return None
        if counted and known:
            return Weight(0.1, "a number of those spoken of before")
        sent = frame.sure or frame.place is not None or frame.shape == "part"
        if counted and sent and words & self._kinds.military:
            return Weight(0.05, "a number of men in a text about forces")
        return Weight(-0.4, "no force is spoken of")

    def _machines(self, frame: Frame, words: frozenset[str]) -> Weight:
        mention = frame.mention
        counted = mention.count.value is not None
        near = words & self._kinds.context[mention.what]
        sent = frame.sure or frame.lemma in self._sending
        if frame.shape == "subject":
            meant = bool(near) and counted and frame.place is not None
            return Weight(-0.15 if meant else -0.4, "machines on their way")
        if near:
            return Weight(0.1 if sent else -0.15, "machines in a text about armed forces")
        sent = sent and frame.shape == "object" and counted and frame.place is not None
        return Weight(-0.1 if sent else -0.4, "machines of nobody armed")

    def _weak(self, frame: Frame, lowers: list[str], words: frozenset[str]) -> Weight:
        """Words that may mean a force or other people ("officers", "doctors", "fighters")."""
        mention = frame.mention
        if mention.what == "medics" and not self._meetings.isdisjoint(lowers):
            return Weight(-0.4, "doctors who meet")
        many = mention.count.value is not None and mention.count.value >= MANY
        travels = mention.what in _TRAVELLERS or frame.lemma in self._travels
        travels = travels and frame.shape == "subject"
        sent = frame.shape in SENT or mention.extra or travels
        if mention.what in HELPERS and many and frame.place and sent:
            return Weight(0.01, "many who help, sent somewhere")
        come = frame.shape == "subject" and frame.lemma in self._helping
        if mention.what == "medics" and many and frame.place and come:
            return Weight(0.01, "many who come to help")
        trains = mention.what == "troops" and frame.shape in ("object", "passive")
        if trains and many and frame.lemma in self._sending and frame.place and frame.place[0] >= mention.end:
            return Weight(0.01, "many who may be soldiers, sent somewhere")
        sent_or_come = frame.shape in SENT or frame.lemma in self._incursion
        if mention.what == "militia" and frame.place and sent_or_come:
            return Weight(0.01, "fighters who are sent")
        if words & self._kinds.military:
            return Weight(
                0.01 if frame.sure else -0.1, "a word that may mean a force, in a text about forces"
            )
        return Weight(0.01 if frame.sure else -0.25, "a word that may mean a force")
