"""Stream time: how late it is in the stream of news, by the dates of the articles themselves.

It is the second-greatest `published_at` over distinct articles, so that one wrong date moves nothing; with a
single dated article it is that one's date, which the next may set back; or a later tick. With no dates it is
None, and nothing expires. (The contract: design, "Time is the stream's".)

>>> from datetime import UTC, datetime
>>> clock = StreamClock().observe("a", datetime(2026, 11, 22, tzinfo=UTC))
>>> clock.observe("b", datetime(2026, 11, 20, tzinfo=UTC)).now.day
20
"""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamClock:
    """The two latest dates by distinct articles, and the latest tick. Immutable."""

    first_article: str | None = None
    first: datetime | None = None
    second: datetime | None = None
    ticked: datetime | None = None

    @property
    def now(self) -> datetime | None:
        """Stream time, or None while no article had a date."""
        read = self.second if self.second is not None else self.first
        if read is None or self.ticked is None:
            return read or self.ticked
        return max(read, self.ticked)

    def observe(self, article_id: str, published_at: datetime | None) -> "StreamClock":
        """The clock after an article. One article counts once, with its latest date."""
        if published_at is None:
            return self
        if self.first is None or article_id == self.first_article:
            first = published_at if self.first is None else max(self.first, published_at)
            return replace(self, first_article=article_id, first=first)
        if published_at > self.first:
            return replace(self, first_article=article_id, first=published_at, second=self.first)
        if self.second is None or published_at > self.second:
            return replace(self, second=published_at)
        return self

    def tick(self, stream_time: datetime) -> "StreamClock":
        """The clock after a tick; an earlier one changes nothing."""
        if self.ticked is not None and stream_time <= self.ticked:
            return self
        return replace(self, ticked=stream_time)
