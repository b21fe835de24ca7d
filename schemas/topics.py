"""The topics as `topics.toml` declares them, under their full names and with their sizes."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

RECORD_LIMIT = 8 << 20
"""The largest value, in bytes, that articles.v1 carries."""

_FILE = "topics.toml"
_SAFE_REPLICATION = 3

Config = Mapping[str, str]
"""Kafka's topic settings, as Kafka writes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic. `name` is its full name, `declared` the one in `topics.toml`.

    `must` is checked by every worker; `advice` is how it is created, and the operator's to change.
    """

    name: str
    declared: str
    title: str
    about: str
    messages: tuple[str, ...]
    key: str
    partitions: int
    replication: int
    must: Config
    advice: Config
    internal: bool

    @property
    def config(self) -> dict[str, str]:
        """All settings to create it with."""
        return {**self.must, **self.advice}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Declared:
    title: str
    about: str
    messages: tuple[str, ...]
    key: str
    partitions: Literal["many"] | int
    must: dict[str, str | int | float]
    advice: dict[str, str | int | float] = field(default_factory=dict)
    internal: bool = False


def topics(*, prefix: str = "", partitions: int = 4, replication: int = 1) -> list[Topic]:
    """All topics, each with `prefix` before its name.

    `partitions` is for those that may have many. With a `replication` of 3 or more a record counts as
    written when two replicas have it.
    """
    safe = {"min.insync.replicas": "2"} if replication >= _SAFE_REPLICATION else {}
    return [
        Topic(
            name=prefix + name,
            declared=name,
            title=found.title,
            about=found.about,
            messages=found.messages,
            key=found.key,
            partitions=partitions if found.partitions == "many" else found.partitions,
            replication=replication,
            must=_words(found.must),
            advice={**_words(found.advice), **safe},
            internal=found.internal,
        )
        for name, found in _declared().items()
    ]


@cache
def _declared() -> dict[str, _Declared]:
    return parse(files("schemas").joinpath(_FILE).read_text("utf-8"), _FILE)


def parse(text: str, name: str) -> dict[str, _Declared]:
    """The declarations in `text`. Raises ValueError that names the file `name` and the entry."""
    try:
        entries = tomllib.loads(text).get("topic", {})
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name}: {error}") from error
    found = {}
    for topic, entry in entries.items():
        unknown = set(entry) - set(_Declared.__dataclass_fields__)
        if unknown:
            raise ValueError(f"{name}: topic {topic}: {', '.join(sorted(unknown))} is not known here")
        try:
            found[topic] = msgspec.convert(entry, _Declared)
        except msgspec.ValidationError as error:
            raise ValueError(f"{name}: topic {topic}: {error}") from error
    return found


def _words(config: Mapping[str, str | int | float]) -> dict[str, str]:
    return {key: str(value) for key, value in config.items()}
