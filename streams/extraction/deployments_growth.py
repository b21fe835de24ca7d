"""What a force grows or shrinks by: "doubled to 2,000", "raised by 5,000 to 40,000", "cut from 900 to 600".

The difference is sent or goes, the new number is there then. A range of a force of its own ("from seven to
ten frigates") is read elsewhere.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from schemas import Count
from schemas.events import Direction
from streams.extraction.deployments_mentions import Mention
from streams.extraction.deployments_phrases import Line
from streams.extraction.deployments_shapes import Frame
from streams.extraction.deployments_verbs import Verbs
from streams.extraction.lexicon import LexiconError, load_table, word_list, word_set
from streams.extraction.quantities import Quantity

_FILE = "deployments"
_BEHIND = 12  # tokens from the verb to the new number
_AHEAD = 1  # tokens from the number to a force named behind it
_BEFORE = 16  # tokens from the force to the verb


class GrowthReader:
    """Reads growing forces in one language; the words are in `deployments.toml`."""

    def __init__(self, language: str) -> None:
        def words(*keys: str) -> frozenset[str]:
            return word_set(language, _FILE, "growth", *keys)

        self._verbs = Verbs.load(language)
        self._shrinking = words("shrinking")
        self.words, self._to, self._by = words("verbs") | self._shrinking, words("to"), words("by")
        self._current = words("current")
        self._from = word_set(language, _FILE, "grammar", "origin")
        self._gerunds = tuple(word_set(language, _FILE, "grammar", "gerunds"))
        self._determiners = word_set(language, "forces", "extra", "determiners")
        self._up_from = tuple(tuple(p.split()) for p in word_list(language, _FILE, "growth", "up_from"))
        self._not_grown = words("not_grown")
        self._boundaries = word_set(language, "forces", "boundaries", "words")
        self._times = _times(language)

    @staticmethod
    @cache
    def load(language: str) -> "GrowthReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return GrowthReader(language)

    def find(self, line: Line, mentions: list[Mention]) -> list[Frame]:
        """What is sent and what is there then, for each verb of growing that says both."""
        lowers = line.lowers
        if not line.counted or not self._not_grown.isdisjoint(lowers):
            return []
        found = self._risen(line, mentions)
        for index, word in enumerate(lowers):
            if word in self.words:
                found += self._grown(line, mentions, index)
        return found

    def _grown(self, line: Line, mentions: list[Mention], index: int) -> list[Frame]:
        by, to = self._number(line, index, self._by), self._number(line, index, self._to)
        was = self._number(line, index, self._from)
        if to is None and by is not None and _is_range(by):  # "by 5,000 to 40,000"
            to, by = _end_of(by, by.count.high), _end_of(by, by.count.low)
        if to is None and was is not None and _is_range(was):  # "from 7,000 to 12,500"
            to, was = _end_of(was, was.count.high), _end_of(was, was.count.low)
        if to is None and by is not None and self._comes_along(line, mentions, index, by):
            return []  # "reinforced by two frigates"
        last = to or by
        if last is None or (to is not None and by is not None and by.start_token > to.start_token):
            return []
        force = self._force(line, mentions, index, by, last)
        if force is None:
            return []
        more = by.count if by is not None else self._share(line.lowers[index], last.count)
        more = _difference(was, to) if more is None and was is not None and to is not None else more
        if by is None and line.lowers[index].endswith(
            self._gerunds
        ):  # "sent 600, doubling its force to 1,200"
            more = None if any(m.quantity and m.end <= index for m in mentions) else more
        frames = []
        shrinks = line.lowers[index] in self._shrinking
        chain = self._verbs.chain(line.lowers, index)
        direction: Direction = "withdraw" if shrinks else "deploy"
        base = Frame(force, direction, index, "part", chain, "past", sure=False, lemma=line.lowers[index])
        if more is not None:
            span = (by or last).start_token, (by or last).end_token
            frames.append(replace(base, mention=_counted(force, more, span)))
        if to is not None:
            stock = _counted(force, to.count, (to.start_token, to.end_token))
            frames.append(replace(base, mention=stock, direction="stock", shape="stock"))
        return frames

    def _comes_along(self, line: Line, mentions: list[Mention], index: int, by: Quantity) -> bool:
        own = any(m.quantity == (by.start_token, by.end_token) for m in mentions)
        return own and by.start_token == index + 2 and line.lowers[index] not in self._shrinking

    def _force(
        self, line: Line, mentions: list[Mention], index: int, by: Quantity | None, last: Quantity
    ) -> Mention | None:
        """Whose number the verb changes: the force that the number counts, or the nearest one."""
        end = last.end_token
        force = next((m for m in mentions if m.quantity == (last.start_token, end)), None)
        if force is not None and by is not None and by.start_token == last.start_token:
            force = replace(force, start=by.start_token)
        if force is None:
            if (
                end < len(line.lowers)
                and line.lowers[end][0].isalpha()
                and line.lowers[end] not in self._boundaries
            ):
                ahead = (m for m in mentions if end <= m.start <= end + _AHEAD and not m.quantity)
                return next(ahead, None)  # "doubled to 400 the number of its police"
            near = [m for m in mentions if index - _BEFORE <= m.start < last.start_token]
            force = min(near, key=lambda m: abs(m.start - index), default=None)
        return force if force and (force.strong or force.anaphoric or force.definite) else None

    def _risen(self, line: Line, mentions: list[Mention]) -> list[Frame]:
        """ "45 companies are in position, up from 23"."""
        for end, quantity in line.counted.items():
            start = quantity.start_token
            phrase = next((p for p in self._up_from if tuple(line.lowers[start - len(p) : start]) == p), None)
            force = next((m for m in mentions if m.quantity and m.end < start and m.count.value), None)
            if phrase is None or force is None:
                continue
            more, there = force.count.value, quantity.count.value
            if not more or not there or more <= there:
                continue
            chain = self._verbs.chain(line.lowers, start - len(phrase))
            frame = Frame(force, "deploy", start - len(phrase), "part", chain, "past", sure=False, lemma="up")
            added = _exactly(quantity.count, more - there)
            return [
                replace(frame, mention=_counted(force, added, (start, end))),
                replace(frame, direction="stock", shape="stock"),
            ]
        return []

    def _number(self, line: Line, index: int, opener: frozenset[str]) -> Quantity | None:
        """The number that one of `opener` leads to behind the verb at `index`."""
        for quantity in line.counted.values():
            start = quantity.start_token
            ranged = quantity.count.rule == "range_from"
            upto = quantity.count.rule == "at_most" and line.lowers[start + 1 : start + 2]
            start += ranged  # "from" belongs to it
            start += 2 * bool(upto and line.lowers[start + 1] in opener)  # "up to 13,000"
            while start > index + 2 and line.lowers[start - 1] in self._determiners | self._current:
                start -= 1
            between = line.lowers[index + 1 : start]
            if (
                0 < len(between) <= _BEHIND
                and between[-1] in opener
                and not any(word in (";", ":") or word in self.words for word in between)
            ):
                return quantity
        return None

    def _share(self, verb: str, count: Count) -> Count | None:
        """What of `count` is new after "doubled to"."""
        share = self._times.get(verb)
        if share is None:
            return None
        new, of = share
        low, best, high = (
            None if end is None else end * new // of for end in (count.low, count.best, count.high)
        )
        return replace(count, low=low, best=best, high=high)


def _is_range(quantity: Quantity) -> bool:
    low, high = quantity.count.low, quantity.count.high
    return bool(low and high and low < high)


def _end_of(quantity: Quantity, end: int | None) -> Quantity:
    """One end of a range as a number of its own."""
    return replace(quantity, count=_exactly(quantity.count, end))


def _exactly(count: Count, value: int | None) -> Count:
    """`count` with one figure at all its ends."""
    return replace(count, low=value, best=value, high=value)


def _difference(was: Quantity, to: Quantity) -> Count | None:
    """What came or went between two exact numbers."""
    before, then = was.count.value, to.count.value
    if not before or not then or before == then:
        return None
    return _exactly(to.count, abs(before - then))


def _counted(force: Mention, count: Count, span: tuple[int, int]) -> Mention:
    """`force` with another number, of people where it was a unit ("the contingent rose to 900")."""
    if force.quantity == span and count is force.count:
        return force
    own = force.quantity == span or force.unit in ("person", "ship", "aircraft", "vehicle")
    unit = force.unit if own else "person"
    return replace(force, count=count, quantity=span, unit=unit, strength=None, whole=None)


def _times(language: str) -> dict[str, Sequence[int]]:
    """How many parts of the new number are new, by verb. Raises LexiconError."""
    table = load_table(language, _FILE).get("growth", {}).get("times", {})
    for verb, share in table.items():
        if not (isinstance(share, list) and len(share) == 2 and 0 < share[0] <= share[1]):
            raise LexiconError(
                f"{language}/{_FILE}.toml, growth.times.{verb}: two whole numbers were expected"
            )
    return dict(table)
