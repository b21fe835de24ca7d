"""Articles for delivery tests: many, short, with tolls, from a handful of towns."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

TOWNS = (
    "Quetta in Pakistan",
    "Mosul in Iraq",
    "Kaduna in Nigeria",
    "Marawi in the Philippines",
    "Cali in Colombia",
    "Kharkiv in Ukraine",
    "Baidoa in Somalia",
    "Goma in the Democratic Republic of Congo",
)
DEEDS = ("a bombing at a market", "a fire in a hotel", "an explosion at a depot", "clashes near a bridge")
START = datetime(2025, 11, 1, tzinfo=UTC)


def articles(count: int, first: int = 0) -> Iterator[dict[str, Any]]:
    """`count` different articles, an hour apart; every third one has no toll."""
    for number in range(first, first + count):
        when = START + timedelta(hours=number)
        town = TOWNS[number % len(TOWNS)]
        deed = DEEDS[(number // len(TOWNS)) % len(DEEDS)]
        killed, hurt = 3 + number % 17, 5 + number % 23
        if number % 3 == 2:
            body = f"Traders in {town} said on {when:%A} that prices had risen by {hurt} percent."
        else:
            body = (
                f"At least {killed} people were killed and {hurt} wounded on {when:%A} in {deed} in {town},"
                f" police said. Officers arrived within {2 + number % 9} minutes."
            )
        yield {
            "id": f"n{number}",
            "source": f"Paper {number % 5}",
            "url": f"https://example.org/n/{number}",
            "title": f"News from {town}, {number}",
            "body": body,
            "published_at": when.isoformat().replace("+00:00", "Z"),
        }
