"""How fast the tracker is and how much it keeps: synthetic reports of synthetic happenings, one process.

    python benchmarks/incidents.py                       100,000 events on 20,000 incidents
    python benchmarks/incidents.py --events 20000 --incidents 4000

Every happening has a town, a day, a quarter, a street, victims, a toll and those who speak of it; its reports
come over three days, with some values missing, rising tolls and copies, each with about as many names, claims
and pieces of evidence as those of read articles have. One happening in a thousand is told by hundreds of
reports. The numbers are drawn from a fixed seed, so that two runs do the same work. Rates count processor
time only; the collector of cycles is set as it is for a worker.
"""

import argparse
import gc
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from schemas import Claim, Count, DateSpan, Event, Evidence, Party, Place, Reading, Terms, Victim
from schemas.fingerprints import encode as sketch
from streams.collector import look_rarely
from streams.incidents import Tracker, store_tracked
from streams.incidents.settings import words
from streams.ledger import Ledger
from streams.packing import pack

START = datetime(2030, 1, 1, tzinfo=UTC)
TOWNS = 10_000
OPEN_DAYS = 8.0
"""About how long an incident stays open: three days of reports at most, then the quiet period."""

CAUSES = ("shooting",) * 8 + ("bombing", "stabbing", "fire", "crash") * 2 + ("flood",)
SYLLABLES = ("ka", "ro", "mi", "tel", "an", "dor", "vi", "sha", "lu", "ben", "or", "zet", "pa", "qui", "ne")


def word(rng: random.Random, length: int = 4) -> str:
    return "".join(rng.choice(SYLLABLES) for _ in range(length)).title()


def towns(rng: random.Random) -> list[Place]:
    return [
        Place(
            name=word(rng),
            country=f"X{number % 20:02d}",
            admin1=f"{word(rng, 2)} {number % 200}",
            geonames_id=number + 1,
            latitude=round(rng.uniform(-60, 60), 4),
            longitude=round(rng.uniform(-180, 180), 4),
        )
        for number in range(TOWNS)
    ]


class Happening:
    """One thing that happened, and the reports that tell of it."""

    def __init__(self, rng: random.Random, number: int, place: Place, day: float, reports: int) -> None:
        self.rng, self.number, self.place, self.day, self.reports = rng, number, place, day, reports
        self.killed, self.injured = rng.choice((0, 1, 1, 2, 3, 5, 12)), rng.choice((0, 1, 2, 4, 7, 30))
        self.street, self.cause = f"{word(rng)} Street", rng.choice(CAUSES)
        given = words().given_names
        self.victims = [f"{rng.choice(given).title()} {word(rng)}" for _ in range(min(3, self.killed))]
        self.names = [word(rng), f"{word(rng, 3)} {word(rng, 3)}", word(rng, 5)]
        self.topic = [word(rng).lower() for _ in range(4)]
        self.text = rng.randrange(1 << 20)

    def readings(self) -> Iterator[tuple[float, Reading]]:
        """What is reported of it, each with its day."""
        rng, where = self.rng, f"{self.names[0]}, {self.place.name}"
        for number in range(self.reports):
            day = self.day + rng.random() ** 2 * 3
            killed = self.killed + (number > self.reports // 2)
            when = (START + timedelta(days=self.day)).date()
            article = f"{self.number}-{number}"
            copied = number and rng.random() < 0.2
            first = self.text if copied else rng.randrange(1 << 28)
            street = self.street if rng.random() < 0.5 else None
            figure = Count(low=killed, best=killed, high=killed, text=str(killed), rule="exact")
            event = Event(
                event_id=f"{self.number:016x}{number:016x}",
                article_id=article,
                rank=0,
                type="casualties",
                cause=self.cause,
                tolls={
                    "killed": figure,
                    "injured": Count(low=self.injured, best=self.injured, high=self.injured, rule="exact"),
                },
                targets=(Party(name=f"{killed} people", role="people"),),
                claims=(Claim(measure="killed", count=figure, claimant="police", leading=True),),
                place=self.place,
                date=DateSpan(earliest=when, latest=when, text="Tuesday") if rng.random() < 0.8 else None,
                terms=Terms(
                    victims=tuple(Victim(name=name) for name in self.victims) if rng.random() < 0.5 else (),
                    streets=(street,) if street else (),
                    hours=(self.number % 24,) if rng.random() < 0.3 else (),
                    names=(*rng.sample(self.names, 2), self.place.name),
                ),
                evidence=self.evidence(killed, street),
                confidence=0.8,
            )
            yield (
                day,
                Reading(
                    article_id=article,
                    content_hash=article,
                    source=f"paper {rng.randrange(300)}",
                    url=f"https://news.example/{article}",
                    title=f"{self.cause} in {where}: {' '.join(rng.sample(self.topic, 2))}",
                    published_at=START + timedelta(seconds=round(day * 86_400)),
                    fingerprint=sketch((first + 7919 * n) % (1 << 32) for n in range(60)),
                    events=(event,),
                ),
            )

    def evidence(self, killed: int, street: str | None) -> tuple[Evidence, ...]:
        """The words behind what a report says."""
        said = {
            "tolls.killed": f"{killed} people died in {self.topic[0]}",
            "tolls.injured": f"{self.injured} were hurt",
            "cause": self.cause,
            "targets.0": f"{killed} people",
            "claims.0": "police",
            "place": self.place.name,
            "date": "Tuesday",
            **({"terms.streets.0": street} if street else {}),
            **{f"terms.names.{position}": name for position, name in enumerate(self.names[:2])},
        }
        return tuple(
            Evidence(field=field, start=10 * position, end=10 * position + len(text), text=text)
            for position, (field, text) in enumerate(said.items())
        )


def stream(events: int, incidents: int) -> list[Reading]:
    """The readings of all happenings in the order of their time."""
    rng = random.Random(5)
    places = towns(rng)
    days = OPEN_DAYS * incidents / 5_000
    large = max(1, incidents // 1000)
    share = max(1, round(0.05 * events / large))
    rest = max(1, round(0.95 * events / (incidents - large)))
    found: list[tuple[float, Reading]] = []
    for number in range(incidents):
        reports = share if number % 1000 == 0 else rng.randint(1, 2 * rest - 1)
        found += Happening(rng, number, rng.choice(places), rng.random() * days, reports).readings()
    found.sort(key=lambda item: (item[0], item[1].article_id))
    return [reading for _, reading in found][:events]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--incidents", type=int, default=20_000)
    options = parser.parse_args()
    readings = stream(options.events, options.incidents)
    look_rarely()
    gc.freeze()  # what was made beforehand is no part of what is measured
    ledger = Ledger()
    tracker = Tracker(ledger)
    rates: list[float] = []
    most_open = is_open = changes = 0
    tenth = max(1, len(readings) // 10)
    for first in range(0, len(readings), tenth):
        part = readings[first : first + tenth]
        started = time.process_time()
        for reading in part:
            now = reading.published_at
            assert now is not None
            for change in (*tracker.advance(now), *tracker.apply(reading, now)):
                changes += 1
                was = change.before is not None and change.before.status == "open"
                is_open += (change.after is not None and change.after.status == "open") - was
            most_open = max(most_open, is_open)
            ledger.commit()
            ledger.take_changes()
        rates.append(len(part) / (time.process_time() - started))
        print(f"{len(ledger):>9,} records  {is_open:>6,} open  {rates[-1]:>8,.0f} events/s")
    report(ledger, rates, most_open, changes)


def report(ledger: Ledger, rates: list[float], most_open: int, changes: int) -> None:
    sizes: dict[str, list[int]] = {"incident/": [], "article/": []}
    for prefix, found in sizes.items():
        found += [len(pack(store_tracked(ledger.get(key)))) for key in ledger.keys(prefix)]
    incidents, articles = sizes["incident/"], sizes["article/"]
    print(f"rate           {10 / sum(1 / rate for rate in rates):,.0f} events/s, last tenth {rates[-1]:,.0f}")
    print(f"last / first   {rates[-1] / rates[0]:.2f}")
    print(f"incidents      {len(incidents):,}, at most {most_open:,} open, {changes:,} changes")
    print(f"state          {sum(incidents) / len(incidents):,.0f} bytes an incident record")
    print(f"               {sum(articles) / len(articles):,.0f} bytes an article record")
    both = (sum(incidents) + sum(articles)) / len(incidents)
    print(f"               {both:,.0f} bytes an incident with its articles")
    print(f"largest record {max(*incidents, *articles):,} bytes")


if __name__ == "__main__":
    main()
