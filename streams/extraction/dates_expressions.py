"""All that says when in a text: the expressions of time, worked out, each with what it belongs to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from weakref import WeakKeyDictionary

from schemas import DateSpan
from streams.extraction.dates_calendar import Reference, work_out
from streams.extraction.dates_roles import Role
from streams.extraction.dates_words import DateWords
from streams.extraction.document import Document, Sentence

_CONTEXT = 40  # characters looked at before an expression
_DATELINE = 80  # characters from the beginning of a sentence in which the dispatch's own date stands
_DISPATCH = re.compile(r",?\s*(?:\([^)\n]{1,40}\)|/[^/\n]{1,30}/)?\s*(?:[-–—]{1,2}|:)\s")
_REPRINTED = timedelta(days=30)  # a dispatch is that much older or newer than its publication at most
_SHORT = 5  # letters of an abbreviated weekday at most
HEAD = 6
"""Sentences at the beginning that may date the whole."""


@dataclass(frozen=True, slots=True)
class Expression:
    """Words that say when, with offsets of the clean text.

    `role` is what they belong to, null where nothing beside them says so. `names`: the happening is called by
    them ("Friday's bombing"); `dispatch`: they date the report; `since`: from then on; `lasts`: they only say
    how long it took ("within two days").
    """

    span: DateSpan
    start: int
    end: int
    since: bool
    role: Role | None
    names: bool
    dispatch: bool
    lasts: bool


_found: WeakKeyDictionary[Sentence, dict[Reference, tuple[Expression, ...]]] = WeakKeyDictionary()


def expressions(
    document: Document, sentence: Sentence, words: DateWords, reference: Reference
) -> tuple[Expression, ...]:
    """All that says when in a sentence, without what lies within something longer.

    Each happening of a text asks for those of the same sentences: they are kept while the sentence lives.
    """
    known = _found.setdefault(sentence, {})
    if reference not in known:
        known[reference] = tuple(_expressions(document, sentence, words, reference))
    return known[reference]


def may_name(sentence: Sentence) -> bool:
    """Whether an expression of a sentence can have `names`: something in it has a possessive."""
    return "'s" in sentence.lower or "’s" in sentence.lower


def _expressions(
    document: Document, sentence: Sentence, words: DateWords, reference: Reference
) -> Iterator[Expression]:
    patterns = words.patterns.among(sentence.words)
    if not patterns:
        return
    text, lower = document.clean, sentence.lower
    told = words.roles.words(lower)
    taken: list[tuple[int, int]] = []
    before: date | None = None
    for rule, expression, _ in patterns:
        for match in expression.finditer(lower):
            start, end = match.span()
            if any(first < end and start < last for first, last in taken):
                continue
            if not _is_written(text, sentence.start, match):
                continue
            if rule == "weekday" and any(
                not lower[end:first].strip(" ,(") for first, _ in taken if first >= end
            ):
                continue  # "Monday, Feb. 11": the date says it better
            role = "happening" if rule == "called" else words.roles.role(lower, start, end, told)
            future = role == "ahead" or (role == "move" and words.roles.is_to_come(lower, start, told))
            span = work_out(rule, match, words, reference, before=before, future=future)
            if span is None:
                continue
            taken.append((start, end))
            if before is None and rule in ("calendar", "weekday"):
                before = span.earliest
            first = sentence.start + start
            if span.earliest is None and rule != "event" and reference.today is not None:
                continue
            context = lower[max(0, start - _CONTEXT) : start]
            yield Expression(
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
                role,
                role == "happening" and lower.startswith(words.genitive, end),
                words.printed.search(lower, 0, start) is not None
                or _is_dispatch(text, words, sentence, first, sentence.start + end),
                rule == "span" and not match.groupdict().get("which") and "number" in match.groupdict(),
            )


def _is_dispatch(text: str, words: DateWords, sentence: Sentence, start: int, end: int) -> bool:
    """Whether a date is that of the report: "(June 4, 2013)", "QUETTA, Nov 13 (Northern Wire) -"."""
    if start - sentence.start >= _DATELINE:
        return False
    if text.startswith("(", start - 1) and text.startswith(")", end):
        return True
    opens = words.opens.fullmatch(text, sentence.start, start)
    return opens is not None and _DISPATCH.match(text, end, sentence.end) is not None


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


def reference_of(document: Document, words: DateWords, published_at: datetime | None) -> Reference:
    """What relative words count from: the dispatch's own date, else the publication's.

    Without either, the years that the text names are lent to its days and months.
    """
    known = Reference(None, 0, None)
    if published_at is not None:
        known = Reference(published_at.date(), published_at.hour, None)
    year = None
    for sentence in document.sentences[:HEAD]:
        for found in expressions(document, sentence, words, known):
            day = found.span.earliest
            if day is None:
                continue
            year = year or day.year
            if found.span.precision != "day":
                continue
            if known.today is None and (found.dispatch or found.role == "said"):
                return Reference(day, 0, None)  # a dateline or "Posted: ..."
            if found.dispatch and known.today is not None and abs(day - known.today) <= _REPRINTED:
                return Reference(day, 0, None)
    return known if known.today is not None else Reference(None, 0, year)
