"""Times and places that don't ring: until when a crossing has to wait."""

from datetime import UTC, datetime, timedelta

from schemas.events import Place
from streams.alerting.matching import in_places, on_map
from streams.alerting.rules import Mute, Rule

FOREVER = datetime.max.replace(tzinfo=UTC)
"""The end of a mute that has none."""

_DAY = timedelta(days=1)


def muted_until(rule: Rule, level: str, place: Place | None, now: datetime | None) -> datetime | None:
    """Until when mutes keep `level` from ringing at `place`; None if it may ring, FOREVER if it never may.

    While there is no stream time, only the mutes that hold at any time are known to hold.
    """
    mutes = [mute for mute in rule.mute if _here(mute, level, place)]
    if now is None:
        return FOREVER if any(_timeless(mute) for mute in mutes) else None
    moment = now
    for _ in range(10 * len(mutes)):  # one mute may take over from another, day after day
        end = max((end for mute in mutes if (end := _end(mute, moment)) is not None), default=moment)
        if end == moment:
            break
        moment = end
        if moment >= FOREVER:
            break
    return moment if moment > now else None


def _here(mute: Mute, level: str, place: Place | None) -> bool:
    if mute.levels is not None and level not in mute.levels:
        return False
    if mute.countries is not None and (place is None or place.country not in mute.countries):
        return False
    if mute.places is not None and not in_places(place, mute.places):
        return False
    return not (mute.circles or mute.boxes) or on_map(place, mute.circles, mute.boxes)


def _timeless(mute: Mute) -> bool:
    return all(part is None for part in (mute.start, mute.until, mute.daily, mute.days))


def _end(mute: Mute, now: datetime) -> datetime | None:
    """When the mute that holds at `now` stops to hold; None if it doesn't hold."""
    if mute.start is not None and now < mute.start:
        return None
    if mute.until is not None and now >= mute.until:
        return None
    end = _recurring_end(mute, now + mute.offset)
    if end is None:
        return None
    if end < FOREVER:
        end -= mute.offset
    return end if mute.until is None else min(end, mute.until)


def _recurring_end(mute: Mute, local: datetime) -> datetime | None:
    """The end, in local time, of the stretch of `daily` and `days` that `local` lies in."""
    if mute.daily is None and mute.days is None:
        return FOREVER
    today = local.replace(hour=0, minute=0, second=0, microsecond=0)
    for day in (today, today - _DAY):  # a stretch that began yesterday may span midnight
        if mute.days is not None and day.weekday() not in mute.days:
            continue
        start, end = day, day + _DAY
        if mute.daily is not None:
            start = datetime.combine(day.date(), mute.daily[0], UTC)
            end = datetime.combine(day.date(), mute.daily[1], UTC)
            end += _DAY if mute.daily[1] < mute.daily[0] else timedelta(0)
        if start <= local < end:
            return end
    return None
