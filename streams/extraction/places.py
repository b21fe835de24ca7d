"""Where something happened: the places that a text names, and the one of a happening.

>>> finder = PlaceFinder.load()
>>> document = read_document(None, "A bomb killed four people in the West Bank town of Hebron on Monday.")
>>> placed = finder.resolve(document, finder.mentions(document), [0])
>>> placed.place.name, placed.place.country, placed.place.precision
('Hebron', 'PS', 'city')
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from schemas import Place
from streams.extraction.document import Document, Sentence, read_document
from streams.extraction.gazetteer import ADMIN1, ADMIN2, CITY, COUNTRY
from streams.extraction.places_atlas import REGION, Atlas
from streams.extraction.places_parts import PARTS, Match
from streams.extraction.places_scan import Scanner
from streams.extraction.places_settle import settle
from streams.extraction.places_words import PlaceWords

__all__ = ["PlaceFinder", "PlaceMention", "PlacedAt", "read_document"]

_ENOUGH = 0.1  # a weaker place is none
_NEAR = 0.3  # a name that the gazetteer lacks, late in the text and far from the happening, is none
_ASIDE = 0.3  # of the weight of a place in a sentence that tells of another happening
_FINER = 0.35  # of the winner's score: a place inside it with as much is meant
_RANK = {COUNTRY: 0, REGION: 1, ADMIN1: 2, ADMIN2: 3, CITY: 4}


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place that the text names: `start` and `end` are offsets of the clean text.

    `place` is null for a name that only the words beside it tell to be a place. `part` is a key of `PARTS`.
    """

    name: str
    start: int
    end: int
    sentence: int
    part: str
    spot: int | None
    outer: int | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class PlacedAt:
    """The place of a happening and the words that name it, as offsets of the clean text."""

    place: Place
    start: int
    end: int


class PlaceFinder:
    """Finds and resolves places. Shared and immutable."""

    def __init__(self, atlas: Atlas, words: PlaceWords) -> None:
        self._atlas = atlas
        self._words = words
        self._doubtful = words.surnames | words.given | words.common
        self._scanner = Scanner(atlas, words)
        self._cues = [(word, atlas.gazetteer.country(code.upper())) for word, code in words.cues]

    @staticmethod
    @cache
    def load(language: str = "en") -> "PlaceFinder":
        """The finder for a language. Raises GazetteerError and LexiconError."""
        return PlaceFinder(Atlas.load(language), PlaceWords.load(language))

    def mentions(self, document: Document) -> tuple[PlaceMention, ...]:
        """Every place that the document names, in order; each settled among its namesakes."""
        matches = self._scanner.matches(document)
        settle(matches, self._atlas, self._cued(document), self._doubtful)
        return tuple(self._mention(document, match) for match in matches)

    def resolve(
        self,
        document: Document,
        mentions: Sequence[PlaceMention],
        sentences: Sequence[int],
        hints: Sequence[tuple[int, int]] = (),
        *,
        asides: Collection[int] = (),
    ) -> PlacedAt | None:
        """The place of the happening that `sentences` tell of; null where the text names none.

        `hints` are spans of the clean text that name it by themselves, such as a force's destination; where
        one of them names a place, only such places count. `asides` are sentences about other happenings.
        """
        hinted = [
            mention for mention in mentions if any(s < mention.end and mention.start < e for s, e in hints)
        ]
        scores: dict[int, float] = defaultdict(float)
        best: dict[int, tuple[float, PlaceMention]] = {}
        unknown: tuple[float, PlaceMention] | None = None
        for mention in hinted or mentions:
            weight = 1.0 if hinted else self._weight(document, mention, sentences)
            if mention.sentence in asides and not hinted:
                weight *= _ASIDE
            if mention.spot is None:
                if unknown is None or weight > unknown[0]:
                    unknown = (weight, mention)
                continue
            known = best.get(mention.spot)
            scores[mention.spot] += weight if known is None else weight * 0.25
            if known is None or weight > known[0]:
                if known is not None:  # the best mention counts whole, the others a quarter
                    scores[mention.spot] += (weight - known[0]) * 0.75
                best[mention.spot] = (weight, mention)
        lands = [
            one.spot
            for _, one in best.values()
            if one.spot is not None and self._is_part(document, one, sentences)
        ]
        for spot in [spot for spot, (_, one) in best.items() if one.part == "dateline"]:
            if any(self._atlas.within(spot, land) for land in lands):
                del scores[spot]  # "KATHMANDU - An earthquake in western Nepal"
        chosen = self._choose(scores, {spot: weight for spot, (weight, _) in best.items()})
        if unknown is not None and unknown[0] >= _NEAR:
            named = self._name_inside(unknown, chosen, scores)
            if named is not None:
                return named
        if chosen is None or scores[chosen] < _ENOUGH:
            return None
        mention = best[chosen][1]
        return PlacedAt(self._atlas.place(chosen, self._called(chosen, mention)), mention.start, mention.end)

    def _is_part(self, document: Document, mention: PlaceMention, sentences: Sequence[int]) -> bool:
        """Whether a happening was in the north or the like of a land, which is not where its capital lies."""
        sentence = document.sentences[mention.sentence]
        if mention.part != "at" or not (sentence.in_title or sentence.index in sentences):
            return False
        return self._words.sides.search(document.lower, sentence.start, mention.start) is not None

    def _choose(self, scores: dict[int, float], best: dict[int, float]) -> int | None:
        """The best-supported spot: one gains from what it lies in, and gives way to what lies in it.

        A region gives way only to what one mention alone, the `best`, speaks for: the lands about a sea are
        named often in its news.
        """
        if not scores:
            return None
        total = {
            spot: score
            + 0.5 * max((scores.get(outer, 0.0) for outer in self._atlas.parents(spot)), default=0.0)
            for spot, score in scores.items()
        }
        chosen = max(total, key=lambda spot: (total[spot], _RANK[self._atlas.kind(spot)]))  # or the first
        while True:
            firm = best if self._atlas.kind(chosen) == REGION else scores
            finer = [
                spot
                for spot in scores
                if spot != chosen
                and self._atlas.within(spot, chosen)
                and firm[spot] >= _FINER * min(scores[chosen], 1.0)
            ]
            if not finer:
                return chosen
            chosen = max(finer, key=lambda spot: scores[spot])

    def _name_inside(
        self, unknown: tuple[float, PlaceMention], chosen: int | None, scores: dict[int, float]
    ) -> PlacedAt | None:
        """The place of a name that the gazetteer lacks: as fine as what it lies in is known."""
        weight, mention = unknown
        outer = mention.outer if mention.outer is not None else chosen
        if outer is None:
            return PlacedAt(Place(name=mention.name), mention.start, mention.end)
        if self._atlas.kind(outer) == CITY or scores.get(outer, 0.0) > 2 * weight:
            return None
        return PlacedAt(self._atlas.place(outer, mention.name), mention.start, mention.end)

    def _weight(self, document: Document, mention: PlaceMention, sentences: Sequence[int]) -> float:
        weight = PARTS[mention.part]
        if mention.sentence in sentences:
            return weight
        sentence = document.sentences[mention.sentence]
        if mention.part == "dateline":
            return weight * 0.8
        distance = min((abs(mention.sentence - index) for index in sentences), default=9)
        if sentence.in_title:
            return weight * 0.8
        if distance == 1:
            return weight * 0.6
        if distance == 2 or any(
            document.sentences[index].paragraph == sentence.paragraph for index in sentences
        ):
            return weight * 0.45
        return weight * (0.35 if _is_early(document, sentence) else 0.25)

    def _cued(self, document: Document) -> dict[int, float]:
        text = document.clean.lower()
        found: dict[int, float] = defaultdict(float)
        for word, country in self._cues:
            if word in text:
                found[country] += 0.7
        return {country: min(weight, 2.1) for country, weight in found.items()}

    def _mention(self, document: Document, match: Match) -> PlaceMention:
        name = document.clean[match.start : match.end]
        spot, outer = match.spot, match.outer.spot if match.outer is not None else None
        place = None if spot is None else self._atlas.place(spot, self._written(spot, name))
        return PlaceMention(name, match.start, match.end, match.sentence, match.part, spot, outer, place)

    def _called(self, spot: int, mention: PlaceMention) -> str:
        if mention.part in ("demonym", "grounded") or (
            mention.name.endswith(".") and self._atlas.kind(spot) == ADMIN1
        ):
            return self._atlas.gazetteer.name(spot) if spot >= 0 else self._atlas.regions[-spot - 1].name
        return self._written(spot, mention.name)

    def _written(self, spot: int, name: str) -> str:
        """The name as the text has it, but not shouted."""
        if not name.isupper() or len(name) < 4:
            return name
        return name.title()


def _is_early(document: Document, sentence: Sentence) -> bool:
    return sentence.index < 4 or sentence.paragraph <= 2
