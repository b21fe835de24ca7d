"""When something happened: the words that say so, worked out against the day of publication.

>>> from datetime import UTC, datetime
>>> from streams.extraction.document import read_document
>>> document = read_document(None, "Two men were shot on Saturday night, police said Sunday.")
>>> resolve(document, [0], datetime(2013, 7, 15, tzinfo=UTC)).span.earliest.isoformat()
'2013-07-13'
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from schemas import DateSpan
from streams.extraction.dates_calendar import Reference
from streams.extraction.dates_expressions import HEAD, expressions, may_name, reference_of
from streams.extraction.dates_roles import Role
from streams.extraction.dates_words import DateWords
from streams.extraction.document import Document, Sentence

Kind = Literal["harm", "move", "plan"]
"""What is dated: people who were hurt, a force that moved, one that is to move."""

_COARSE = {"day": 0.0, "days": 0.05, "week": 0.15, "month": 0.2, "season": 0.3, "year": 0.35}
_AGES = ((400, 0.5), (45, 0.15))  # days, and what speaks against a date that is older: news is of late
# How likely a date is the happening's, by what it belongs to: never that of a role which is missing here.
_WEIGHTS: Mapping[Kind, Mapping[Role | None, float]] = {
    "harm": {"happening": 1.3, "harm": 1.0, None: 0.9, "move": 0.9, "said": 0.3},
    "move": {
        "move": 1.2,
        None: 1.0,
        "aftermath": 0.8,
        "happening": 0.6,
        "harm": 0.6,
        "ahead": 0.5,
        "said": 0.3,
    },
    "plan": {
        "ahead": 1.2,
        "move": 1.0,
        None: 0.9,
        "aftermath": 0.8,
        "happening": 0.6,
        "harm": 0.6,
        "said": 0.3,
    },
}
_DISPATCHED = 0.25  # the weight of the report's own date
_BEST = 1.3
_ELSEWHERE = 0.9  # how far off all sentences are that neither tell of the happening nor open the text
_DAYS = ("day", "days")
"""Precisions of which a date may be the happening's although nothing says so, in a sentence near by."""

_FAR = 0.5  # the day that a happening is called by is the same wherever the text says so


@dataclass(frozen=True, slots=True)
class DatedAt:
    """The days of a happening and the words that say so, as offsets of the clean text."""

    span: DateSpan
    start: int
    end: int


def resolve(
    document: Document,
    sentences: Sequence[int],
    published_at: datetime | None,
    near: int | None = None,
    kind: Kind = "harm",
    *,
    asides: Collection[int] = (),
) -> DatedAt | None:
    """The date of the happening that `sentences` tell of; null where the text gives none.

    The day of an arrest or a funeral is none; that of a report counts where nothing else does. Without
    `published_at` only absolute dates come with days; the words are kept all the same. `near` is an offset of
    the clean text, of the words that tell of the happening: of several dates the nearest counts. `asides` are
    sentences that tell of other happenings: their dates are not this one's.
    """
    words = DateWords.load(document.language)
    reference = reference_of(document, words, published_at)
    weights = _WEIGHTS[kind]
    own = frozenset(sentences)
    best: tuple[float, DatedAt] | None = None
    for distance, sentence in _in_reach(document, sentences):
        if best is not None and best[0] >= _BEST - distance * _FAR:
            break
        if sentence.index in asides:
            continue
        for found in expressions(document, sentence, words, reference):
            weight = _DISPATCHED if found.dispatch else weights.get(found.role, 0.0)
            if not weight or found.lasts or (found.since and not found.names):
                continue
            if distance == _ELSEWHERE and not found.names:
                continue
            if found.role is None and sentence.index not in own and found.span.precision not in _DAYS:
                continue  # "The museum opens a wing in spring"
            named = kind == "harm" and found.names
            score = weight - distance * (_FAR if named else 1.0) - _COARSE[found.span.precision]
            if near is not None and not distance:
                score -= min(abs(found.start - near), 200) / 1000
            else:
                score -= (found.start - sentence.start) / 5000
            score -= _age(found.span, reference, ahead=kind == "plan")
            if best is None or score > best[0]:
                best = (score, DatedAt(found.span, found.start, found.end))
    if best is None or best[0] < -0.5:
        return None
    return best[1]


def period(document: Document, sentences: Sequence[int], published_at: datetime | None) -> DatedAt | None:
    """The time over which a cumulative toll of `sentences` was counted; null where they don't say.

    What has no date of its own ("since the war began") keeps its words only.
    """
    words = DateWords.load(document.language)
    reference = reference_of(document, words, published_at)
    weights = _WEIGHTS["harm"]
    best: tuple[float, DatedAt, bool] | None = None
    for index in sentences:
        for found in expressions(document, document.sentences[index], words, reference):
            if found.dispatch or not (found.since or found.span.precision != "day"):
                continue
            score = weights.get(found.role, 0.0) + (0.5 if found.since else 0.0)
            if score > 0 and (best is None or score > best[0]):
                best = (score, DatedAt(found.span, found.start, found.end), found.since)
    if best is None:
        return None
    _, dated, since = best
    span = dated.span
    if since and span.earliest is not None:
        today = reference.today
        span = DateSpan(
            earliest=span.earliest,
            latest=today if today is not None and today >= span.earliest else None,
            precision="days",
            text=span.text,
        )
    return DatedAt(span, dated.start, dated.end)


def _age(span: DateSpan, reference: Reference, *, ahead: bool) -> float:
    """How much speaks against a date because it is old, still to come, or not known in days: 0 to 1."""
    if span.earliest is None or span.latest is None:
        return 0.3
    if reference.today is None:
        return 0.0
    days = (reference.today - span.latest).days
    if days < 0:
        return 0.0 if ahead else 0.3
    return next((weight for limit, weight in _AGES if days > limit), 0.0)


def _in_reach(document: Document, sentences: Sequence[int]) -> Iterator[tuple[float, Sentence]]:
    """The sentences that may date the happening, with how far off they are: 0 to 1."""
    own = [index for index in sentences if 0 <= index < len(document.sentences)]
    seen = set(own)
    for position, index in enumerate(own):
        yield min(0.1 * position, 0.4), document.sentences[index]
    paragraphs = {document.sentences[index].paragraph for index in own}
    for off, distance in ((-1, 0.35), (1, 0.4), (-2, 0.5), (2, 0.55)):
        for index in own[:3]:
            near = index + off
            if 0 <= near < len(document.sentences) and near not in seen:
                seen.add(near)
                sentence = document.sentences[near]
                yield distance - (0.1 if sentence.paragraph in paragraphs else 0.0), sentence
    for sentence in document.sentences:
        if sentence.index in seen:
            continue
        if sentence.index < HEAD:
            yield 0.7, sentence
        elif may_name(sentence):
            yield _ELSEWHERE, sentence
