"""What a number counts, told from the words around it: people or units, an age, a date, a sum of money."""

import re
from functools import cache
from typing import Literal

from streams.extraction.lexicon import alternation, word_list, word_set

Kind = Literal[
    "people_or_units",
    "age",
    "date",
    "time",
    "money",
    "percent",
    "rank",
    "distance",
    "calibre",
    "address",
    "flight",
    "score",
    "other",
]
_FILE = "quantity_kinds"
_AFTER: tuple[Kind, ...] = ("time", "money", "percent", "distance", "calibre", "score", "other")
_BEFORE: tuple[Kind, ...] = ("age", "flight", "rank", "address", "money", "other")
_CURRENCIES = frozenset("$£€¥₹₪₽")
_OLDEST = 119
_YEARS = range(1700, 2100)


class Kinds:
    """The kinds of one language; the words are in `quantity_kinds.toml`."""

    def __init__(self, language: str) -> None:
        def words(*keys: str) -> str:
            return alternation(word_list(language, _FILE, *keys))

        self._after: dict[str, Kind] = {}
        for kind in _AFTER:
            self._after |= dict.fromkeys(word_list(language, _FILE, "after", kind), kind)
        bridge = words("bridge", "words")
        self._next = re.compile(rf"[\s-]*(?:(?:{bridge})[\s-]+){{0,2}}(%|[^\W\d]+(?:[./'][^\W\d]+)*)")
        self._glued = re.compile(r"[^\W_]+")
        self._ranks = word_set(language, _FILE, "after", "rank")
        self._ordinals = word_set(language, _FILE, "ordinals", "words")
        self._hyphenated = word_set(language, _FILE, "hyphenated", "people")
        self._before: dict[str, Kind] = {}
        for kind in _BEFORE:
            self._before |= dict.fromkeys(word_list(language, _FILE, "before", kind), kind)
        self._last = re.compile(rf"(?<!\w)({alternation(self._before)})\s*$")
        self._capital = re.compile(rf"(?<!\w)(?:{words('before', 'capital')})\s+$")

        months = words("dates", "months")
        may = words("dates", "ambiguous_months")
        between, of, about = words("dates", "between"), words("dates", "of"), words("dates", "about")
        ordinals, plural = (
            alternation(word_list(language, "forms", name)) for name in ("ordinals", "plural")
        )
        self._clock = re.compile(rf":\s?\d{{2}}\s*(?:{words('dates', 'clock_after')})(?!\w)")
        verbs = words("dates", "verbs_after_may")
        self._month_before = re.compile(
            rf"\b(?:(?:{months})\.?|(?:{may}))\s+(?:\d{{1,2}}(?:{ordinals})?,?\s+(?:-\s*\d{{1,2}},?\s+)?)?$"
        )
        self._month_after = re.compile(
            rf"(?:{ordinals})?(?:\s*(?:-|,|{between})\s*\d{{1,2}}\b)?[\s-]+(?:(?:{of})\s+)?"
            rf"(?:(?:{months})\b|(?:{may})\b(?!\s+(?:{verbs})\b))"
        )
        self._plural = word_set(language, "forms", "plural")
        self._no_year = re.compile(rf"\s+(?:{words('dates', 'never_years')})\b")
        self._year_before = re.compile(rf"(?<!\w)(?:{words('dates', 'year_before')})[\s-]+$")
        self._counted = re.compile(rf"\s+(?:(?:{words('dates', 'counted')})\b|[^\W\d]+(?:{plural})\b)")
        self._clock_before = re.compile(rf"\b(?:{words('dates', 'clock_before')})\s+(?:(?:{about})\s+)?$")

        ages = words("ages", "words")
        limits, described = words("ages", "limits"), words("ages", "described")
        aged, limited, half = words("ages", "aged"), words("ages", "limited"), words("ages", "and_a_half")
        self._age_after = re.compile(rf"[\s-]*(?:(?:{ages})\b|(?:(?:{half})\s+)?(?:{ages})\b)")
        self._age_before = re.compile(
            rf"\b(?:{described})\s+(?:(?:{aged})\s+)?(?:{limits})(?:\s+(?:{limited}))?\s+$"
        )
        self._age_follows = re.compile(
            rf"\s*(?:$|[.,;:)\]]|-{{1,2}}\s|(?:{words('ages', 'follow')})\b"
            rf"|(?:{words('ages', 'places')})\s+[A-Z])"
        )
        self._decade_of_life = re.compile(
            rf"\b(?:{words('ages', 'possessives')})\s+(?:{words('ages', 'decades')})?[\s-]*$"
            rf"|\b(?:{words('ages', 'in_the_middle')})[\s-]+$"
        )
        self._pronoun = re.compile(rf"\b(?:{words('ages', 'copulas')})$")
        around = words("scores", "around")
        self._score = re.compile(rf"\b(?:{around})\b")
        streets = words("streets", "words")
        name = r"[^\W\d_][\w.']*\s+"
        self._street = re.compile(rf"[A-Za-z]?\s+(?:{name}){{1,3}}(?:{streets})\b")
        self._block = re.compile(rf"\s+(?:{words('streets', 'blocks')})\b")

    @staticmethod
    @cache
    def load(language: str) -> "Kinds":
        """The kinds of `language`. Raises LexiconError where its data is missing or wrong."""
        return Kinds(language)

    def kind(
        self, text: str, lower: str, start: int, end: int, figures: tuple[int | None, ...], *, capitals: bool
    ) -> Kind:
        """What the number at `text[start:end]` counts; `figures` are the one or two numbers it holds."""
        before, digits = lower[max(0, start - 40) : start], lower[start].isdigit()
        if before.rstrip()[-1:] in _CURRENCIES:
            return "money"
        marked = self._before_it(text, before, start, digits=digits, capitals=capitals)
        if marked:
            return marked
        if self._age_after.match(lower, end) or self._age_before.search(before):
            return "age"
        if digits and self._is_date(lower, before, start, end, figures, capitals=capitals):
            return "date"
        if digits and self._is_age(text, lower, start, end, figures):
            return "age"
        if len(figures) == 2 and digits and "-" in text[start:end] and self._score_near(lower, start, end):
            return "score"
        if digits and "," not in text[start:end] and self._is_address(text, lower, start, end, capitals):
            return "address"
        return self.after(lower, end)

    def follows_age(self, lower: str, start: int) -> bool:
        """Whether "aged" stands before a number that starts at `start`, its bound included."""
        last = self._last.search(lower, max(0, start - 40), start)
        return bool(last and self._before[re.sub(r"\s+", " ", last.group(1))] == "age")

    def glued(self, lower: str, start: int, end: int, value: int | None) -> tuple[Kind, int]:
        """The kind of digits that letters follow at once ("9mm", "20th", "1990s"), and where they end."""
        match = self._glued.match(lower, end)
        stop = match.end() if match else end + 1
        suffix = lower[end:stop]
        if suffix in self._ranks:
            return ("date" if self._month_near(lower, start, end) else "rank"), stop
        if suffix in self._plural and value is not None:
            old = value < 100 and self._decade_of_life.search(lower[max(0, start - 20) : start])
            return ("age" if old else "date" if value % 10 == 0 else "other"), stop
        return self._after.get(suffix, "other"), stop

    def _before_it(self, text: str, before: str, start: int, *, digits: bool, capitals: bool) -> Kind | None:
        last = self._last.search(before)
        if last:
            kind = self._before[re.sub(r"\s+", " ", last.group(1))]
            first = text[start - len(before) + last.start(1)]
            if kind in ("age", "money") or (
                digits and (kind != "rank" or last.group(1) != "no" or first == "N")
            ):
                return kind
        if digits and not capitals:
            label = self._capital.search(before)
            if label and text[start - len(before) + label.start()].isupper():
                return "other"
        return None

    def _is_date(
        self,
        lower: str,
        before: str,
        start: int,
        end: int,
        figures: tuple[int | None, ...],
        *,
        capitals: bool,
    ) -> bool:
        value, number = figures[0], lower[start:end]
        if len(figures) == 2 and value is not None and value <= 31 and self._month_before.search(before):
            return not self._counted.match(lower, end)
        if value is None or "," in number or " " in number:
            return False
        if value <= 31 and self._month_after.match(lower, end):
            return True
        if self._month_before.search(before) and (value <= 31 or len(number) in (2, 4)):
            return not self._counted.match(lower, end)
        if value not in _YEARS or len(number.split("-")[0].strip()) != 4:
            return False
        if self._year_before.search(before):
            return not self._no_year.match(lower, end)
        return not self._counted.match(lower, end)

    def _month_near(self, lower: str, start: int, end: int) -> bool:
        return bool(
            self._month_after.match(lower, end)
            or self._month_before.search(lower[max(0, start - 20) : start])
        )

    def clock_end(self, lower: str, end: int) -> int | None:
        """Where a time of day ends whose minutes a feed has set apart ("10: 30 pm")."""
        match = self._clock.match(lower, end)
        return match.end() if match else None

    def is_clock(self, lower: str, start: int, end: int) -> bool:
        """Whether four digits are a time of day ("at 0730")."""
        number = lower[start:end]
        if len(number) != 4 or not number.isdigit() or int(number[:2]) > 24 or int(number[2:]) > 59:
            return False
        if number[0] == "0":
            return True
        if not self._clock_before.search(lower[max(0, start - 24) : start]) or int(number) in range(
            1900, 2060
        ):
            return False
        return not (self._counted.match(lower, end) or self._street.match(lower, end))

    def _is_age(self, text: str, lower: str, start: int, end: int, figures: tuple[int | None, ...]) -> bool:
        value = figures[0]
        if value is None or value > _OLDEST or not text[start:end].isdigit():
            return False
        left = text[:start].rstrip()
        if left.endswith("(") and text[end : end + 1] == ")":
            name = left[:-1].rstrip()
            return bool(name) and name[-1].isalpha() and name.split()[-1][0].isupper()
        if self._pronoun.search(left[-24:].lower()) and self._age_follows.match(text, end):
            return True
        if not left.endswith(","):
            return False
        words = left[:-1].rstrip(" \"'.").rsplit(None, 1)
        return bool(words) and words[-1][0].isupper() and bool(self._age_follows.match(text, end))

    def _score_near(self, lower: str, start: int, end: int) -> bool:
        return bool(self._score.search(lower[max(0, start - 30) : start])) or bool(
            self._score.search(lower[end : end + 16])
        )

    def _is_address(self, text: str, lower: str, start: int, end: int, capitals: bool) -> bool:
        if self._block.match(lower, end):
            return True
        if capitals and end - start < 3:
            return False
        match = self._street.match(lower, end)
        if not match:
            return False
        return capitals or all(
            word[0].isupper() or word[0].isdigit() for word in text[end : match.end()].split()
        )

    def after(self, lower: str, end: int) -> Kind:
        """The kind that the word after the number gives it."""
        match = self._next.match(lower, end)
        if not match:
            return "people_or_units"
        word = match.group(1)
        kind = self._after.get(word) or self._after.get(word.split("'")[0])
        compound = kind == "other" and lower.startswith("-", match.end())  # "four bullet-riddled bodies"
        if kind and not compound:
            return kind
        if (
            lower[end : end + 1] == "-"
            and lower[end + 1 : end + 2].isalpha()
            and word not in self._hyphenated
        ):
            return "rank" if word in self._ordinals else "other"
        return "people_or_units"
