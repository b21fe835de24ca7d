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
from streams.incidents.storing import TrackedRecord, is_tracked, restored, store_tracked
from streams.incidents.tracker import Tracker

__all__ = [
    "IncidentChange",
    "Link",
    "Part",
    "TrackedRecord",
    "Tracker",
    "TrackingError",
    "TrackingSettings",
    "Why",
    "is_tracked",
    "restored",
    "store_tracked",
]
