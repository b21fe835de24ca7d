"""The `text` of a rule: a sentence with fields in braces, filled in for each alert.

>>> render("{level}: {figure} in {place}", {"level": "warning", "figure": "12 killed", "place": "Jenin"})
'warning: 12 killed in Jenin'
"""

from collections.abc import Mapping
from string import Formatter

FIELDS = (
    "sentence",
    "rule",
    "level",
    "status",
    "reason",
    "measure",
    "figure",
    "value",
    "low",
    "best",
    "high",
    "threshold",
    "where",
    "place",
    "country",
    "date",
    "sources",
    "quote",
    "claimant",
    "incidents",
    "window",
    "realis",
)
"""What a template may name; `sentence` is the explanation that the alert would have without a template."""


def template_problem(text: str) -> str | None:
    """What is wrong with the template, or None."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        return f"is no template: {error}; write {{{{ and }}}} for braces that are meant as such"
    for _, name, spec, conversion in parts:
        if name is None:
            continue
        if name not in FIELDS:
            return f"{{{name}}} is not known; fields are {', '.join(FIELDS)}"
        if spec or conversion:
            return f"{{{name}}} takes no format; write {{{name}}} alone"
    return None


def render(text: str, values: Mapping[str, str]) -> str:
    """The sound template `text` with its fields filled in; one without a value is empty."""
    pieces = []
    for literal, name, _, _ in Formatter().parse(text):
        pieces.append(literal)
        if name is not None:
            pieces.append(values.get(name, ""))
    return "".join(pieces)
