"""Schemas, examples and codec say the same: what one takes all take, what one refuses all refuse."""

import copy
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import fastjsonschema
import jsonschema
import pytest

from schemas import BadMessage
from schemas.codec import decode, encode
from scripts.build_schemas import FOLDER, stale
from scripts.json_schemas import MESSAGES
from streams.intake import receive

EXAMPLES = sorted((FOLDER / "examples").glob("*/v1/*.json"))
NOW = datetime(2026, 11, 23, tzinfo=UTC)
TAKEN: list[Any] = [
    None,
    "x",
    "2026-03-14",
    "2026-03-14T09:30:00Z",
    "2026-13-14T09:30:00Z",
    3,
    1.5,
    True,
    [],
    {},
]


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "json" / f"{name}.schema.json").read_bytes())
    return found


def _is(kind: Callable[[str], object]) -> Callable[[object], bool]:
    def check(value: object) -> bool:
        try:
            return not isinstance(value, str) or bool(kind(value))
        except ValueError:
            return False

    return check


FORMATS = jsonschema.FormatChecker(())
FORMATS.checks("date")(_is(date.fromisoformat))
FORMATS.checks("date-time")(_is(lambda text: "T" in text and datetime.fromisoformat(text)))


@cache
def verdicts(name: str) -> dict[str, Callable[[Any], bool]]:
    """Who takes a message: two validators and the reader that the service uses."""
    quick = fastjsonschema.compile(schema(name))
    thorough = jsonschema.Draft7Validator(schema(name), format_checker=FORMATS)

    def compiled(value: Any) -> bool:
        try:
            quick(value)
        except fastjsonschema.JsonSchemaValueException:
            return False
        return True

    def reader(value: Any) -> bool:
        try:
            if name == "article":
                receive(encode(value), received_at=None, now=NOW)
            else:
                decode(MESSAGES[name], encode(value))
        except BadMessage:
            return False
        return True

    return {"fastjsonschema": compiled, "jsonschema": thorough.is_valid, "reader": reader}


def name_of(example: Path) -> str:
    return example.parents[1].name


def example_id(example: Path) -> str:
    return f"{name_of(example)}/{example.stem}"


def test_every_message_has_a_schema_and_an_example() -> None:
    assert {file.name.removesuffix(".schema.json") for file in (FOLDER / "json").iterdir()} == set(MESSAGES)
    assert {name_of(example) for example in EXAMPLES} == set(MESSAGES)


def test_the_files_are_as_they_would_be_written() -> None:
    assert stale() == [], "python -m scripts.build_schemas"


@pytest.mark.parametrize("name", MESSAGES)
def test_a_schema_is_good_draft_07(name: str) -> None:
    assert schema(name)["$schema"] == "http://json-schema.org/draft-07/schema#"
    jsonschema.Draft7Validator.check_schema(schema(name))


@pytest.mark.parametrize("example", EXAMPLES, ids=example_id)
def test_every_example_is_taken_by_all(example: Path) -> None:
    value = json.loads(example.read_bytes())
    assert {who: takes(value) for who, takes in verdicts(name_of(example)).items()} == {
        "fastjsonschema": True,
        "jsonschema": True,
        "reader": True,
    }


@pytest.mark.parametrize("example", [e for e in EXAMPLES if name_of(e) != "article"], ids=example_id)
def test_what_is_read_is_written_again_as_the_schema_says(example: Path) -> None:
    """Reading fills in what an old or small message leaves out, and changes nothing else."""
    value = json.loads(example.read_bytes())
    name = name_of(example)
    written = json.loads(encode(decode(MESSAGES[name], encode(value))))
    assert verdicts(name)["jsonschema"](written)
    assert {key: written[key] for key in value} == value
    assert set(written) == set(schema(name)["properties"])


def test_unknown_fields_are_ignored_by_all() -> None:
    for example in EXAMPLES:
        value = json.loads(example.read_bytes())
        if isinstance(value, dict):
            value["not_yet_known"] = {"anything": [1]}
            assert all(takes(value) for takes in verdicts(name_of(example)).values()), example


@pytest.mark.parametrize("example", EXAMPLES, ids=example_id)
def test_all_refuse_the_same(example: Path) -> None:
    """Every value of the example, replaced in turn by values of every kind, or left out."""
    value = json.loads(example.read_bytes())
    asked = verdicts(name_of(example))
    refused = 0
    for path, changed in _changes(value):
        said = {who: takes(changed) for who, takes in asked.items()}
        assert len(set(said.values())) == 1, f"{path}: {said}"
        refused += not said["reader"]
    assert refused, "no change was ever refused"


def _changes(value: Any) -> Iterator[tuple[str, Any]]:
    for path in _paths(value, ()):
        for new in TAKEN:
            yield f"{path} = {new!r}", _with(value, path, new)
        if path and isinstance(path[-1], str):
            yield f"{path} left out", _with(value, path, _with)


def _paths(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from _paths(inner, (*path, key))


def _with(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    changed = copy.deepcopy(value)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    if new is _with:
        del holder[path[-1]]
    else:
        holder[path[-1]] = new
    return changed
