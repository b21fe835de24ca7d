"""What a page has beside its story: galleries, and everything where the story itself is missing."""

from datetime import UTC, datetime

import pytest

from schemas import Article
from streams.extraction.extractor import Extractor

FURNITURE = (
    "Close Get email notifications on Ann Hill daily!\n\nYour notification has been saved.",
    "1:02 How Boise State won the final Pause\n\n0:48 The rhino of the Fresno zoo\n\n1:30 A drive in Texas",
    "Best Places For A Valentine's Day Dinner In Denver. Valentine's Day is just around the corner.",
)
CREDITS = ("(AP Photo/Ann Hill)", "(Photo by Ann Hill/Getty Images)", "(File photo courtesy Ann Hill)")


def read(title: str, body: str) -> tuple[dict[str, int | None], str | None, str | None]:
    article = Article(id="1", title=title, body=body, published_at=datetime(2030, 7, 17, 9, tzinfo=UTC))
    event = Extractor.load().read(article, "0" * 64).events[0]
    tolls = {measure: count.best for measure, count in event.tolls.items()}
    return tolls, event.place.name if event.place else None, event.date.text if event.date else None


@pytest.mark.parametrize("body", FURNITURE)
def test_what_stands_on_every_page_says_nothing_of_the_story(body: str) -> None:
    assert read("Gunman wounds four people outside tavern", body) == ({"injured": 4}, None, None)


def test_a_story_without_a_word_of_harm_goes_with_its_title() -> None:
    body = "The gunman opened fire outside the Crown tavern in Leeds on Monday, and fled on foot."
    assert read("Gunman wounds four people at tavern", body) == ({"injured": 4}, "Leeds", "Monday")


def gallery(captions: int) -> str:
    """A story with so many pictures of other things."""
    pictures = [
        f"One of {number + 20} victims of the flood in Manila, June {number + 1}. {CREDITS[number % 3]}"
        for number in range(captions)
    ]
    return "\n\n".join(["Police are looking for three men.", *pictures])


def test_a_gallery_tells_of_other_things_than_the_title() -> None:
    assert read("Gunmen shoot seven people at party in Leeds", gallery(6)) == ({"injured": 7}, "Leeds", None)


def test_the_caption_of_one_picture_is_part_of_the_story() -> None:
    body = "Rescuers in Leeds, where nine people were killed on Monday. (AP Photo/Ann Hill)"
    assert read("Blast in Leeds", body) == ({"killed": 9}, "Leeds", "Monday")
