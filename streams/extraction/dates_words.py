"""How a language says when: `dates.toml`, checked and compiled."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from streams.extraction.dates_roles import ROLES, RoleReader
from streams.extraction.lexicon import LexiconError, alternation, load_table, word_list, word_set

RULES = frozenset({"calendar", "called", "weekday", "ago", "span", "season", "named", "holiday", "event"})
_FULL = 5  # letters: shorter names of months and days are abbreviations or words of another meaning


_YEARS = frozenset(map(str, range(1900, 2100)))


class Pattern(NamedTuple):
    """A form of dates: how it is worked out, its expression, and lists of words.

    What the expression matches has a word of each list, so that it need not be tried on other sentences.
    """

    rule: str
    expression: re.Pattern[str]
    needs: tuple[frozenset[str], ...]


class Patterns:
    """The forms of dates of one language, in the order in which they are tried."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = tuple(patterns)
        self._lists = tuple(dict.fromkeys(words for pattern in patterns for words in pattern.needs))
        self._chosen: dict[tuple[bool, ...], tuple[Pattern, ...]] = {}

    def among(self, present: frozenset[str]) -> tuple[Pattern, ...]:
        """Those that can match in a sentence with these words."""
        met = tuple([not present.isdisjoint(words) for words in self._lists])
        if met not in self._chosen:
            lists = {words for words, there in zip(self._lists, met, strict=True) if there}
            self._chosen[met] = tuple(
                pattern for pattern in self._patterns if lists.issuperset(pattern.needs)
            )
        return self._chosen[met]


@dataclass(frozen=True, slots=True)
class DateWords:
    """The tables of `dates.toml`, described there."""

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    numbers: Mapping[str, int]
    units: Mapping[str, int]
    parts: Mapping[str, tuple[int, int]]
    which: Mapping[str, int]
    named: Mapping[str, tuple[int, int, str]]
    seasons: Mapping[str, int]
    holidays: Mapping[str, tuple[int, int]]
    patterns: Patterns
    since: re.Pattern[str]
    printed: re.Pattern[str]
    roles: RoleReader
    genitive: tuple[str, ...]
    opens: re.Pattern[str]

    @staticmethod
    @cache
    def load(language: str) -> "DateWords":
        """The words of `language`. Raises LexiconError, naming file and entry."""
        table = load_table(language, "dates")
        tables = {
            name: _table(language, table, name)
            for name in (
                "months",
                "weekdays",
                "numbers",
                "units",
                "which",
                "named",
                "seasons",
                "holidays",
                "parts",
            )
        }
        lists = {name: alternation(words) for name, words in tables.items()}
        lists["full_months"] = alternation(
            w for w in tables["months"] if len(w) >= _FULL or w in ("may", "june", "july")
        )
        lists["full_weekdays"] = alternation(w for w in tables["weekdays"] if len(w) > _FULL)
        since = alternation(word_list(language, "dates", "since"))
        joiners = alternation(word_list(language, "forms", "place_joiners"))
        needs = {name: frozenset(map(_last_word, words)) for name, words in tables.items()}
        needs |= {"years": _YEARS, "since": word_set(language, "dates", "since")}
        return DateWords(
            months=tables["months"],
            weekdays=tables["weekdays"],
            numbers=tables["numbers"],
            units=tables["units"],
            parts=tables["parts"],
            which=tables["which"],
            named=tables["named"],
            seasons=tables["seasons"],
            holidays=tables["holidays"],
            patterns=Patterns(_patterns(language, table.get("patterns", []), lists, needs)),
            since=re.compile(rf"\b(?:{since})\b\s*(?:\w+\s+)?\w*$"),
            printed=_printed(language, table),
            roles=_roles(language, table),
            genitive=_genitive(language),
            opens=re.compile(rf"(?:[^\W\da-z][\w.'’-]*[,.]?\s+(?:(?:{joiners})\s+)?){{0,6}}"),
        )


def _genitive(language: str) -> tuple[str, ...]:
    """The endings that say whose, with either apostrophe."""
    endings = word_list(language, "forms", "genitive")
    return (*endings, *(ending.replace("'", "’") for ending in endings))


def _printed(language: str, table: Mapping[str, Any]) -> re.Pattern[str]:
    try:
        return re.compile(table["printed"])
    except (KeyError, TypeError, re.error) as error:
        raise LexiconError(f"{language}/dates.toml, printed: {error!r}") from error


def _roles(language: str, table: Mapping[str, Any]) -> RoleReader:
    try:
        rows = table["roles"]
        lists = {role: "|".join(rows[role]) for role in ROLES}
        lists["happening"] = rf"(?:{lists['happening']})(?!\s(?:{rows['no_happening']})\b)"
        groups = "|".join(f"(?P<{role}>{lists[role]})" for role in ROLES)
        around = (re.compile(rows[name]) for name in ("opening", "naming", "joined", "closing"))
        found = re.compile(rf"(?<!\w)(?:{groups})(?!\w)")
        return RoleReader(_genitive(language), found, *around)
    except (KeyError, TypeError, re.error) as error:
        raise LexiconError(f"{language}/dates.toml, roles: {error!r}") from error


def _table(language: str, table: Mapping[str, Any], name: str) -> dict[str, Any]:
    rows = table.get(name)
    if not isinstance(rows, dict) or not rows:
        raise LexiconError(f"{language}/dates.toml, {name}: a table was expected")
    return {word: tuple(row) if isinstance(row, list) else row for word, row in rows.items()}


def _last_word(phrase: str) -> str:
    return str(re.findall(r"[^\W\d_]+", phrase)[-1])


def _needs(row: dict[str, Any], lists: dict[str, frozenset[str]]) -> tuple[frozenset[str], ...]:
    return tuple(
        lists[words] if isinstance(words, str) else frozenset(words) for words in row.get("needs", ())
    )


def _patterns(
    language: str, rows: list[dict[str, Any]], lists: dict[str, str], needs: dict[str, frozenset[str]]
) -> list[Pattern]:
    found = []
    for number, row in enumerate(rows, start=1):
        where = f"{language}/dates.toml, patterns {number}"
        rule = row.get("rule", "")
        if rule not in RULES:
            raise LexiconError(f"{where}: no rule {rule!r}; there are {', '.join(sorted(RULES))}")
        try:
            pattern = re.sub(r"\{([a-z_]+)\}", lambda name: lists[name.group(1)], row["match"])
            expression = re.compile(rf"(?<!\w)(?:{pattern})")
            found.append(Pattern(rule, expression, _needs(row, needs)))
        except (KeyError, re.error) as error:
            raise LexiconError(f"{where}: {error}") from error
    return found
