"""Events to incidents: which reports tell of the same happening, and its toll. Pure: time is an argument.

>>> from streams.ledger import Ledger
>>> tracker = Tracker(Ledger())
>>> tracker.incident("unknown") is None
True
"""

from streams.incidents.changes import IncidentChange, Why
from streams.incidents.matcher import Link
from streams.incidents.scoring import Part
from streams.incidents.settings import TrackingError, TrackingSettings
from streams.incidents.state import decoders
from streams.incidents.tracker import Tracker

__all__ = [
    "IncidentChange",
    "Link",
    "Part",
    "Tracker",
    "TrackingError",
    "TrackingSettings",
    "Why",
    "decoders",
]
