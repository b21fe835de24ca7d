"""How a language says when: `dates.toml`, checked and compiled."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from streams.extraction.dates_roles import ROLES, RoleReader
from streams.extraction.lexicon import LexiconError, alternation, load_table, word_list

RULES = frozenset({"calendar", "weekday", "ago", "span", "season", "named", "holiday", "event"})
_FULL = 5  # letters: shorter names of months and days are abbreviations or words of another meaning


@dataclass(frozen=True, slots=True)
class DateWords:
    """The tables of `dates.toml`, described there. `patterns` are tried in order, the first match wins."""

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    numbers: Mapping[str, int]
    units: Mapping[str, int]
    parts: Mapping[str, tuple[int, int]]
    which: Mapping[str, int]
    named: Mapping[str, tuple[int, int, str]]
    seasons: Mapping[str, int]
    holidays: Mapping[str, tuple[int, int]]
    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    gate: re.Pattern[str]
    since: re.Pattern[str]
    printed: re.Pattern[str]
    roles: RoleReader

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
        every = "|".join([*lists.values(), r"(?:19|20)\d\d", r"\d+/\d+/\d+", since])
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
            patterns=tuple(_patterns(language, table.get("patterns", []), lists)),
            gate=re.compile(rf"\b(?:{every})"),
            since=re.compile(rf"\b(?:{since})\b\s*(?:\w+\s+)?\w*$"),
            printed=_printed(language, table),
            roles=_roles(language, table),
        )


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
        around = (re.compile(rows[name]) for name in ("opening", "naming", "joined"))
        return RoleReader(re.compile(rf"(?<!\w)(?:{groups})(?!\w)"), *around)
    except (KeyError, TypeError, re.error) as error:
        raise LexiconError(f"{language}/dates.toml, roles: {error!r}") from error


def _table(language: str, table: Mapping[str, Any], name: str) -> dict[str, Any]:
    rows = table.get(name)
    if not isinstance(rows, dict) or not rows:
        raise LexiconError(f"{language}/dates.toml, {name}: a table was expected")
    return {word: tuple(row) if isinstance(row, list) else row for word, row in rows.items()}


def _patterns(
    language: str, rows: list[dict[str, str]], lists: dict[str, str]
) -> list[tuple[str, re.Pattern[str]]]:
    found = []
    for number, row in enumerate(rows, start=1):
        where = f"{language}/dates.toml, patterns {number}"
        rule = row.get("rule", "")
        if rule not in RULES:
            raise LexiconError(f"{where}: no rule {rule!r}; there are {', '.join(sorted(RULES))}")
        try:
            pattern = re.sub(r"\{([a-z_]+)\}", lambda name: lists[name.group(1)], row["match"])
            found.append((rule, re.compile(rf"(?<!\w)(?:{pattern})")))
        except (KeyError, re.error) as error:
            raise LexiconError(f"{where}: {error}") from error
    return found
