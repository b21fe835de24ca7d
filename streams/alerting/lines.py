"""On which line of a TOML file a value stands: the standard library's reader does not say.

>>> lines_of('[[rule]]\\nname = "a"\\n[rule.where]\\ncause = ["fire"]\\n')[("rule", 0, "where", "cause")]
4
"""

import re

Path = tuple[str | int, ...]

_PART = r'(?:[A-Za-z0-9_-]+|"[^"\n]*"|\'[^\'\n]*\')'
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_TABLE = re.compile(rf"^\s*(\[\[?)\s*({_DOTTED})\s*\]\]?")
_KEY = re.compile(rf"^\s*({_DOTTED})\s*=\s*(.*)$")
_INNER_KEY = re.compile(rf"[{{,]\s*({_DOTTED})\s*=")
_FENCES = ('"""', "'''")


def lines_of(text: str) -> dict[Path, int]:
    """The line (from 1) of each table and key, keys in inline tables included."""
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    base: Path = ()
    fence: str | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if fence is not None:
            fence = None if fence in line else fence
            continue
        if table := _TABLE.match(line):
            base = _entered(_parts(table[2]), array=table[1] == "[[", counts=counts)
            found.setdefault(base, number)
        elif key := _KEY.match(line):
            path = base + _parts(key[1])
            found.setdefault(path, number)
            for inner in _INNER_KEY.finditer(key[2]):
                found.setdefault(path + _parts(inner[1]), number)
            fence = next((mark for mark in _FENCES if line.count(mark) == 1), None)
    return found


def nearest(lines: dict[Path, int], path: Path) -> int | None:
    """The line of `path`, else of the table it stands in."""
    while path:
        for known in (path, (*path, 0)):  # of an array of tables, the first
            if known in lines:
                return lines[known]
        path = path[:-1]
    return None


def _parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in re.findall(_PART, dotted))


def _entered(path: Path, *, array: bool, counts: dict[Path, int]) -> Path:
    """The path of a table header, with the index of the array element that each part is in."""
    full: Path = ()
    for position, part in enumerate(path):
        full += (part,)
        last = position == len(path) - 1
        if array and last:
            counts[full] = counts.get(full, -1) + 1
        if full in counts:
            full += (counts[full],)
    return full
