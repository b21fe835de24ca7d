"""The control records that travel in `events.v1` beside the Readings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Time goes on although nothing comes: stream time is now at least `stream_time`."""

    stream_time: datetime
    kind: Literal["tick"] = "tick"
    schema_version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A rule set takes effect here. `rules` is the TOML text itself, `rules_digest` its SHA-256."""

    rules: str
    rules_digest: str
    by: str
    at: datetime
    kind: Literal["rules"] = "rules"
    schema_version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """An operator's decision about an incident; nothing automatic overrules it.

    `others` are the incidents to merge into `incident_id`; `article_ids` the articles to split out of it.
    """

    action: Literal["confirm", "void", "merge", "split"]
    incident_id: str
    by: str
    at: datetime
    why: str
    others: tuple[str, ...] = ()
    article_ids: tuple[str, ...] = ()
    kind: Literal["verdict"] = "verdict"
    schema_version: int = 1
