"""What comes in: one news article."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One record of `articles.v1`, as its publisher sent it.

    At least one of `title` and `body` holds text unless the article is `retracted`. Times are aware and in
    UTC; `published_at` is null where the feed gave none.
    """

    id: str
    url: str | None = None
    source: str | None = None
    title: str | None = None
    body: str | None = None
    published_at: datetime | None = None
    language: str = "en"
    retracted: bool = False
    schema_version: int = 1

    @property
    def text(self) -> str:
        """The text that every offset counts in: title, blank line, body; or the one there is."""
        return "\n\n".join(part for part in (self.title, self.body) if part)
