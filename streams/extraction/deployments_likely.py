"""Other numbers of forces in an article about a deployment: by what they probably are sent, too.

Rules read who is sent where the words around say so in a way that they know. In an article of which they have
read one deployment, whatever other force has a number is weighed by a small model over the words beside it.
`scripts/train_forces.py` learned its weights; `data/<language>/force_model.json` holds them.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from math import exp
from typing import Any, NamedTuple

from schemas.events import Realis
from streams.extraction.deployments_beside import BesideReader
from streams.extraction.deployments_draft import Candidate, place_of
from streams.extraction.deployments_forces import ForceReader
from streams.extraction.deployments_kinds import KindReader
from streams.extraction.deployments_mentions import Mention
from streams.extraction.deployments_phrases import Line
from streams.extraction.deployments_places import PlaceReader
from streams.extraction.deployments_realis import RealisReader
from streams.extraction.deployments_shapes import Frame
from streams.extraction.deployments_verbs import Verbs
from streams.extraction.document import Document, Sentence
from streams.extraction.drafts import Note
from streams.extraction.lexicon import load_model, word_set
from streams.extraction.quantities import find_quantities

_LIVE: tuple[Realis, ...] = ("actual", "ordered", "planned")
_BEFORE, _BEHIND, _CLAUSE = 5, 6, 13  # tokens looked at before and behind a force, and for a verb
_NEAR, _MID = 3, 7  # tokens to a verb
_STOPS = frozenset({".", ";"})
_TO_JOIN = 4  # tokens behind a force to the "by" of those who join it
_ROUNDED = 1.1  # so much more than "over 3,000" may be what it rounds
_LEAD = 4  # sentences
_BIG, _HUGE = 10, 1000
_MACHINES = ("vehicle", "aircraft")
_SHOWN = 6  # reasons in an explanation

Features = dict[str, float]


class Weighed(NamedTuple):
    """A counted force with what speaks for and against its being sent; `trigger`: the nearest verb token."""

    sentence: Sentence
    line: Line
    mention: Mention
    trigger: int
    features: Features


@dataclass(frozen=True, slots=True)
class ForceModel:
    """A logistic model: the weights of features, the bias, and from which probability on a force counts."""

    weights: dict[str, float]
    bias: float
    threshold: float

    @staticmethod
    @cache
    def load(language: str) -> "ForceModel":
        """The model of `language`. Raises LexiconError."""
        return load_model(language, "force_model", ForceModel._built)

    @staticmethod
    def _built(model: Any) -> "ForceModel":
        weights = {str(name): float(weight) for name, weight in model["weights"].items()}
        return ForceModel(weights, float(model["bias"]), float(model["threshold"]))

    def probability(self, features: Features) -> float:
        """How likely a force with these features is sent."""
        known = self.weights
        score = self.bias + sum(known[name] * value for name, value in features.items() if name in known)
        return 1 / (1 + exp(-score))

    def reasons(self, features: Features) -> tuple[str, ...]:
        """What weighed most, with its sign."""
        shares = [(self.weights.get(name, 0.0) * value, name) for name, value in features.items()]
        shares.sort(key=lambda share: -abs(share[0]))
        return tuple(
            f"{'+' if share > 0 else '-'} {name} {abs(share):.2f}" for share, name in shares[:_SHOWN]
        )


class LikelyReader:
    """Finds the further forces of one language."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._forces, self._verbs = ForceReader.load(language), Verbs.load(language)
        self._realis, self._places = RealisReader.load(language), PlaceReader.load(language)
        self._beside = BesideReader.load(language)
        self._aboard = word_set(language, "deployments", "beside", "aboard")
        self._may = word_set(language, "deployments", "realis", "may")
        self._kinds = KindReader.load(language)
        self._to = word_set(language, "deployments", "grammar", "to")
        self._by = word_set(language, "deployments", "grammar", "by")
        self._in = word_set(language, "deployments", "beside", "carried")
        self._generic = word_set(language, "deployments", "generic_places", "words")

    @staticmethod
    @cache
    def load(language: str) -> "LikelyReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return LikelyReader(language)

    def find(
        self,
        document: Document,
        known: Sequence[Candidate],
        refused: Collection[tuple[int, int]],
        years: frozenset[str],
        notes: list[Note] | None = None,
    ) -> list[Candidate]:
        """The forces that probably are sent beside those `known`; none where no deployment is known.

        `refused`: sentence and head token of forces that were weighed already and found none.
        """
        live = [c for c in known if c.realis in _LIVE and c.frame.direction == "deploy"]
        if not live:
            return []
        model = ForceModel.load(self._language)
        told = {figures(candidate.frame.mention) for candidate in known}
        read = {(candidate.sentence.index, candidate.frame.mention.head) for candidate in known}
        read.update(refused)
        found: list[Candidate] = []
        for weighed in self.weigh(document):
            mention = weighed.mention
            if figures(mention) in told or (weighed.sentence.index, mention.head) in read:
                continue
            if any(_is_rounded(mention, one) for one in told):
                continue  # "over 3,000 more" in a title above "3,085 more"
            sure = model.probability(weighed.features)
            if notes is not None:
                first, last = weighed.line.tokens[mention.start], weighed.line.tokens[mention.end - 1]
                decision = "deploy, probably" if sure >= model.threshold else "no deployment"
                reasons = model.reasons(weighed.features)
                notes.append(Note(first.start, last.end, f"further force ({sure:.2f})", reasons, decision))
            candidate = self._candidate(weighed, live[-1], years, sure) if sure >= model.threshold else None
            if candidate is not None and not candidate.frame.idle:  # "on heightened alert"
                told.add(figures(mention))
                found.append(candidate)
        return found

    def weigh(self, document: Document) -> Iterator[Weighed]:
        """Every counted force of `document`, with its features."""
        last: Mention | None = None
        for sentence in document.sentences:
            if self._forces.words.isdisjoint(sentence.words):
                continue
            line = Line.of(sentence, find_quantities(sentence, self._language))
            mentions = self._forces.find(line, last)
            for mention in mentions:
                last = mention if mention.quantity else last
                idle = self._beside.is_idle(line.lowers, mention.end) or self._is_joined(line.lowers, mention)
                if (
                    self._is_counted(line.lowers, mention)
                    and not idle
                    and not self._carries(line.lowers, mention)
                ):
                    place = sentence.index / len(document.sentences)
                    features, trigger = self._features(line, mention, sentence, place)
                    features["beside_strong"] = float(any(m.strong for m in mentions if m is not mention))
                    yield Weighed(sentence, line, mention, trigger, features)

    def _is_counted(self, lowers: list[str], mention: Mention) -> bool:
        """Whether a number of a force is told: none is with "its garrison", "a plane landed", "71 people" or
        "two pick-ups". Those who are joined are no news ("a company was lent to the 400 guardsmen")."""
        few = mention.count.value == 1 and (mention.definite or mention.unit in _MACHINES)
        few = few or (mention.what == "vehicles" and not mention.strong and (mention.count.value or 0) < _BIG)
        there = mention.definite and mention.start > 0 and lowers[mention.start - 1] in self._to
        return bool(mention.count.value) and not (
            few or there or self._kinds.is_anybody(lowers[mention.head])
        )

    def _is_joined(self, lowers: list[str], mention: Mention) -> bool:
        """Whether others come to it or in its place: "its 900 troops were joined by"."""
        behind = lowers[mention.end : mention.end + _TO_JOIN]
        return any(
            second in self._by and any(verb.frame == "joined" for verb, _ in self._verbs.forms.get(first, ()))
            for first, second in pairwise(behind)
        )

    def _carries(self, lowers: list[str], mention: Mention) -> bool:
        """Whether it only brings others: "in a column of 90 trucks", "aboard two planes"."""
        before = lowers[mention.start - 1] if mention.start else ""
        return mention.unit in _MACHINES and (before in self._aboard or before in self._in)

    def _features(
        self, line: Line, mention: Mention, sentence: Sentence, place: float
    ) -> tuple[Features, int]:
        lowers, value = line.lowers, mention.count.value or 0
        features: Features = {
            f"what={mention.what}": 1.0,
            f"unit={mention.unit}": 1.0,
            "strong": float(mention.strong),
            "definite": float(mention.definite),
            "extra": float(mention.extra),
            "anaphoric": float(mention.anaphoric),
            "gapped": float(mention.gapped),
            "title": float(sentence.in_title),
            "lead": float(sentence.index < _LEAD),
            "late": place,
            "big": float(value >= _BIG),
            "huge": float(value >= _HUGE),
            "single": float(value == 1),
            "vague": float(mention.count.best is None),
        }
        before, behind = lowers[max(0, mention.start - _BEFORE) : mention.start], lowers[mention.end :]
        features |= {f"before {word}": 1.0 for word in before} | {
            f"right before {w}": 1.0 for w in before[-1:]
        }
        features |= {f"behind {word}": 1.0 for word in behind[:_BEHIND]}
        features |= {f"right behind {word}": 1.0 for word in behind[:1]}
        trigger = mention.head
        for side, tokens in (
            ("behind", range(mention.end, min(len(lowers), mention.end + _CLAUSE))),
            ("before", range(mention.start - 1, max(-1, mention.start - 1 - _CLAUSE), -1)),
        ):
            verb = self._verb(features, lowers, side, tokens)
            trigger = trigger if verb is None else verb
        return features, trigger

    def _verb(self, features: Features, lowers: list[str], side: str, tokens: range) -> int | None:
        """Adds what the nearest verb of sending, moving or leaving on one side tells; its token."""
        for distance, at in enumerate(tokens):
            if lowers[at] in _STOPS:
                break
            readings = self._verbs.forms.get(lowers[at])
            if not readings:
                continue
            near = "near" if distance < _NEAR else "mid" if distance < _MID else "far"
            for verb, form in readings:
                features[f"verb {side} {verb.frame}"] = 1.0
                features[f"verb {side} {verb.frame} {near}"] = 1.0
                features[f"verb {side} {verb.frame} {form}"] = 1.0
                features[f"verb {side} {verb.lemma}"] = 1.0
                features[f"verb {side} strong"] = float(verb.strong)
            chain = self._verbs.chain(lowers, at)
            features |= {f"verb {side} modal {word}": 1.0 for word in (chain.modal,) if word}
            features[f"verb {side} to"] = float(chain.infinitive)
            features[f"verb {side} not"] = float(chain.negated)
            features[f"verb {side} be"] = float(chain.be is not None)
            features[f"verb {side} have"] = float(chain.have)
            return at
        features[f"verb {side} none"] = 1.0
        return None

    def _candidate(self, weighed: Weighed, model: Candidate, years: frozenset[str], sure: float) -> Candidate:
        """The force as a candidate; what its own words leave open it takes from `model`, told before."""
        sentence, line, mention, trigger, _ = weighed
        if mention.what == "other":
            mention = replace(mention, what=model.frame.mention.what)
        readings = self._verbs.forms.get(line.lowers[trigger])
        verb, form = readings[0] if readings else (None, model.frame.form)
        frame = Frame(
            mention=mention,
            direction="deploy",
            trigger=trigger,
            shape="part",
            chain=self._verbs.chain(line.lowers, trigger),
            form=form,
            sure=False,
            lemma=verb.lemma if verb else model.frame.lemma,
        )
        frame = self._places.placed(line.tokens, line.lowers, frame, capitals=line.capitals)
        realis, why = self._realis.decide(line.lowers, frame, years)
        if realis not in _LIVE:
            realis = "hypothetical" if frame.chain.modal in self._may else model.realis
        place = place_of(sentence, frame, self._generic) or model.place
        return Candidate(sentence, frame, realis, why, confidence=round(sure, 2), place=place)


def _is_rounded(mention: Mention, told: tuple[int | None, int | None, int | None]) -> bool:
    """Whether an open or rough number stands for an exact one that was told."""
    count, exact = mention.count, told[1]
    if exact is None or told[0] != exact or count.low is None or count.low == count.high:
        return False
    return count.low <= exact <= (count.high or round(count.low * _ROUNDED))


def figures(mention: Mention) -> tuple[int | None, int | None, int | None]:
    """The ends of its number, by which the same force is known again."""
    return mention.count.low, mention.count.best, mention.count.high
