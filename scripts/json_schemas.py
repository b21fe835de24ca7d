"""JSON Schemas (draft-07) of the messages, from the dataclasses that the codec reads them into.

Draft-07 is what AsyncAPI's schema object extends and what fast validators know. A field without a default is
required; fields that a schema does not name are allowed, as the reader allows them.
"""

from typing import Any

from msgspec import inspect

from schemas import Alert, Article, Event, Incident, Reading, Rules, Tick, Verdict

Schema = dict[str, Any]

MESSAGES: dict[str, type] = {
    "article": Article,
    "reading": Reading,
    "event": Event,
    "tick": Tick,
    "rules": Rules,
    "verdict": Verdict,
    "incident": Incident,
    "alert": Alert,
}
"""The messages by the names that topics.toml gives them; an Event travels in Readings and files."""


def build() -> dict[str, Schema]:
    """The schema of each message by its name."""
    found = {name: _whole(name, kind) for name, kind in MESSAGES.items()}
    _as_publishers_may_write(found["article"])
    return found


def _whole(name: str, kind: type) -> Schema:
    definitions: dict[str, Schema] = {}
    top = _dataclass(inspect.type_info(kind), definitions)
    head = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": f"urn:tocsin:{name}:1",
        **definitions.pop(top["$ref"].rpartition("/")[2]),
    }
    return {**head, "definitions": dict(sorted(definitions.items()))} if definitions else head


def _as_publishers_may_write(article: Schema) -> None:
    """Tocsin derives what a publisher leaves out or sets to null, but for the text."""
    for name, field in article["properties"].items():
        if "null" not in field["type"]:
            article["properties"][name] = {**field, "type": [field["type"], "null"]}
    article["properties"]["schema_version"].pop("default")
    article.pop("required")
    text = {"type": "string", "pattern": r"\S"}
    article["anyOf"] = [
        {"required": ["title"], "properties": {"title": text}},
        {"required": ["body"], "properties": {"body": text}},
        {
            "required": ["retracted"],
            "properties": {"retracted": {"const": True}},
            "anyOf": [
                {"required": [which], "properties": {which: {"type": "string", "minLength": 1}}}
                for which in ("id", "url")
            ],
        },
    ]


def _dataclass(found: inspect.Type, definitions: dict[str, Schema]) -> Schema:
    assert isinstance(found, inspect.DataclassType)
    name = found.cls.__name__
    if name not in definitions:
        definitions[name] = {}  # taken, should it refer to itself
        properties = {field.encode_name: _field(field, definitions) for field in found.fields}
        definitions[name] = {
            "title": name,
            "description": " ".join((found.cls.__doc__ or "").split()),
            "type": "object",
            "properties": properties,
            "required": [field.encode_name for field in found.fields if field.required],
        }
    return {"$ref": f"#/definitions/{name}"}


def _field(field: inspect.Field, definitions: dict[str, Schema]) -> Schema:
    schema = _schema(field.type, definitions)
    if isinstance(field.default, str | int | float | bool) and "$ref" not in schema:
        schema["default"] = field.default
    return schema


_PLAIN: dict[type[inspect.Type], Schema] = {
    inspect.StrType: {"type": "string"},
    inspect.IntType: {"type": "integer"},
    inspect.FloatType: {"type": "number"},
    inspect.BoolType: {"type": "boolean"},
    inspect.NoneType: {"type": "null"},
    inspect.DateTimeType: {"type": "string", "format": "date-time"},
    inspect.DateType: {"type": "string", "format": "date"},
}


def _schema(found: inspect.Type, definitions: dict[str, Schema]) -> Schema:
    if type(found) in _PLAIN:
        return dict(_PLAIN[type(found)])
    if isinstance(found, inspect.LiteralType):
        return {"type": "string", "enum": sorted(found.values)}
    if isinstance(found, inspect.VarTupleType):
        return {"type": "array", "items": _schema(found.item_type, definitions)}
    if isinstance(found, inspect.DictType):
        return _mapping(found, definitions)
    if isinstance(found, inspect.UnionType):
        return _union([_schema(one, definitions) for one in found.types])
    return _dataclass(found, definitions)


def _mapping(found: inspect.DictType, definitions: dict[str, Schema]) -> Schema:
    schema: Schema = {"type": "object", "additionalProperties": _schema(found.value_type, definitions)}
    if isinstance(found.key_type, inspect.LiteralType):
        schema["propertyNames"] = {"enum": sorted(found.key_type.values)}
    return schema


def _union(found: list[Schema]) -> Schema:
    """`X or null` as a type of two, unless X is another object: a reference stands alone in draft-07."""
    other = [schema for schema in found if schema != {"type": "null"}]
    if len(other) == 1 and "type" in other[0]:
        schema = other[0]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": found}
