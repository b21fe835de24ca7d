"""The numbers of a text where they stand: figures, ranges, bounds and vague words, whatever they count."""

import re
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from schemas import Count
from streams.extraction.conventions import Bound, load_conventions
from streams.extraction.lexicon import alternation, word_list, word_set
from streams.extraction.numerals import DIGITS, Numerals
from streams.extraction.quantity_kinds import Kind, Kinds

_COMPOUND = re.compile(r"\d+(?:[.,:/-]\d+)+")
_DIGITS = re.compile(DIGITS)
_BLANKS = re.compile(r"\s+")
_TELEPHONE = [3, 4]  # digits of "555-1234"
_LARGEST_SHARE = 100  # "one in five", but "one in 2001"
_DASHES = ("-", "–", "—")
_AGAIN = re.compile(r"\s*\(\s*(\d{1,4})\s*\)")
_REACH = 48  # characters that a bound and its bridge may take before a number


class Found(NamedTuple):
    """A number before its kind is known: text offsets, how many, and the one or two figures it holds."""

    start: int
    end: int
    number: Count
    figures: tuple[int | None, ...]
    kind: Kind | None = None
    bare: int = -1  # where the number starts without its bound


class NumberScanner:
    """Finds the numbers of one language; the words are in `quantities.toml` and `quantity_kinds.toml`."""

    def __init__(self, language: str) -> None:
        self._numerals = numerals = Numerals.load(language)
        self._kinds = Kinds.load(language)
        self._conventions = conventions = load_conventions(language)

        def listed(*keys: str) -> str:
            return alternation(word_list(language, "quantities", *keys))

        number = numerals.pattern
        self._number = re.compile(number)
        self._word = re.compile(rf"(?:{alternation(conventions.words)})(?!\w)")
        self._plural = re.compile(
            rf"\s+(?:(?:{listed('ranges', 'of')})\s+)?({alternation(conventions.plurals)})\b"
        )
        self._of_scale = re.compile(rf"({alternation(conventions.of_scale)})\s+({numerals.multiple})\b")
        self._all = re.compile(rf"(?:{listed('groups', 'all')})\s+({number})(?!\w)")
        self._family = re.compile(rf"(?:{listed('groups', 'family')})\s+({number})(?!\w)")
        self._group_ids = {
            key: word_list(language, "quantities", "groups", f"{key}_id")[0] for key in ("all", "family")
        }
        to = listed("ranges", "to")
        self._to = re.compile(rf"(?:\s*[-–—]\s*|\s+(?:{to})\s*)({number})")
        self._between_and = re.compile(rf"\s+(?:{listed('ranges', 'and')})\s+({number})")
        self._between = re.compile(rf"(?<!\w)(?:{listed('ranges', 'between')})\s+$")
        self._from = re.compile(rf"(?<!\w)(?:{listed('ranges', 'from')})\s+$")
        up_to = next((bound for bound in conventions.bounds if bound.low is None and bound.best), None)
        upper = alternation(up_to.before) if up_to else "(?!)"
        self._possibly = re.compile(
            rf",?\s+(?:{listed('ranges', 'possibly')})\s+(?:(?:{upper})\s+)?({number})"
        )

        self._bounds_before = {phrase: bound for bound in conventions.bounds for phrase in bound.before}
        self._bounds_after = {phrase: bound for bound in conventions.bounds for phrase in bound.after}
        bridge = listed("bridges", "words")
        bounds = alternation(self._bounds_before)
        self._bound_before = re.compile(rf"(?<!\w)({bounds})\s+(?:(?:{bridge})\s+){{0,2}}$")
        self._bound_here = re.compile(rf"(?:{bounds})\s")
        self._bound_after = re.compile(rf"[\s-]*({alternation(self._bounds_after)})(?!\w)")
        self._number_next = re.compile(rf"\s+(?:{number}|{listed('groups', 'added')})(?!\w)")
        self._ratio = re.compile(rf"\s+(?:{listed('ranges', 'ratio')})\s+({number})(?!\w)")
        self._ordinals = {
            word: place
            for place, word in enumerate(word_list(language, "quantity_kinds", "ordinals", "words"), 1)
        }
        self._ordinal_not_before = word_set(language, "quantity_kinds", "ordinals", "not_before")
        self._one_not_after = word_set(language, "quantity_kinds", "one", "not_after")
        self._one_not_before = word_set(language, "quantity_kinds", "one", "not_before")
        phrases = [*conventions.words, *conventions.of_scale]
        groups = [
            *word_list(language, "quantities", "groups", "all"),
            *word_list(language, "quantities", "groups", "family"),
        ]
        beginnings = [re.split(r"[\s-]", phrase)[:2] for phrase in phrases]
        alone = {words[0] for words in beginnings if len(words) == 1}
        alone |= {re.split(r"[\s-]", phrase)[0] for phrase in groups} | self._ordinals.keys()
        alone |= numerals.starters - numerals.after.keys()
        self._after: dict[str, set[str]] = {word: set(after) for word, after in numerals.after.items()}
        for words in beginnings:
            self._after.setdefault(words[0], set()).update(words[1:])
        self._after = {word: {*after, "-"} for word, after in self._after.items() if word not in alone}
        self._starters = frozenset(alone | self._after.keys())

    @staticmethod
    @cache
    def load(language: str) -> "NumberScanner":
        """The scanner of `language`. Raises LexiconError where its data is missing or wrong."""
        return NumberScanner(language)

    def may_start(self, word: str, following: str) -> bool:
        """Whether a number can begin with a token that another one follows: a cheap test before `at`."""
        if "0" <= word[0] <= "9":
            return True
        if word not in self._starters:
            return "-" in word and word.split("-", maxsplit=1)[0] in self._starters
        after = self._after.get(word)
        return after is None or following.split("-", maxsplit=1)[0] in after or following[:1] == "-"

    def at(self, lower: str, text: str, start: int, earliest: int) -> Found | None:
        """The number that begins at `start`; a bound before it may reach back to `earliest`."""
        if "0" <= lower[start] <= "9":
            found = self._unusual(lower, text, start) or self._number_at(lower, start)
        elif self._bound_here.match(lower, start):
            return None
        else:
            found = (
                self._of_scale_at(lower, start)
                or self._word_at(lower, start)
                or self._group_at(lower, start)
                or self._number_at(lower, start)
            )
        if found and found.kind is None:
            return self._bounded(found, lower, text, earliest)
        return found

    def _of_scale_at(self, lower: str, start: int) -> Found | None:
        match = self._of_scale.match(lower, start)
        if not match:
            return None
        id_, factor = self._conventions.of_scale[_BLANKS.sub(" ", match.group(1))]
        low = factor * self._numerals.scale_of(match.group(2))
        return Found(start, match.end(), Count(low=low, rule=id_), (low,))

    def _word_at(self, lower: str, start: int) -> Found | None:
        match = self._word.match(lower, start)
        if not match:
            return None
        word = self._conventions.words[_BLANKS.sub(" ", match.group())]
        after = re.match(r"[\s-]*([^\W_]*)", lower[match.end() : match.end() + 24])
        following = after.group(1) if after else ""
        before = lower[max(0, start - 20) : start].split()
        if (
            following in word.not_before
            or following[:1].isdigit()
            or (word.only_before and following not in word.only_before)
            or (before and before[-1] in word.not_after)
        ):
            return None
        plural = (
            self._plural.match(lower, match.end()) if word.count.best is None and word.count.low else None
        )
        if plural:
            low = (word.count.low or 0) * self._conventions.plurals[plural.group(1)]
            low = max(low, 2 * self._conventions.plurals[plural.group(1)])
            return Found(start, plural.end(), Count(low=low, rule=word.id), (low,))
        if word.scaled_only or (word.count.best == 0 and word.not_before and not following):
            return None  # "No." answers somebody
        return Found(start, match.end(), replace(word.count, rule=word.id), (word.count.low,))

    def _group_at(self, lower: str, start: int) -> Found | None:
        for key, pattern in (("all", self._all), ("family", self._family)):
            match = pattern.match(lower, start)
            value = self._numerals.parse(match.group(1)) if match else None
            if match and value is not None:
                count = Count(low=value, best=value, high=value, rule=self._group_ids[key])
                return Found(start, match.end(), count, (value,))
        return None

    def _number_at(self, lower: str, start: int) -> Found | None:
        match = self._number.match(lower, start)
        if not match:
            return self._ordinal_at(lower, start)
        end, digits = match.end(), "0" <= lower[start] <= "9"
        value = self._numerals.parse(match.group())
        if lower[end : end + 1].isalnum():
            if not digits:
                return self._ordinal_at(lower, start)
            kind, end = self._kinds.glued(lower, start, end, value)
            return Found(start, end, _exact(value, "exact"), (value,), kind)
        if value is None:
            return Found(start, end, Count(rule="fraction"), (None,))
        if value == 1 and not digits and self._is_idle_one(lower, start, end):
            return Found(start, end, _exact(1, "exact"), (1,), "other")
        ratio = self._ratio.match(lower, end) if value == 1 and not digits else None
        share = self._numerals.parse(ratio.group(1)) if ratio else None
        if ratio and share and share <= _LARGEST_SHARE and self._kinds.after(lower, ratio.end()) != "time":
            return Found(start, ratio.end(), Count(rule="ratio"), (None,), "percent")
        return self._range(lower, start, end, value) or Found(start, end, _exact(value, "exact"), (value,))

    def _is_idle_one(self, lower: str, start: int, end: int) -> bool:
        after = re.match(r"[\s-]*('?[^\W_]+)", lower[end : end + 24])
        before = lower[max(0, start - 20) : start].split()
        return bool(after and after.group(1) in self._one_not_before) or bool(
            before and before[-1] in self._one_not_after
        )

    def _ordinal_at(self, lower: str, start: int) -> Found | None:
        match = re.match(r"[^\W\d_]+", lower[start : start + 16])
        place = self._ordinals.get(match.group()) if match else None
        if not match or place is None:
            return None
        end = start + match.end()
        after = re.match(r"[\s-]+([^\W_]+)", lower[end : end + 24])
        if not after or after.group(1) in self._ordinal_not_before:
            return None
        return Found(start, end, _exact(place, "ordinal"), (place,), "rank")

    def _range(self, lower: str, start: int, end: int, first: int) -> Found | None:
        """A range or an afterthought that begins with the number at `start`."""
        before = lower[max(0, start - 16) : start]
        between, from_ = self._between.search(before), self._from.search(before)
        match = (self._between_and.match(lower, end) if between else None) or self._to.match(lower, end)
        rule = "range_from" if from_ else "range"
        if not match:
            match, rule, between, from_ = self._possibly.match(lower, end), "possibly", None, None
        second = self._numerals.parse(match.group(1)) if match else None
        if not match or second is None:
            return None
        apart = lower[end : end + 1].isspace() and match.group().lstrip()[:1] in "-–—"
        if apart and not (match.group(1)[0].isdigit() and lower[start].isdigit()):
            return None  # "July 8 - One hundred people"
        words = re.split(r"[\s-]+", match.group(1))
        if len(words) > 1 and first < second // self._numerals.scale_of(words[-1]):
            first *= self._numerals.scale_of(words[-1])
        elif match.group(1).endswith(",000") and first * 1000 < second:
            first *= 1000
        if first >= second or lower[match.end() : match.end() + 1].isalnum():
            return None
        dashed = lower[end : match.start(1)].strip() in _DASHES
        if dashed and lower[start].isdigit() != match.group(1)[0].isdigit():
            return None  # "Aug 8 - one hundred people"
        opening = between or from_
        count = Count(low=first, best=first, high=second, rule=rule)
        begin = start - len(before) + opening.start() if opening else start
        return Found(begin, match.end(), count, (first, second))

    def _unusual(self, lower: str, text: str, start: int) -> Found | None:
        """Digits joined by marks that make no plain number: clocks, dates, scores, telephone numbers."""
        compound, digits = _COMPOUND.match(lower, start), _DIGITS.match(lower, start)
        if digits is None:
            return None
        clock = self._kinds.clock_end(lower, digits.end())
        if clock is not None:
            return Found(start, clock, Count(rule="clock"), (None,), "time")
        if compound is None or compound.end() == digits.end():
            if self._kinds.is_clock(lower, start, digits.end()):
                return Found(start, digits.end(), Count(rule="clock"), (None,), "time")
            return None
        parts = re.split(r"([:/-])", compound.group())
        marks, numbers = parts[1::2], parts[::2]
        figures = [self._numerals.parse(part) if _DIGITS.fullmatch(part) else None for part in numbers]
        first, last = figures[0], figures[-1]
        kind: Kind = "other"
        if marks == ["-"] and first is not None and last is not None:
            local = [len(part) for part in numbers] == _TELEPHONE
            if not local and (first < last or numbers[1].endswith(",000")):
                return None
            kind = "other" if local else "date" if len(numbers[0]) == 4 else "score"
        elif marks in (["-", "-"], ["/", "/"]) and all(len(part) in (1, 2, 4) for part in numbers):
            kind = "date"
        elif marks == ["/"] and first is not None and last is not None and first <= 12 and last <= 31:
            kind = "date" if len(text) > 2 and (first, last) != (1, 2) else "other"
        elif marks[:1] == [":"]:
            kind = "time"
        return Found(start, compound.end(), Count(rule="compound"), (None,), kind)

    def _bounded(self, found: Found, lower: str, text: str, earliest: int) -> Found:
        """`found` with what "at least" before it or "-plus" behind it makes of it."""
        start, end, count = found.start, found.end, found.number
        window = max(earliest, start - _REACH)
        before = self._bound_before.search(lower[window:start])
        bounds: list[Bound] = []
        if before:
            bounds.append(self._bounds_before[_BLANKS.sub(" ", before.group(1))])
            start = window + before.start()
        after = self._bound_after.match(lower, end)
        if after and not self._adds(lower, after.end()):
            bounds.append(self._bounds_after[_BLANKS.sub(" ", after.group(1))])
            end = after.end()
        again = _AGAIN.match(lower, end)
        if again and count.best is not None and int(again.group(1)) == count.best:
            end = again.end()  # "five (5) persons"
        words = text[start:end]
        count = bounds[0].of(count, words) if bounds else count
        if count.text != words:
            count = replace(count, text=words)
        return Found(start, end, count, found.figures, found.kind, found.start)

    def _adds(self, lower: str, end: int) -> bool:
        """Whether a number follows, to be added: "27 plus both bombers"."""
        return self._number_next.match(lower, end) is not None


def _exact(value: int | None, rule: str) -> Count:
    return Count(low=value, best=value, high=value, rule=rule)
