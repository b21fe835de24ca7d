"""The AsyncAPI 3 document: every topic that others may use, what travels in it, and how Kafka keeps it."""

import json
from pathlib import Path
from typing import Any

from schemas.topics import Topic, topics
from streams import __doc__ as about

Document = dict[str, Any]

EXAMPLES_SHOWN = 1
WAY_IN = "articles.v1"

_TEXT: Document = {"type": "string"}
_NUMBER: Document = {"type": "string", "pattern": "^[0-9]+$"}

CLOUD_EVENTS: Document = {
    "type": "object",
    "description": "CloudEvents 1.0 in binary mode for Kafka.",
    "properties": {
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {**_TEXT, "description": "The same whenever the same message is sent again."},
        "ce_type": {"type": "string", "pattern": r"^org\.tocsin\.[a-z]+\.v[0-9]+$"},
        "ce_source": _TEXT,
        "ce_time": {"type": "string", "format": "date-time", "description": "Event time, where it is known."},
        "content-type": {"type": "string", "const": "application/json"},
    },
    "required": ["ce_specversion", "ce_id", "ce_type", "ce_source", "content-type"],
}

REASONS: Document = {
    "type": "object",
    "description": "After the record's own headers: why it could not be used, and where it was.",
    "properties": {
        "__streams.errors.exception": _TEXT,
        "__streams.errors.message": {**_TEXT, "description": "A sentence for whoever mends the feed."},
        "__streams.errors.stacktrace": _TEXT,
        "__streams.errors.topic": _TEXT,
        "__streams.errors.partition": _NUMBER,
        "__streams.errors.offset": _NUMBER,
        "dlq.stage": {"type": "string", "enum": ["decode", "validate", "extract", "track"]},
        "dlq.kind": {**_TEXT, "description": "The error in one stable word."},
        "dlq.attempt": {**_NUMBER, "description": "How often the record was refused."},
        "dlq.retried": {
            **_NUMBER,
            "description": "Alone on a record without content: the letter at this offset was put back.",
        },
    },
}


def build(schemas: dict[str, Document], examples: Path) -> Document:
    """The document. `schemas` are the messages' own, `examples` the folder of their examples."""
    public = [topic for topic in topics() if not topic.internal]
    used = sorted({name for topic in public for name in topic.messages})
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Tocsin",
            "version": "1.0.0",
            "description": f"{about} The highest version of a key is right; what is sent twice is the same.",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {_id(topic): _channel(topic) for topic in public},
        "operations": {_id(topic): _operation(topic) for topic in public},
        "components": {
            "messages": {name: _message(name, schemas.get(name), examples / name) for name in used},
            "schemas": {"cloudEvents": CLOUD_EVENTS, "reasons": REASONS},
        },
    }


def _id(topic: Topic) -> str:
    return topic.declared.replace(".", "_")


def _channel(topic: Topic) -> Document:
    config = {key: _number(value) for key, value in topic.config.items()}
    config["cleanup.policy"] = topic.must["cleanup.policy"].split(",")
    return {
        "address": topic.declared,
        "title": topic.title,
        "description": f"{topic.about} Key: {topic.key}.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in topic.messages},
        "bindings": {
            "kafka": {
                "partitions": topic.partitions,
                "replicas": topic.replication,
                "topicConfiguration": config,
                "bindingVersion": "0.5.0",
            }
        },
    }


def _operation(topic: Topic) -> Document:
    coming_in = topic.declared == WAY_IN
    return {
        "action": "receive" if coming_in else "send",
        "title": f"{'Read' if coming_in else 'Write'} {topic.title[0].lower()}{topic.title[1:]}",
        "channel": {"$ref": f"#/channels/{_id(topic)}"},
    }


def _message(name: str, schema: Document | None, examples: Path) -> Document:
    if schema is None:
        return {
            "name": name,
            "title": "Dead letter",
            "summary": "A record as it came: any bytes.",
            "contentType": "application/octet-stream",
            "headers": {"$ref": "#/components/schemas/reasons"},
        }
    shown = sorted(examples.glob("v1/*.json"))[:EXAMPLES_SHOWN]
    return {
        "name": name,
        "title": schema["title"],
        "summary": schema["description"],
        "headers": {"$ref": "#/components/schemas/cloudEvents"},
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-07",
            "schema": {"$ref": f"./json/{name}.schema.json"},
        },
        "examples": [{"name": file.stem, "payload": json.loads(file.read_bytes())} for file in shown],
    }


def _number(value: str) -> Any:
    return int(value) if value.lstrip("-").isdigit() else value
