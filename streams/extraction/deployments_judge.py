"""Whether what looks like a deployment is one: weighs force, verb, place and the text around them."""

from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import cache

from schemas import Count
from schemas.events import ForceKind
from streams.extraction.deployments_draft import Candidate
from streams.extraction.deployments_kinds import KindReader
from streams.extraction.deployments_mentions import Mention
from streams.extraction.deployments_places import PlaceReader
from streams.extraction.deployments_shapes import Frame
from streams.extraction.deployments_weights import HELPERS, MANY, SENT, ForceWeigher, Weight
from streams.extraction.document import Token
from streams.extraction.lexicon import LexiconError, load_table, word_set

_FILE = "deployments"
_ROUNDING = 1e-9
_SPORT = 3  # words of sport or computing that make a text about it
_NO = -1.0
_FIRM = -0.45  # what speaks so much against a deployment settles it
_MACHINES = ("aircraft", "ship", "vehicle")
_CALLED_IN = ("police", "troops", "guards")  # where these are called in, it is news
_BODIES = ("company", "squadron", "battalion", "regiment", "brigade", "division")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided: the candidate as it stands, or null; and why. `firm`: it is surely none."""

    candidate: Candidate | None
    reasons: tuple[str, ...]
    firm: bool = False


class Judge:
    """Weighs candidates in one language; the words are in `deployments.toml`."""

    def __init__(self, language: str) -> None:
        def words(*keys: str) -> frozenset[str]:
            return word_set(language, _FILE, *keys)

        self._kinds = KindReader.load(language)
        self._places = PlaceReader.load(language)
        self._weigher = ForceWeigher.load(language)
        self._relative = words("grammar", "relative")
        self._promising = words("realis", "promising")
        self._presence = word_set(language, "forces", "extra", "presence")
        self._forces = word_set(language, "forces", "extra", "armed")
        self._reinforcing = word_set(language, "forces", "extra", "words")
        self._on_operation = word_set(language, "forces", "extra", "on_operation")
        self._scores, self._right = _confidence(language)
        self._rehearsal, self._sending = words("rehearsal", "words"), words("machines", "verbs")
        self._scenes, self._duty = words("duty", "scenes"), words("duty", "words")
        self._on_duty, self._special = words("duty", "verbs"), words("duty", "special")
        self._called = words("duty", "called")
        self._shrinking = words("growth", "shrinking")
        self._to, self._staying = words("grammar", "to"), words("staying", "verbs")
        self._placing, self._placing_where = words("placing", "lemmas"), words("placing", "where")
        self._whither = words("grammar", "whither")
        self._sport, self._computing = words("sport", "words"), words("computing", "words")
        self._moving = words("stock", "moving_to")
        self._freeing = words("removal", "freeing")
        self._removal, self._incursion = words("removal", "lemmas"), words("incursion", "lemmas")

    @staticmethod
    @cache
    def load(language: str) -> "Judge":
        """The judge of `language`. Raises LexiconError where its data is missing or wrong."""
        return Judge(language)

    def weigh(
        self, candidate: Candidate, lowers: list[str], words: frozenset[str], before: list[Candidate]
    ) -> Verdict:
        """Whether `candidate` stands, with its kind and confidence settled.

        `words` are those of the whole text, `before` the candidates that stood before this one.
        """
        frame = candidate.frame
        known = self._known(frame, lowers, before) if frame.mention.anaphoric else None
        if lowers[frame.mention.head] in self._reinforcing:  # "the army sent reinforcements"
            known = self._sender(frame, lowers)
        own = self._sender(frame, lowers) if lowers[frame.mention.head] in self._forces else None
        if own and (frame.mention.definite or not frame.mention.strong):  # "police called up their forces"
            frame = replace(frame, mention=replace(frame.mention, what=own, anaphoric=False))
        elif frame.mention.what == "other" and frame.mention.anaphoric:
            kind = known or self._kinds.of_text(words) or "other"
            frame = replace(frame, mention=replace(frame.mention, what=kind))
        elif known and frame.mention.what == "other":
            frame = replace(frame, mention=replace(frame.mention, what=known))
        if frame.mention.count.best == 0:  # "no troops will be sent"
            candidate = replace(candidate, realis="denied")
            frame = replace(frame, mention=replace(frame.mention, count=Count(), quantity=None))
        counted = frame.mention.count.value is not None
        known_goal = (
            known is not None and frame.mention.anaphoric and counted
        )  # it goes where the others went
        unclear = not frame.mention.strong and frame.mention.unit == "person"
        told = any(unclear or c.frame.mention.what == frame.mention.what for c in before)
        force = self._weigher.weigh(frame, lowers, words, known, told=told)
        goes = known_goal or self._goes_somewhere(frame, lowers)
        weights = [force, *self._verb(frame, candidate, lowers, goes=goes, plain=force.share > 0, told=told)]
        named = candidate.place is not None and bool(candidate.place.names)
        weights += self._ordinary(frame, lowers, named=named)
        for world, about in (("sport", self._sport), ("computers", self._computing)):
            if len(words & about) >= _SPORT:
                weights.append(Weight(-0.5, f"a text about {world}"))
        weights = [weight for weight in weights if weight.share]
        reasons = tuple(map(str, weights))
        score = 0.55 + sum(weight.share for weight in weights)
        if score < self._scores[0] - _ROUNDING:
            return Verdict(None, reasons, firm=any(weight.share <= _FIRM for weight in weights))
        frame = replace(frame, mention=_grown(frame.mention))
        confidence = self._right[bisect_right(self._scores, score + _ROUNDING) - 1]
        stands = replace(candidate, frame=frame, confidence=confidence, reasons=reasons)
        return Verdict(stands, reasons)

    def second(
        self, first: Candidate, mention: Mention, tokens: tuple[Token, ...], lowers: list[str]
    ) -> Candidate:
        """The part named by its number alone behind `first`, with its own place where it has one."""
        frame = replace(first.frame, mention=mention, place=None)
        capitals = first.sentence.capitals
        return replace(first, frame=self._places.placed(tokens, lowers, frame, capitals=capitals))

    def _known(self, frame: Frame, lowers: list[str], before: list[Candidate]) -> ForceKind | None:
        """What "300 men" are: as the force that sends them, or the one spoken of before."""
        return self._sender(frame, lowers) or next(
            (c.frame.mention.what for c in reversed(before) if c.frame.mention.unit not in _MACHINES), None
        )

    def _sender(self, frame: Frame, lowers: list[str]) -> ForceKind | None:
        words = lowers[frame.actor[0] : frame.actor[1]] if frame.actor else []
        known = (self._kinds.heads[word] for word in words if word in self._kinds.heads)
        heads = [head.what for head in known if head.unit not in _MACHINES]
        return heads[-1] if heads and heads[-1] != "other" else None

    def _verb(
        self, frame: Frame, candidate: Candidate, lowers: list[str], *, goes: bool, plain: bool, told: bool
    ) -> list[Weight]:
        mention = frame.mention
        counted = mention.count.value is not None
        weights = [Weight(0.1, "a destination" if frame.place else "")] if frame.place else []
        if counted:
            weights.append(Weight(0.05, "a number"))
        if frame.sure:
            weights.append(Weight(0.1, f"the verb {frame.lemma}"))
        elif frame.direction == "deploy" and frame.shape in SENT and not goes:
            named = counted and not frame.idle and (told or (plain and frame.lemma in self._sending))
            weights.append(Weight(-0.15 if named else -0.3, "nowhere to go"))
        if frame.idle and frame.shape in SENT:
            weights.append(Weight(-0.3, "kept ready"))
        if frame.direction == "deploy" and self._is_to_stay(frame, lowers):
            weights.append(Weight(_NO, "they stay where they are"))
        if frame.shape == "noun" and not counted and candidate.realis == "actual":
            weights.append(Weight(-0.3 if frame.place else -0.4, "a deployment that is only mentioned"))
        where = lowers[frame.place[0] : frame.place[1]] if frame.place else []
        if frame.lemma in self._placing and not counted and self._placing_where.isdisjoint(where):
            weights.append(Weight(-0.5, "forces that are only placed"))
        into = frame.place is not None and lowers[frame.place[0] - 1] in self._moving
        if frame.lemma == "order" and frame.shape == "object" and not (frame.purpose or into):
            weights.append(Weight(-0.5, "an order of another kind"))
        nowhere = frame.direction == "stock" and frame.lemma == "be" and not frame.place
        if frame.direction == "stock" and (nowhere or not counted or mention.count.rule == "one_unit"):
            weights.append(Weight(_NO, "no number or no place of those who are there"))
        if frame.lemma in self._shrinking and (not frame.place or mention.what in HELPERS):
            weights.append(Weight(_NO, "a force that shrinks at home"))
        if frame.lemma in self._freeing and not (into or frame.purpose):
            weights.append(Weight(_NO, "captives who are freed"))
        known_place = candidate.place is not None and bool(candidate.place.names)
        if (
            frame.direction == "withdraw"
            and frame.shape == "subject"
            and not (frame.sure or counted or known_place)
        ):
            weights.append(Weight(-0.5, "leaving nowhere named"))
        if frame.direction == "withdraw" and frame.lemma in self._removal and mention.what == "militia":
            weights.append(Weight(_NO, "enemies who are removed"))
        return weights

    def _is_to_stay(self, frame: Frame, lowers: list[str]) -> bool:
        """ "Are expected to remain", "ordered two carriers to stay"."""
        after = lowers[max(frame.trigger + 1, frame.mention.end) :][:2]
        return len(after) == 2 and after[0] in self._to and after[1] in self._staying

    def _goes_somewhere(self, frame: Frame, lowers: list[str]) -> bool:
        behind = lowers[max(frame.trigger + 1, frame.mention.end) :][:1]
        named = frame.purpose or frame.place is not None or frame.origin is not None
        return named or not self._whither.isdisjoint(behind)

    def _ordinary(self, frame: Frame, lowers: list[str], *, named: bool) -> list[Weight]:
        """What speaks of exercises, duty or fighting rather than of a deployment."""
        mention = frame.mention
        counted = mention.count.value is not None
        weights: list[Weight] = []
        ends = (at for at in range(frame.trigger, len(lowers)) if lowers[at] in self._relative)
        if any(word in self._rehearsal for word in lowers[: next(ends, len(lowers))]):
            weights.append(Weight(-0.45, "an exercise or a game"))
        if frame.shape != "part" and self._is_duty(frame, lowers, named=named):
            weights.append(Weight(-0.5, "ordinary duty"))
        if mention.what == "other" and lowers[mention.head] in self._presence:
            weights.append(Weight(_NO, "the presence of nobody named"))
        if frame.shape == "by" and mention.what == "militia" and not counted:
            weights.append(Weight(-0.5, "fighting"))
        single = mention.unit in _MACHINES and mention.count.best == 1
        if single and frame.lemma in self._promising:
            weights.append(Weight(-0.5, "a single machine that is promised"))
        if frame.shape != "subject":
            return weights
        few = mention.count.value is not None and mention.count.value < MANY
        if mention.what == "militia" and (frame.lemma not in self._incursion or not frame.place or few):
            weights.append(Weight(-0.5, "fighting"))
        if not counted and lowers[mention.head] in self._on_operation:
            weights.append(Weight(-0.5, "a force on an operation"))
        if mention.unit in ("aircraft", "ship") and mention.count.best == 1 and not frame.sure:
            sails = mention.unit == "ship" and frame.place
            weights.append(Weight(-0.1 if sails else -0.5, "a single machine under way"))
        return weights

    def _is_duty(self, frame: Frame, lowers: list[str], *, named: bool) -> bool:
        """Police, medics and firemen who are called to a scene, in no great number."""
        mention = frame.mention
        words = set(lowers[mention.start : mention.end])
        helpers = mention.what in HELPERS or (mention.what == "vehicles" and not mention.strong)
        if not helpers and not words & self._duty:
            return False
        if mention.extra or words & (self._special | self._reinforcing) or mention.unit in _BODIES:
            return False
        scene = frame.place is not None and any(
            word in self._scenes for word in lowers[frame.place[0] : frame.place[1]]
        )
        people = mention.strength or mention.count
        if people.value is not None:
            abroad = mention.what == mention.unit == "other" and named and not scene  # "two rescue teams"
            return people.value < MANY and not abroad
        called = frame.lemma in self._called and (not mention.strong or mention.what not in _CALLED_IN)
        return scene or called or (frame.lemma in self._on_duty and frame.direction == "deploy")


def _confidence(language: str) -> tuple[list[float], list[float]]:
    """From which score on a candidate stands, and how much such scores are worth. Raises LexiconError."""
    table = load_table(language, _FILE).get("confidence", {})
    scores, right = table.get("scores"), table.get("right")
    for key, values in (("scores", scores), ("right", right)):
        if not isinstance(values, list) or not values or values != sorted(values) or not 0 < values[-1] <= 1:
            raise LexiconError(f"{language}/{_FILE}.toml, confidence.{key}: rising shares of 1 were expected")
    if len(scores) != len(right):
        raise LexiconError(f"{language}/{_FILE}.toml, confidence: as many scores as shares were expected")
    return scores, right


def _grown(mention: Mention) -> Mention:
    """ "From seven to ten" sends three."""
    count = mention.count
    if count.rule != "range_from" or not count.low or not count.high or count.low == count.high:
        return mention
    more = count.high - count.low
    return replace(mention, count=Count(low=more, best=more, high=more, text=count.text, rule="range_from"))
