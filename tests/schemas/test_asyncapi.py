"""The AsyncAPI document: whole in itself, and with every topic that others may use."""

import json
from collections.abc import Iterator
from typing import Any

import fastjsonschema
import pytest

from schemas.codec import encode
from schemas.errors import BadMessage
from schemas.headers import dead_letter_headers, event_headers
from schemas.topics import topics
from scripts.build_schemas import FOLDER

DOCUMENT: dict[str, Any] = json.loads((FOLDER / "asyncapi.json").read_bytes())


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


@pytest.mark.parametrize("reference", sorted(set(references(DOCUMENT))))
def test_every_reference_leads_somewhere(reference: str) -> None:
    file, _, pointer = reference.partition("#")
    if file:
        assert (FOLDER / file).is_file()
        return
    found: Any = DOCUMENT
    for part in pointer.strip("/").split("/"):
        found = found[part]
    assert found


def test_every_public_topic_is_a_channel_and_an_operation() -> None:
    public = {topic.declared for topic in topics() if not topic.internal}
    assert {channel["address"] for channel in DOCUMENT["channels"].values()} == public
    assert set(DOCUMENT["operations"]) == set(DOCUMENT["channels"])
    received = [
        name for name, operation in DOCUMENT["operations"].items() if operation["action"] == "receive"
    ]
    assert received == ["articles_v1"]


@pytest.mark.parametrize("name", sorted(DOCUMENT["components"]["messages"]))
def test_examples_are_as_their_schema_says(name: str) -> None:
    message = DOCUMENT["components"]["messages"][name]
    if "payload" not in message:
        assert name == "dead_letter"
        return
    schema = json.loads((FOLDER / message["payload"]["schema"]["$ref"]).read_bytes())
    assert message["examples"]
    for example in message["examples"]:
        fastjsonschema.compile(schema)(example["payload"])


def test_the_headers_that_are_written_are_those_described() -> None:
    written = {name: value.decode() for name, value in event_headers("alert", "a-1", 0.0)}
    described = DOCUMENT["components"]["schemas"]["cloudEvents"]
    fastjsonschema.compile(described)(written)
    assert set(written) == set(described["properties"])
    error = BadMessage("not JSON", stage="decode", kind="json")
    letter = dead_letter_headers(error, topic="articles.v1", partition=2, offset=118)
    reasons = DOCUMENT["components"]["schemas"]["reasons"]
    fastjsonschema.compile(reasons)({name: value.decode() for name, value in letter})
    assert {name for name, _ in letter} == set(reasons["properties"]) - {"dlq.retried"}


def test_the_document_is_plain_json() -> None:
    assert json.loads(encode(DOCUMENT)) == DOCUMENT
