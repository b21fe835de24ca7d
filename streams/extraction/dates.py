"""When something happened: the words that say so, worked out against the day of publication.

>>> from datetime import UTC, datetime
>>> from streams.extraction.document import read_document
>>> document = read_document(None, "Two men were shot on Saturday night, police said Sunday.")
>>> resolve(document, [0], datetime(2013, 7, 15, tzinfo=UTC)).span.earliest.isoformat()
'2013-07-13'
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from schemas import DateSpan
from streams.extraction.dates_calendar import Reference, work_out
from streams.extraction.dates_words import SAID, DateWords
from streams.extraction.document import Document, Sentence

_COARSE = {"day": 0.0, "days": 0.05, "week": 0.15, "month": 0.2, "season": 0.3, "year": 0.35}
_CONTEXT = 40  # characters looked at before an expression
_DATELINE = 80  # characters from the beginning of a sentence in which a bracketed date is the dispatch's
_REPRINTED = timedelta(days=14)  # a dispatch is that much older or newer than its publication at most
_AGES = ((400, 0.25), (45, 0.1))  # days, and what speaks against a date that is older: news is of late
_ITS_OWN = 0.6  # what weighs less, unless it dates the report, dates a trial, a funeral or the like
_SHORT = 5  # letters of an abbreviated weekday at most
_HEAD = 6  # sentences at the beginning that may date the whole


@dataclass(frozen=True, slots=True)
class DatedAt:
    """The days of a happening and the words that say so, as offsets of the clean text."""

    span: DateSpan
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Found:
    span: DateSpan
    start: int
    end: int
    since: bool
    weight: float


def resolve(
    document: Document,
    sentences: Sequence[int],
    published_at: datetime | None,
    near: int | None = None,
) -> DatedAt | None:
    """The date of the happening that `sentences` tell of; null where the text gives none.

    The day of an arrest or a funeral is none; that of a report counts where nothing else does. Without
    `published_at` only absolute dates come with days; the words are kept all the same. `near` is an offset of
    the clean text, of the words that tell of the happening: of several dates the nearest counts.
    """
    words = DateWords.load(document.language)
    reference = _reference(document, words, published_at)
    best: tuple[float, _Found] | None = None
    for distance, sentence in _in_reach(document, sentences):
        if best is not None and best[0] >= 1.0 - distance:
            break
        for found in _expressions(document, sentence, words, reference):
            if found.since or SAID < found.weight < _ITS_OWN:
                continue
            score = found.weight - distance - _COARSE[found.span.precision]
            if near is not None and not distance:
                score -= min(abs(found.start - near), 200) / 1000
            else:
                score -= (found.start - sentence.start) / 5000
            score -= _age(found.span, reference)
            if best is None or score > best[0]:
                best = (score, found)
    if best is None or best[0] < -0.5:
        return None
    return DatedAt(best[1].span, best[1].start, best[1].end)


def period(document: Document, sentences: Sequence[int], published_at: datetime | None) -> DatedAt | None:
    """The time over which a cumulative toll of `sentences` was counted; null where they don't say.

    What has no date of its own ("since the war began") keeps its words only.
    """
    words = DateWords.load(document.language)
    reference = _reference(document, words, published_at)
    best: tuple[float, _Found] | None = None
    for index in sentences:
        for found in _expressions(document, document.sentences[index], words, reference):
            long = found.since or found.span.precision != "day"
            score = found.weight + (0.5 if found.since else 0.0) if long else -1.0
            if score > 0 and (best is None or score > best[0]):
                best = (score, found)
    if best is None:
        return None
    found = best[1]
    span = found.span
    if found.since and span.earliest is not None:
        today = reference.today
        span = DateSpan(
            earliest=span.earliest,
            latest=today if today is not None and today >= span.earliest else None,
            precision="days",
            text=span.text,
        )
    return DatedAt(span, found.start, found.end)


def _age(span: DateSpan, reference: Reference) -> float:
    """How much speaks against a date because it is old, still to come, or not known in days: 0 to 1."""
    if span.earliest is None or span.latest is None:
        return 0.3
    if reference.today is None:
        return 0.0
    days = (reference.today - span.latest).days
    if days < -1:
        return 0.3
    return next((weight for limit, weight in _AGES if days > limit), 0.0)


def _in_reach(document: Document, sentences: Sequence[int]) -> Iterator[tuple[float, Sentence]]:
    """The sentences that may date the happening, with how far off they are: 0 to 1."""
    own = [index for index in sentences if 0 <= index < len(document.sentences)]
    seen = set(own)
    for position, index in enumerate(own):
        yield min(0.02 * position, 0.2), document.sentences[index]
    paragraphs = {document.sentences[index].paragraph for index in own}
    for off, distance in ((-1, 0.35), (1, 0.4), (-2, 0.5), (2, 0.55)):
        for index in own[:3]:
            near = index + off
            if 0 <= near < len(document.sentences) and near not in seen:
                seen.add(near)
                sentence = document.sentences[near]
                yield distance - (0.1 if sentence.paragraph in paragraphs else 0.0), sentence
    for index in range(min(_HEAD, len(document.sentences))):
        if index not in seen:
            yield 0.7, document.sentences[index]


def _expressions(
    document: Document, sentence: Sentence, words: DateWords, reference: Reference
) -> Iterator[_Found]:
    """All that says when in a sentence, without what lies within something longer."""
    text = document.clean
    lower = text[sentence.start : sentence.end].lower()
    if not words.gate.search(lower):
        return
    taken: list[tuple[int, int]] = []
    future = bool(words.future.search(lower))
    before: date | None = None
    for rule, pattern in words.patterns:
        for match in pattern.finditer(lower):
            start, end = match.span()
            if any(first < end and start < last for first, last in taken):
                continue
            if not _is_written(text, sentence.start, match):
                continue
            span = work_out(rule, match, words, reference, before=before, future=future)
            if span is None:
                continue
            taken.append((start, end))
            if before is None and rule in ("calendar", "weekday"):
                before = span.earliest
            first = sentence.start + start
            context = lower[max(0, start - _CONTEXT) : start]
            weight = words.weight(context, lower[end : end + 12])
            if context.endswith("(") and lower[end : end + 1] == ")" and start < _DATELINE:
                weight = SAID  # of the dispatch
            if span.earliest is None and rule != "event" and reference.today is not None:
                continue
            yield _Found(
                DateSpan(
                    earliest=span.earliest,
                    latest=span.latest,
                    precision=span.precision,
                    text=text[first : sentence.start + end],
                ),
                first,
                sentence.start + end,
                rule == "event"
                or words.since.search(context) is not None
                or lower.startswith("since", start),
                weight,
            )


def _is_written(text: str, offset: int, match: re.Match[str]) -> bool:
    """Whether names of days and months have their capital, and short ones their point or comma."""
    for group in ("weekday", "month"):
        word = match.groupdict().get(group)
        if word is None or word.isdigit():
            continue
        start, end = offset + match.start(group), offset + match.end(group)
        if not text[start].isupper():
            return False
        if group == "weekday" and len(word) <= _SHORT and text[end : end + 1] not in (".", ","):
            return False
    return True


def _reference(document: Document, words: DateWords, published_at: datetime | None) -> Reference:
    """What relative words count from: the dispatch's own date, else the publication's.

    Without either, the years that the text names are lent to its days and months.
    """
    known = Reference(None, 0, None)
    if published_at is not None:
        known = Reference(published_at.date(), published_at.hour, None)
    year = None
    for sentence in document.sentences[:_HEAD]:
        for found in _expressions(document, sentence, words, known):
            day = found.span.earliest
            if day is None:
                continue
            year = year or day.year
            if found.weight > SAID or found.span.precision != "day":
                continue
            if known.today is None:
                return Reference(day, 0, None)  # a dateline or "Posted: ..."
            bracketed = document.clean[found.start - 1 : found.start] == "("
            if bracketed and abs(day - known.today) <= _REPRINTED:
                return Reference(day, 0, None)
    return known if known.today is not None else Reference(None, 0, year)
