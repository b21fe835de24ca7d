"""What a tracking worker leaves behind on its topics, made without one: incidents and state."""

from collections.abc import Iterable
from typing import Any

from schemas import encode
from streams.agents.state import StateTopic, Step
from streams.alerting import RuleSet, default_rules
from streams.pipeline import Output, Pipeline, store
from tests.brokers.installations import Installation
from tests.incidents.build import reading

MILL = {"in": "Torrin", "on": 0, "killed": 14, "streets": ["Mill Street"], "words": "14 people were killed"}
QUAY = {"in": "Torrin", "on": 0, "killed": 1, "injured": 8, "streets": ["Quay Road"], "hours": [20]}
TROOPS = {"force": "troops", "in": "Osk", "count": 900, "realis": "ordered"}

LINES: list[dict[str, Any]] = [
    {"a": "mill-1", "at": 0.0, "says": [MILL], "title": "Blast on Mill Street\x1b[31m kills 14"},
    {"a": "mill-2", "at": 0.1, "says": [{**MILL, "killed": 15}], "title": "Toll in Torrin rises to 15"},
    {"a": "quay-1", "at": 0.2, "says": [QUAY], "title": "One dead on Quay Road"},
    {"a": "osk-1", "at": 0.3, "says": [TROOPS], "title": "Nine hundred troops ordered to Osk"},
]


def track(
    installation: Installation, lines: Iterable[dict[str, Any]] = LINES, rules: RuleSet | None = None
) -> Pipeline:
    """Track the readings of `lines`; their incidents and the state go to the topics."""
    pipeline = Pipeline(rules or default_rules())
    sends: list[Output] = []
    for line in lines:
        sends += pipeline.apply(reading(line))
    changes = pipeline.ledger.take_changes()
    puts = {key: None if record is None else store(record) for key, record in changes.items()}
    state = StateTopic("tracker.state.v1", {})
    step = Step(len(sends), puts, [])
    installation.send(
        *(
            ("incidents.v1", sent.key.encode(), encode(sent.message), ())
            for sent in sends
            if sent.topic == "incidents"
        ),
        *(
            (message.topic, message.key, message.value, message.headers)
            for message in (state.decision(step), *state.records(step))
        ),
    )
    return pipeline
