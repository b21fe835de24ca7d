"""What one article says: a Reading with its Events."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from schemas.counts import Count, Measure

EventType = Literal["casualties", "deployment"]
Realis = Literal["actual", "ordered", "planned", "hypothetical", "denied", "historical"]
Scope = Literal["incident", "cumulative"]
Cause = Literal[
    "shooting",
    "bombing",
    "explosion",
    "air_strike",
    "shelling",
    "stabbing",
    "vehicle",
    "clash",
    "fire",
    "flood",
    "earthquake",
    "storm",
    "landslide",
    "collapse",
    "drowning",
    "crash",
    "chemical",
    "disease",
    "other",
]
ForceKind = Literal[
    "troops",
    "police",
    "guards",
    "peacekeepers",
    "militia",
    "medics",
    "firefighters",
    "ships",
    "aircraft",
    "vehicles",
    "monitors",
    "other",
]
Unit = Literal[
    "person",
    "squad",
    "platoon",
    "company",
    "battalion",
    "regiment",
    "brigade",
    "division",
    "squadron",
    "ship",
    "aircraft",
    "vehicle",
    "other",
]
Direction = Literal["deploy", "withdraw", "stock"]
PlacePrecision = Literal["city", "admin2", "admin1", "country", "region"]
DatePrecision = Literal["day", "days", "week", "month", "season", "year"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where: a name from the text, resolved as far as the text allows.

    `country` is ISO 3166-1 alpha-2, `admin1` the first-order division's name as GeoNames has it, latitude
    and longitude are WGS 84 degrees. `precision` says what `geonames_id` stands for; a `region` has no
    borders of its own ("the Sahel").
    """

    name: str
    country: str | None = None
    admin1: str | None = None
    geonames_id: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    precision: PlacePrecision = "city"


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSpan:
    """When: the days between which it happened, both included, and the words that say so."""

    earliest: date | None = None
    latest: date | None = None
    precision: DatePrecision = "day"
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who: a name or description and the part it plays ("gunman", "army", "mayor", "victims")."""

    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A figure and who gives it; `leading` marks the one that the Event repeats as its own.

    `measure` is a Measure, or `units` or `personnel` for deployments. `claimant` is null where the article
    itself vouches for the figure.
    """

    measure: str
    count: Count
    claimant: str | None = None
    leading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Force:
    """What is sent: `count` in units of `unit`, `personnel` in people (`estimated` from unit sizes)."""

    what: ForceKind
    unit: Unit = "person"
    count: Count = field(default_factory=Count)
    personnel: Count = field(default_factory=Count)
    estimated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Victim:
    """A person named or described among those hurt; what tells one shooting from the next."""

    name: str | None = None
    age: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What tells look-alikes apart. `hours` are local hours 0 to 23 that the text gives for the happening,
    `names` other proper names in its telling: quarters, ships, groups, people who play a part.
    """

    victims: tuple[Victim, ...] = ()
    streets: tuple[str, ...] = ()
    buildings: tuple[str, ...] = ()
    hours: tuple[int, ...] = ()
    units: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The words behind a value: `text == article.text[start:end]`, in Unicode code points.

    `field` is the path of the value in the Event: `tolls.killed`, `force.count`, `place`, `date`, `cause`,
    `actors.0`, `claims.1`, `terms.streets.0`, `realis`.
    """

    field: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One happening as one article tells it. See the README for the meaning of each value."""

    event_id: str
    article_id: str
    rank: int
    type: EventType
    realis: Realis = "actual"
    scope: Scope = "incident"
    period: DateSpan | None = None
    cause: Cause | None = None
    tolls: dict[Measure, Count] = field(default_factory=dict)
    attackers: dict[Measure, Count] = field(default_factory=dict)
    force: Force | None = None
    direction: Direction | None = None
    origin: Place | None = None
    actors: tuple[Party, ...] = ()
    targets: tuple[Party, ...] = ()
    claims: tuple[Claim, ...] = ()
    place: Place | None = None
    date: DateSpan | None = None
    terms: Terms = field(default_factory=Terms)
    evidence: tuple[Evidence, ...] = ()
    confidence: float = 0.5
    schema_version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The record of `articles.v1` that a Reading was made from: by it a repetition is recognised."""

    partition: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one article says; it replaces the earlier Reading of the same article.

    `received_at` is the article record's timestamp (null in a replay of articles), `late` says that the
    article was older than the operator's limit by then, `fingerprint` is the near-copy signature (null
    without events), `origin` is null in a replay of articles.
    """

    article_id: str
    content_hash: str
    url: str | None = None
    source: str | None = None
    title: str | None = None
    language: str = "en"
    published_at: datetime | None = None
    received_at: datetime | None = None
    late: bool = False
    retracted: bool = False
    fingerprint: str | None = None
    events: tuple[Event, ...] = ()
    origin: Origin | None = None
    kind: Literal["reading"] = "reading"
    schema_version: int = 1
