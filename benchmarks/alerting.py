"""How many incident changes a second the rules take: 200 rules with filters, 20,000 incidents, 4 windows.

    python benchmarks/alerting.py [--incidents 20000] [--changes 20000]

Half of the changes revise a known incident's toll, half bring a new one; time moves on, so that incidents
leave the windows. The changes are made beforehand; what is timed (processor time of this one process) is
`Evaluator.apply` and `advance` with the ledger's commit.

Then the same changes come over 2,000 incidents that are in the longest window, with none, and with ever more
incidents that have left all windows before: a window's cost must not grow with what left it.
"""

import argparse
import random
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from schemas import Count, DateSpan, Incident, Place, Report
from streams.alerting import Change, Evaluator, parse_rules
from streams.alerting.regions import countries
from streams.collector import look_rarely
from streams.ledger import Ledger

START = datetime(2026, 1, 1, tzinfo=UTC)
CAUSES = ("bombing", "shooting", "fire", "flood", "clash", "crash")
CODES = sorted(countries())[:120]


def rules(number: int) -> str:
    """`number` rules: four windows, the others per incident with filters of every kind."""
    parts = [
        f'[[rule]]\nname = "{per}"\non = "casualties"\nmeasure = "killed"\nper = "{per}"\n'
        f'window = "{window}"\n'
        f"levels = {{ notice = {first}, warning = {first * 4} }}\n"
        'damp = { every = "6h", change = "50%" }\n'
        for per, window, first in (
            ("admin1", "1d", 50),
            ("country", "7d", 100),
            ("subregion", "7d", 200),
            ("world", "30d", 1000),
        )
    ]
    chance = random.Random(7)
    for index in range(number - len(parts)):
        country = ", ".join(f'"{code}"' for code in chance.sample(CODES, 8))
        filters = [
            f"country = [{country}]",
            f'cause = ["{chance.choice(CAUSES)}"]',
            f'country = [{country}], cause = ["{chance.choice(CAUSES)}", "clash"]',
            "circle = {{ lat = {}, lon = {}, km = 900 }}".format(*(chance.randrange(-60, 60) for _ in "yx")),
        ][index % 4]
        parts.append(
            f'[[rule]]\nname = "rule-{index}"\non = "casualties"\n'
            f'measure = "{("killed", "injured", "killed+injured")[index % 3]}"\n'
            f"levels = {{ notice = {20 + index % 40}, warning = {80 + index}, critical = {300 + index} }}\n"
            f"where = {{ {filters} }}\nmin_sources = {1 + index % 2}\n"
        )
    return "\n".join(parts)


def incident(number: int, day: datetime, chance: random.Random) -> Incident:
    """A new incident somewhere."""
    killed = int(chance.paretovariate(1.3))
    return Incident(
        incident_id=f"incident-{number}",
        type="casualties",
        version=1,
        status="open",
        opened_at=day,
        cause=chance.choice(CAUSES),  # type: ignore[arg-type]
        place=Place(
            name=f"Town {number % 997}",
            country=chance.choice(CODES),
            admin1=f"Province {number % 13}",
            latitude=chance.uniform(-60, 60),
            longitude=chance.uniform(-180, 180),
        ),
        date=DateSpan(earliest=day.date(), latest=day.date()),
        tolls={
            "killed": Count(low=killed, best=killed, high=killed),
            "injured": Count(low=2 * killed, best=2 * killed),
        },
        sources=2,
        source_names=("Reuters", "AP"),
        reports=tuple(
            Report(event_id=f"{number}-{n}", article_id=f"{number}-{n}", rank=0, source=name, time=day)
            for n, name in enumerate(("Reuters", "AP"))
        ),
    )


def story(
    incidents: int, changes: int, days: float, left: int = 0
) -> tuple[list[tuple[datetime, Change]], int]:
    """The changes that make `incidents` over `days`, then `changes` more; and how many come first.

    `left` incidents lie half a year before all that and take no part in it.
    """
    told: list[tuple[datetime, Change]] = []
    past = random.Random(2)
    for number in range(left):
        old = incident(-1 - number, START - timedelta(days=100 + 80 * number / left), past)
        told.append((START - timedelta(days=100), Change(None, old, "reported", f"l{number}", False, START)))
    chance = random.Random(1)
    known: list[Incident] = []
    for number in range(incidents):
        now = START + timedelta(days=days) * (number / incidents)
        known.append(incident(number, now, chance))
        told.append((now, Change(None, known[-1], "reported", f"a{number}", False, now)))
    now = START + timedelta(days=days)
    for number in range(changes):
        now += timedelta(seconds=30)
        if number % 2:
            fresh = incident(incidents + number, now, chance)
            known.append(fresh)
            told.append((now, Change(None, fresh, "reported", f"b{number}", False, now)))
        else:
            at = chance.randrange(max(0, len(known) - 5000), len(known))
            old = known[at]
            killed = (old.tolls["killed"].low or 0) + chance.choice((-1, 1, 1, 2, 5))
            count = Count(low=max(0, killed), best=max(0, killed), high=None)
            known[at] = replace(old, version=old.version + 1, tolls={**old.tolls, "killed": count})
            told.append((now, Change(old, known[at], "reported", f"b{number}", False, now)))
    return told, left + incidents


def run(told: list[tuple[datetime, Change]], first: int, number: int) -> tuple[float, int]:
    """Changes a second after the first ones, and how many alerts rang."""
    ledger = Ledger()
    evaluator = Evaluator(ledger)
    evaluator.use(parse_rules(rules(number), "benchmark"), None)
    alerts = 0
    started = time.process_time()
    for index, (now, change) in enumerate(told):
        if index == first:
            ledger.take_changes()
            alerts, started = 0, time.process_time()
        alerts += len(evaluator.advance(now))
        alerts += len(evaluator.apply(change, now))
        ledger.commit()
    return (len(told) - first) / (time.process_time() - started), alerts


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--incidents", type=int, default=20_000)
    parser.add_argument("--changes", type=int, default=20_000)
    parser.add_argument("--rules", type=int, default=200)
    options = parser.parse_args()
    look_rarely()  # as the worker does
    told, first = story(options.incidents, options.changes, 25.0)
    rate, alerts = run(told, first, options.rules)
    print(
        f"{rate:,.0f} changes/s ({options.rules} rules, {options.incidents:,} incidents, 4 windows; "
        f"{alerts:,} alerts rang)"
    )
    for left in (0, 20_000, 80_000):
        told, first = story(2000, options.changes, 25.0, left)
        rate, alerts = run(told, first, options.rules)
        print(f"2,000 in the windows, {left:6,} have left: {rate:,.0f} changes/s ({alerts:,} alerts rang)")


if __name__ == "__main__":
    main()
