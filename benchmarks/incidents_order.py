"""How much the order of arrival matters: the same readings, each up to a day late, in other orders.

    python benchmarks/incidents_order.py READINGS.jsonl --shuffles 10

READINGS hold what `tocsin replay` writes as `readings.jsonl`. Every reading arrives at its `published_at`
plus a random delay of up to 24 hours; what the incidents hold in the end is compared with the order as it
was: articles whose set of companions differs, incidents that are not the same set, tolls that differ.
"""

import argparse
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from schemas import Incident, Reading, decode
from streams.incidents import Tracker
from streams.ledger import Ledger

Members = frozenset[str]
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def track(readings: list[Reading]) -> dict[Members, tuple[int, int]]:
    """The final incidents of casualties: their articles, and how many were killed and injured."""
    ledger = Ledger()
    tracker = Tracker(ledger)
    final: dict[str, Incident] = {}
    now: datetime | None = None
    for reading in readings:
        time = reading.published_at
        if time is not None and (now is None or time > now):
            now = time
        changes = tracker.advance(now) if now is not None else ()
        for change in (*changes, *tracker.apply(reading, now)):
            if change.after is not None:
                final[change.incident_id] = change.after
        ledger.commit()
    found: dict[Members, tuple[int, int]] = {}
    for incident in final.values():
        if incident.type == "casualties" and incident.reports:
            killed, injured = incident.tolls.get("killed"), incident.tolls.get("injured")
            members = frozenset(report.article_id for report in incident.reports)
            found[members] = ((killed and killed.value) or 0, (injured and injured.value) or 0)
    return found


def companions(incidents: dict[Members, tuple[int, int]]) -> dict[str, frozenset[Members]]:
    """For each article the incidents it is in."""
    found: dict[str, set[Members]] = {}
    for members in incidents:
        for article in members:
            found.setdefault(article, set()).add(members)
    return {article: frozenset(sets) for article, sets in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("readings", type=Path)
    parser.add_argument("--shuffles", type=int, default=10)
    options = parser.parse_args()
    readings = [decode(Reading, line) for line in options.readings.read_bytes().splitlines()]
    straight = track(readings)
    before = companions(straight)
    print(f"{len(readings)} readings, {len(straight)} incidents")
    for number in range(options.shuffles):
        rng = random.Random(number)
        late = [
            ((item.published_at or EARLIEST) + timedelta(hours=24 * rng.random()), item) for item in readings
        ]
        shuffled = track([item for _, item in sorted(late, key=lambda pair: pair[0])])
        after = companions(shuffled)
        moved = sum(before.get(article) != after.get(article) for article in before.keys() | after.keys())
        same = straight.keys() & shuffled.keys()
        tolls = sum(straight[members] != shuffled[members] for members in same)
        print(
            f"shuffle {number}: {len(straight.keys() - same)} incidents with other articles,"
            f" {moved} articles with other companions, {tolls} of {len(same)} tolls differ"
        )


if __name__ == "__main__":
    main()
