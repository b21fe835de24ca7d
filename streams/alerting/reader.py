"""Takes the values out of a parsed TOML table one by one and collects everything that is wrong with them."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any, TypeVar

from streams.alerting.errors import Problem
from streams.alerting.lines import Path, nearest

T = TypeVar("T", int, float)

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION = re.compile(r"(?:\d+[smhdw])+")
_STEP = re.compile(r"(\d+)([smhdw])")


def duration(text: str) -> timedelta | None:
    """`10m`, `7d`, `1h30m` as a time span; None for anything else."""
    if not _DURATION.fullmatch(text):
        return None
    return timedelta(seconds=sum(int(number) * _UNITS[unit] for number, unit in _STEP.findall(text)))


def listing(words: Iterable[str]) -> str:
    """The words as a sentence lists them."""
    return ", ".join(words)


@dataclass
class Problems:
    """Collects what is wrong with one file."""

    file: str
    lines: dict[Path, int]
    found: list[Problem] = field(default_factory=list)

    def add(self, path: Path, rule: str | None, message: str) -> None:
        """Note that the value at `path` is wrong."""
        words = [str(part) for part in path if not isinstance(part, int)]
        name = ".".join(words[1:] if words[:1] == ["rule"] and len(words) > 1 else words) or None
        self.found.append(Problem(self.file, nearest(self.lines, path), rule, name, message))


class Section:
    """One table of the file. Every `take` removes what it read, so that `done` can tell what nobody knows."""

    def __init__(
        self, table: dict[str, Any], path: Path, problems: Problems, rule: str | None = None
    ) -> None:
        self._table = dict(table)
        self._given = frozenset(table)
        self._known: list[str] = []
        self._path = path
        self._problems = problems
        self.rule = rule

    def wrong(self, key: str | None, message: str) -> None:
        """Note a problem with `key`, or with the whole table."""
        self._problems.add((*self._path, key) if key else self._path, self.rule, message)

    def has(self, key: str) -> bool:
        """Whether the table gives `key` and nobody took it yet."""
        return key in self._table

    def gave(self, *keys: str) -> bool:
        """Whether the table gave all `keys`, right or wrong, taken or not."""
        return self._given.issuperset(keys)

    def take(self, key: str, kind: type | tuple[type, ...], what: str) -> Any:
        """The value of `key` if it is of `kind`, else None; `what` says what would be right."""
        self._known.append(key)
        value = self._table.pop(key, None)
        if value is None:
            return None
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.wrong(key, f"{_shown(value)} is not right; it must be {what}")
            return None
        return value

    def text(self, key: str, what: str = "a text") -> str | None:
        """A text that is not empty."""
        value: str | None = self.take(key, str, what)
        if value is not None and not value.strip():
            self.wrong(key, f"is empty; it must be {what}")
            return None
        return value

    def choice(self, key: str, options: Iterable[str]) -> str | None:
        """One of `options`."""
        options = tuple(options)
        value: str | None = self.take(key, str, f"one of {listing(options)}")
        if value is not None and value not in options:
            self.wrong(
                key, f"{value!r} is not known; it must be one of {listing(options)}{_hint(value, options)}"
            )
            return None
        return value

    def number(self, key: str, low: float, high: float, what: str) -> float | None:
        """A number between `low` and `high`, both included."""
        value: float | None = self.take(key, (int, float), what)
        if value is not None and not low <= value <= high:
            self.wrong(key, f"{value} is out of range; it must be {what}")
            return None
        return value

    def span(self, key: str, what: str = "a time such as 30s, 10m, 6h, 7d") -> timedelta | None:
        """A duration greater than zero."""
        value: str | None = self.take(key, str, what)
        if value is None:
            return None
        found = duration(value)
        if not found:
            self.wrong(key, f"{value!r} is no time span; it must be {what}")
            return None
        return found

    def words(self, key: str, options: Iterable[str] | None = None) -> tuple[str, ...] | None:
        """A list of texts, each one of `options` if they are given; a single text is a list of one."""
        what = f"a list of {listing(options)}" if options else 'a list of texts, as ["a", "b"]'
        value = self.take(key, (list, str), what)
        if value is None:
            return None
        items = [value] if isinstance(value, str) else value
        if not items:
            self.wrong(key, f"is an empty list, which lets nothing through; leave it out, or give {what}")
            return None
        for item in items:
            if not isinstance(item, str) or not item.strip():
                self.wrong(key, f"{item!r} is not right; it must be {what}")
                return None
            if options is not None and item not in options:
                self.wrong(key, f"{item!r} is not known; it must be {what}{_hint(item, options)}")
                return None
        return tuple(items)

    def table(self, key: str, what: str) -> "Section | None":
        """The table under `key`."""
        value: dict[str, Any] | None = self.take(key, dict, what)
        return None if value is None else Section(value, (*self._path, key), self._problems, self.rule)

    def tables(self, key: str, what: str) -> tuple["Section", ...]:
        """The tables under `key`: a list of them, or one alone."""
        value = self.take(key, (dict, list), what)
        if value is None:
            return ()
        items = [value] if isinstance(value, dict) else value
        found = []
        for index, item in enumerate(items):
            if isinstance(item, dict):
                path = (*self._path, key) if isinstance(value, dict) else (*self._path, key, index)
                found.append(Section(item, path, self._problems, self.rule))
            else:
                self.wrong(key, f"{item!r} is not right; it must be {what}")
        return tuple(found)

    def rest(self) -> dict[str, Any]:
        """What nobody took, for tables whose keys are free."""
        return dict(self._table)

    def done(self) -> None:
        """Note every key that nobody knows."""
        for key in self._table:
            known = listing(sorted(self._known))
            self.wrong(key, f"is not known here{_hint(key, self._known)}; known: {known}")


def _shown(value: object) -> str:
    """A value as the file has it."""
    return value.isoformat() if isinstance(value, date | time) else repr(value)


def _hint(word: str, options: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, tuple(options), n=1)
    return f" (did you mean {close[0]}?)" if close else ""
