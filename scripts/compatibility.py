"""Whether readers that know an old schema get on with messages that follow a new one, and the other way."""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]


def breaking(old: Schema, new: Schema) -> list[str]:
    """What in `new` breaks those who hold to `old`; each a sentence that names the field.

    A field may be added when it is not required. A field may not go, become required, change its type or
    its form, or lose a word of its list. Whoever needs that makes a new major version: a new topic.
    """
    return list(_compare(old, new, old, new, "$", frozenset()))


def _compare(
    old: Schema, new: Schema, old_root: Schema, new_root: Schema, path: str, seen: frozenset[str]
) -> Iterator[str]:
    reference = old.get("$ref", "")
    if reference in seen:
        return
    seen = seen | {reference} if reference else seen
    old, new = _resolve(old, old_root), _resolve(new, new_root)
    for word in ("type", "format", "anyOf", "pattern"):
        if _plain(old.get(word)) != _plain(new.get(word)):
            yield f"{path}: {word} was {old.get(word)}, it is {new.get(word)}"
    for value in old.get("enum", ()):
        if value not in new.get("enum", ()):
            yield f"{path}: {value!r} is no longer possible"
    for name in new.get("required", ()):
        if name not in old.get("required", ()):
            yield f"{path}.{name} has become required"
    for name, field in old.get("properties", {}).items():
        if name in new.get("properties", {}):
            yield from _compare(field, new["properties"][name], old_root, new_root, f"{path}.{name}", seen)
        else:
            yield f"{path}.{name} is gone"
    for word in ("items", "additionalProperties"):
        if isinstance(old.get(word), dict) and isinstance(new.get(word), dict):
            yield from _compare(old[word], new[word], old_root, new_root, f"{path}[]", seen)
    for one, other in zip(old.get("anyOf", ()), new.get("anyOf", ()), strict=False):
        yield from _compare(one, other, old_root, new_root, path, seen)


def _resolve(schema: Schema, root: Schema) -> Schema:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Schema = root["definitions"][reference.rpartition("/")[2]]
    return found


def _plain(value: object) -> object:
    """What is compared here of a list of alternatives: which ones there are, not what they hold."""
    if isinstance(value, list):
        return [one.get("$ref", one.get("type")) if isinstance(one, dict) else one for one in value]
    return value
