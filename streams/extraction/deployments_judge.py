"""Whether what looks like a deployment is one: weighs the force, the verb, the place and the text around them."""

from dataclasses import dataclass, replace
from functools import cache

from schemas import Count
from streams.extraction.deployments_draft import Candidate
from streams.extraction.deployments_forces import ForceReader, Mention
from streams.extraction.deployments_places import PlaceReader
from streams.extraction.document import Token
from streams.extraction.lexicon import word_set

_FILE = "deployments"
_HANDFUL = 5  # fewer police or medics than these are on duty
_DUTY = frozenset(("police", "medics", "firefighters"))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided: the candidate as it stands, or null; and why."""

    candidate: Candidate | None
    reasons: tuple[str, ...]


class Judge:
    """Weighs candidates in one language; the words are in `deployments.toml`."""

    def __init__(self, language: str) -> None:
        self._forces = ForceReader.load(language)
        self._places = PlaceReader.load(language)
        self._rehearsal = word_set(language, _FILE, "rehearsal", "words")
        self._scenes = word_set(language, _FILE, "duty", "scenes")
        self._orders = word_set(language, _FILE, "orders", "verbs")

    @staticmethod
    @cache
    def load(language: str) -> "Judge":
        """The judge of `language`. Raises LexiconError where its data is missing or wrong."""
        return Judge(language)

    def weigh(
        self, candidate: Candidate, lowers: list[str], words: frozenset[str], before: list[Candidate]
    ) -> Verdict:
        """Whether `candidate` stands, with its kind and confidence settled."""
        frame, mention = candidate.frame, candidate.frame.mention
        said: list[str] = []
        score = 0.55

        def add(share: float, why: str) -> None:
            nonlocal score
            score += share
            said.append(f"{'+' if share > 0 else '-'} {why}")

        counted = mention.count.value is not None
        if mention.anaphoric and counted and not mention.strong:
            known = self._known(before, mention)
            if known or words & self._forces.military:
                add(0.1, "a number of men in a text about forces")
                if known and mention.what == "other":
                    mention = replace(mention, what=known)
            else:
                add(-0.4, "no force is spoken of")
        elif mention.strong:
            add(0.15, "a word for a force")
        elif mention.what in self._forces.context:
            armed = words & self._forces.context[mention.what]
            sent = frame.shape == "object" and counted and (frame.place or frame.sure)
            share = 0.1 if armed else -0.1 if sent else -0.4
            add(share, "machines of an armed force" if armed else "machines of nobody armed")
        elif mention.what == "militia" and frame.place and frame.shape in ("object", "passive", "reduced"):
            said.append("+ fighters who are sent")
        elif words & self._forces.military:
            add(0.0 if frame.sure else -0.1, "a word that may mean a force, in a text about forces")
        else:
            add(0.0 if frame.sure else -0.25, "a word that may mean a force")
        if frame.sure:
            add(0.1, f"the verb {frame.lemma}")
        elif frame.shape in ("object", "passive", "reduced") and not (frame.place or frame.purpose):
            add(-0.3, "nowhere to go")
        if frame.place:
            add(0.1, "a destination")
        if counted:
            add(0.05, "a number")
        if any(word in self._rehearsal for word in lowers):
            add(-0.35, "an exercise or a game")
        if mention.what in _DUTY and self._is_duty(mention, frame.place, lowers):
            add(-0.4, "ordinary duty")
        if frame.shape == "noun" and not counted and candidate.realis == "actual":
            add(-0.3, "a deployment that is only mentioned")
        if frame.lemma == "escort" and mention.what not in ("ships", "aircraft"):
            add(-0.5, "an escort")
        if (
            frame.lemma == "order"
            and frame.shape == "object"
            and not (frame.purpose or self._goes_into(lowers, mention))
        ):
            add(-0.5, "an order of another kind")
        if mention.count.best == 0 or mention.count.rule == "none":
            add(-1.0, "none at all")
        if score < 0.5:
            return Verdict(None, tuple(said))
        frame = replace(frame, mention=self._grown(mention))
        return Verdict(
            replace(candidate, frame=frame, confidence=round(min(score, 0.95), 2), reasons=tuple(said)),
            tuple(said),
        )

    def second(
        self, first: Candidate, mention: Mention, tokens: tuple[Token, ...], lowers: list[str]
    ) -> Candidate:
        """The part named by its number alone behind `first`, with its own place where it has one."""
        frame = replace(first.frame, mention=mention, place=None)
        return replace(
            first, frame=self._places.placed(tokens, lowers, frame, capitals=first.sentence.capitals)
        )

    def _known(self, before: list[Candidate], mention: Mention) -> str | None:
        for candidate in reversed(before):
            if candidate.frame.mention.unit == "person" or mention.unit == "person":
                return candidate.frame.mention.what
        return None

    def _is_duty(self, mention: Mention, place: tuple[int, int] | None, lowers: list[str]) -> bool:
        count = mention.count
        few = count.best is not None and count.best < _HANDFUL
        scene = place is not None and any(word in self._scenes for word in lowers[place[0] : place[1]])
        return few or (scene and count.value is None and not mention.extra)

    def _goes_into(self, lowers: list[str], mention: Mention) -> bool:
        return lowers[mention.end : mention.end + 1] in (["into"], ["onto"], ["to"], ["out"])

    def _grown(self, mention: Mention) -> Mention:
        """ "From seven to ten" sends three."""
        count = mention.count
        if count.rule != "range_from" or count.low is None or count.high is None:
            return mention
        more = count.high - count.low
        return replace(
            mention, count=Count(low=more, best=more, high=more, text=count.text, rule="range_from")
        )
