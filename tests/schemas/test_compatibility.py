"""Changes to a schema that break those who hold to it are named; others are let through."""

import copy
import json
from typing import Any

import pytest

from scripts.build_schemas import FOLDER
from scripts.compatibility import breaking

OLD: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "when": {"type": ["string", "null"], "format": "date-time"},
        "status": {"type": "string", "enum": ["open", "closed"]},
        "count": {"$ref": "#/definitions/Count"},
        "place": {"anyOf": [{"$ref": "#/definitions/Place"}, {"type": "null"}]},
        "tags": {"type": "array", "items": {"type": "string"}},
        "tolls": {"type": "object", "additionalProperties": {"$ref": "#/definitions/Count"}},
    },
    "required": ["id"],
    "definitions": {
        "Count": {"type": "object", "properties": {"low": {"type": "integer"}}, "required": []},
        "Place": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
    },
}


def changed(path: str, value: object) -> dict[str, Any]:
    new = copy.deepcopy(OLD)
    holder = new
    *way, last = path.split("/")
    for key in way:
        holder = holder[key]
    if value is None:
        del holder[last]
    else:
        holder[last] = value
    return new


BREAKING = {
    "properties/id": (None, "$.id is gone"),
    "required": (["id", "when"], "$.when has become required"),
    "properties/id/type": ("integer", "$.id: type was string, it is integer"),
    "properties/when/type": ("string", "$.when: type was ['string', 'null'], it is string"),
    "properties/when/format": ("date", "$.when: format was date-time, it is date"),
    "properties/status/enum": (["open"], "$.status: 'closed' is no longer possible"),
    "properties/tags/items": ({"type": "integer"}, "$.tags[]: type was string, it is integer"),
    "definitions/Place/properties/name": (None, "$.place.name is gone"),
    "properties/place/anyOf": ([{"$ref": "#/definitions/Place"}], "$.place: anyOf was"),
}


@pytest.mark.parametrize("path", BREAKING)
def test_what_breaks_is_named(path: str) -> None:
    value, said = BREAKING[path]
    problems = breaking(OLD, changed(path, value))
    assert len(problems) == 1
    assert problems[0].startswith(said)


def test_what_breaks_in_a_shared_part_is_named_wherever_it_is_used() -> None:
    problems = breaking(OLD, changed("definitions/Count/required", ["low"]))
    assert problems == ["$.count.low has become required", "$.tolls[].low has become required"]


HARMLESS = {
    "properties/new": {"type": "string"},
    "properties/status/enum": ["open", "closed", "merged"],
    "required": [],
    "title": "Another",
}


@pytest.mark.parametrize("path", HARMLESS)
def test_what_only_adds_is_let_through(path: str) -> None:
    assert breaking(OLD, changed(path, HARMLESS[path])) == []


@pytest.mark.parametrize("file", sorted((FOLDER / "json").iterdir()), ids=lambda file: file.name)
def test_a_schema_gets_on_with_itself(file: Any) -> None:
    schema = json.loads(file.read_bytes())
    assert breaking(schema, schema) == []
