"""Reads a rules file (TOML) and says everything that is wrong with it. docs/rules.md describes the format.

>>> text = '[[rule]]\\nname="deaths"\\non="casualties"\\nmeasure="killed"\\nlevels={notice=3}'
>>> parse_rules(text, "rules.toml").rules[0].bound
'low'
"""

import hashlib
import re
import tomllib
from datetime import timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

from schemas.events import EventType
from streams.alerting.errors import Problem, RulesError
from streams.alerting.filterfields import Lists, read_mutes, read_sources, read_where
from streams.alerting.lines import lines_of
from streams.alerting.measurefields import read_measure
from streams.alerting.reader import Problems, Section, listing
from streams.alerting.rules import (
    HOUR,
    Bound,
    Clear,
    Damp,
    Level,
    Margin,
    Measured,
    Per,
    Rule,
    RuleSet,
)
from streams.alerting.template import template_problem

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_LONGEST = timedelta(days=90)
_LONGEST_TEXT = "whole hours from 1h to 90d, as 24h or 7d"
_QUIET = timedelta(days=3)


def load_rules(path: Path) -> RuleSet:
    """The rules in the file at `path`. Raises RulesError: everything that is wrong with it."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        why = f"can't be read: {error.strerror or error}"
        raise RulesError((Problem(str(path), None, None, None, why),)) from error
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise RulesError((Problem(str(path), line, None, None, f"is not UTF-8: {error.reason}"),)) from error
    return parse_rules(text, str(path))


def parse_rules(text: str, name: str) -> RuleSet:
    """The rules in `text`; `name` is how messages call the file. Raises RulesError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        line = int(at[1]) if at else len(text.splitlines())
        message = f"is not TOML: {_AT_LINE.sub('', str(error)).strip()}"
        raise RulesError((Problem(name, line, None, None, message),)) from error
    problems = Problems(name, lines_of(text))
    rules = _rules(data, problems)
    if problems.found:
        raise RulesError(tuple(problems.found))
    return RuleSet(text, hashlib.sha256(text.encode()).hexdigest(), rules)


@cache
def default_rules() -> RuleSet:
    """The rules that come with Tocsin: what a crisis desk would start from."""
    return parse_rules(
        (files("streams.alerting") / "data" / "default.toml").read_text("utf-8"), "default.toml"
    )


def _rules(data: dict[str, Any], problems: Problems) -> tuple[Rule, ...]:
    top = Section(data, (), problems)
    regions = top.table("regions", 'a table of named lists, as sahel = ["ML", "NE"]')
    lists = Lists.read(regions)
    found: list[Rule] = []
    names: set[str] = set()
    for section in top.tables("rule", "one [[rule]] table for each rule"):
        rule = _rule(section, lists)
        if section.rule is not None and section.rule in names:
            section.wrong(
                "name", f"{section.rule!r} is the name of an earlier rule; every rule needs its own"
            )
        names.add(section.rule or "")
        if rule is not None:
            found.append(rule)
    top.done()
    if "rule" not in data:
        problems.add((), None, "has no rules; start one with [[rule]]")
    return tuple(found)


def _rule(section: Section, lists: Lists) -> Rule | None:
    section.rule = section.text("name", "a name of your choice")
    name = section.rule
    if name is None:
        section.wrong("name", "is missing; give the rule a name")
    elif not _NAME.fullmatch(name):
        section.wrong("name", f"{name!r} may hold letters, digits, '-', '_' and '.' only")
    on: Any = _required(section, "on", get_args(EventType))
    measure = read_measure(section, on)
    levels = _levels(section)
    bound: Any = section.choice("bound", get_args(Bound)) or "low"
    told_per: Any = section.choice("per", get_args(Per))
    per: Any = told_per or "incident"
    window = section.span("window", _LONGEST_TEXT)
    if told_per is not None or not section.gave("per"):  # else nobody knows what would be right
        _check_window(section, per, window, measure)
    where = read_where(section, on, lists)
    min_sources = section.take("min_sources", int, "a whole number from 1")
    if min_sources is not None and min_sources < 1:
        section.wrong("min_sources", f"{min_sources} is out of range; it must be a whole number from 1")
    rule_fields: dict[str, Any] = {
        "min_confidence": section.number("min_confidence", 0, 1, "a number from 0 to 1") or 0.0,
        "sources": read_sources(section),
        "max_age": _max_age(section, per),
        "hold": section.span("hold") or timedelta(0),
        "clear": _clear(section, per, levels),
        "repeat": section.span("repeat"),
        "damp": _damp(section),
        "mute": read_mutes(section, lists, tuple(level.name for level in levels)),
        "labels": _labels(section),
        "text": _text(section),
    }
    section.done()
    if name is None or on is None or measure is None or not levels:
        return None
    return Rule(
        name=name,
        on=on,
        measure=measure,
        levels=levels,
        bound=bound,
        per=per,
        window=window,
        where=where,
        min_sources=min_sources or 1,
        **rule_fields,
    )


def _required(section: Section, key: str, options: tuple[str, ...]) -> str | None:
    if not section.has(key):
        section.take(key, str, "")
        section.wrong(key, f"is missing; it must be one of {listing(options)}")
        return None
    return section.choice(key, options)


def _levels(section: Section) -> tuple[Level, ...]:
    what = "a table of names with rising thresholds, as { notice = 3, warning = 10 }"
    if not section.has("levels"):
        section.take("levels", dict, what)
        section.wrong("levels", f"is missing; it must be {what}")
        return ()
    table = section.table("levels", what)
    if table is None:
        return ()
    levels: list[Level] = []
    for name, threshold in table.rest().items():
        if not isinstance(threshold, int) or isinstance(threshold, bool) or threshold < 1:
            table.wrong(name, f"{threshold!r} is not right; it must be a whole number from 1")
        elif levels and threshold <= levels[-1].threshold:
            before = levels[-1]
            table.wrong(
                name,
                f"{threshold} must be above {before.name} = {before.threshold}: levels rise in their order",
            )
        else:
            levels.append(Level(name=name, threshold=threshold))
    if not table.rest():
        section.wrong("levels", f"is empty; it must be {what}")
    return tuple(levels)


def _check_window(section: Section, per: str, window: timedelta | None, measure: Measured | None) -> None:
    rise = measure is not None and measure.rise
    if not section.gave("window") and (per != "incident" or rise):
        reason = f"per {per}" if per != "incident" else "a rise"
        section.wrong("window", f"is missing: {reason} needs {_LONGEST_TEXT}")
    if window is not None and (window % HOUR or not HOUR <= window <= _LONGEST):
        section.wrong("window", f"is out of range; it must be {_LONGEST_TEXT}")
    if window is not None and per == "incident" and not rise:
        section.wrong("window", "has no meaning per incident; leave it out, or set per to country, world, …")
    if measure is not None and measure.kind == "incidents" and per == "incident":
        section.wrong("per", "must be place, admin1, country, subregion or world to count incidents")


def _max_age(section: Section, per: str) -> timedelta | None:
    found = section.span("max_age")
    if found is not None and per != "incident":
        section.wrong("max_age", f"has no meaning per {per}, where window says what counts; leave it out")
    return found


def _margin(section: Section, key: str) -> Margin | None:
    what = 'a number, or a share as "20%"'
    value = section.take(key, (int, float, str), what)
    if value is None:
        return None
    if isinstance(value, str):
        share = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", value)
        if share and 0 <= float(share[1]) < 100:
            return Margin(share=float(share[1]) / 100)
    elif value >= 0:
        return Margin(figure=float(value))
    section.wrong(key, f"{value!r} is not right; it must be {what}")
    return None


def _clear(section: Section, per: str, levels: tuple[Level, ...]) -> Clear:
    quiet = _QUIET if per == "incident" else None
    table = section.table("clear", 'a table, as { below = 2, after = "1h", quiet = "3d" }')
    if table is None:
        return Clear(quiet=quiet)
    below = _margin(table, "below") or Margin()
    if levels and below.of(levels[0].threshold) >= levels[0].threshold:
        lowest = levels[0]
        table.wrong(
            "below", f"must be less than {lowest.name} = {lowest.threshold}, else nothing ever clears"
        )
    clear = Clear(
        below=below,
        after=table.span("after") or timedelta(0),
        quiet=table.span("quiet") or quiet,
    )
    table.done()
    return clear


def _damp(section: Section) -> Damp:
    table = section.table("damp", 'a table, as { every = "1h", change = 5 }')
    if table is None:
        return Damp()
    damp = Damp(every=table.span("every"), change=_margin(table, "change"))
    table.done()
    return damp


def _labels(section: Section) -> dict[str, str]:
    table = section.table("labels", 'a table of texts, as { desk = "asia" }')
    if table is None:
        return {}
    found: dict[str, str] = {}
    for key, value in table.rest().items():
        if isinstance(value, str):
            found[key] = value
        else:
            table.wrong(key, f"{value!r} is not right; a label is a text")
    return found


def _text(section: Section) -> str | None:
    text = section.text("text", "a sentence with fields, as {sentence} or {place}")
    problem = template_problem(text) if text is not None else None
    if problem is not None:
        section.wrong("text", problem)
    return text
