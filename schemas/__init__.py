"""What travels: the messages of Tocsin's topics, their codec, JSON Schemas and examples.

>>> from schemas import Count
>>> Count(low=20, best=20).value
20
"""

from schemas.alerts import Alert, Window
from schemas.articles import Article
from schemas.codec import Record, decode, decode_record, encode
from schemas.controls import Rules, Tick, Verdict
from schemas.counts import MEASURES, Count, Measure
from schemas.errors import BadMessage, TocsinError
from schemas.events import (
    Claim,
    DateSpan,
    Event,
    Evidence,
    Force,
    Origin,
    Party,
    Place,
    Reading,
    Terms,
    Victim,
)
from schemas.incidents import Decision, Incident, IncidentEvidence, Report, Revision

__all__ = [
    "MEASURES",
    "Alert",
    "Article",
    "BadMessage",
    "Claim",
    "Count",
    "DateSpan",
    "Decision",
    "Event",
    "Evidence",
    "Force",
    "Incident",
    "IncidentEvidence",
    "Measure",
    "Origin",
    "Party",
    "Place",
    "Reading",
    "Record",
    "Report",
    "Revision",
    "Rules",
    "Terms",
    "Tick",
    "TocsinError",
    "Verdict",
    "Victim",
    "Window",
    "decode",
    "decode_record",
    "encode",
]
