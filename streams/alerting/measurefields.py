"""Reads a rule's `measure`: what is compared with its levels."""

from typing import get_args

from schemas.counts import MEASURES
from schemas.events import EventType, Unit
from streams.alerting.reader import Section, listing
from streams.alerting.rules import Measured

_UNITS: tuple[Unit, ...] = get_args(Unit)


def _plain() -> dict[EventType, dict[str, Measured]]:
    tolls: dict[str, Measured] = {
        name: Measured(text=name, kind="toll", toll=name) for name in MEASURES if name != "casualties"
    }
    units = {f"units:{unit}": Measured(text=f"units:{unit}", kind="units", unit=unit) for unit in _UNITS}
    return {
        "casualties": {
            **tolls,
            "killed+injured": Measured(text="killed+injured", kind="casualties"),
            "casualties": Measured(text="casualties", kind="casualties"),
        },
        "deployment": {"personnel": Measured(text="personnel", kind="personnel"), **units},
    }


def _known() -> dict[EventType, dict[str, Measured]]:
    known: dict[EventType, dict[str, Measured]] = {}
    for on, plain in _plain().items():
        rises = {
            f"rise:{name}": Measured(
                text=f"rise:{name}", kind=item.kind, toll=item.toll, unit=item.unit, rise=True
            )
            for name, item in plain.items()
        }
        known[on] = {**plain, "incidents": Measured(text="incidents", kind="incidents"), **rises}
    return known


_KNOWN = _known()


def measures(on: EventType) -> tuple[str, ...]:
    """Every measure that rules on `on` may use."""
    return tuple(_KNOWN[on])


def read_measure(section: Section, on: EventType | None) -> Measured | None:
    """The rule's measure; `on` is None where that was wrong already."""
    if not section.has("measure"):
        section.take("measure", str, "")
        section.wrong("measure", f"is missing; it must be {_options(on)}")
        return None
    value: str | None = section.take("measure", str, _options(on))
    if value is None:
        return None
    for kind in _KNOWN if on is None else (on,):
        if value in _KNOWN[kind]:
            return _KNOWN[kind][value]
    other = next((kind for kind in _KNOWN if value in _KNOWN[kind]), None)
    hint = f'{value!r} belongs to on = "{other}"' if other else f"{value!r} is not known"
    section.wrong("measure", f"{hint}; it must be {_options(on)}")
    return None


_TOLLS = f"{listing(measures('casualties')[:6])}, killed+injured, incidents, or rise: and a toll"
_FORCES = f"personnel, incidents, units: and one of {listing(_UNITS)}, or rise: and one of these"


def _options(on: EventType | None) -> str:
    if on is None:
        return f"for casualties {_TOLLS}; for deployment {_FORCES}"
    return _FORCES if on == "deployment" else _TOLLS
