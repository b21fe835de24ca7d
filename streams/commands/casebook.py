"""The incidents as they stand on incidents.v1: the latest version of each, found by the start of its id."""

import getpass
from collections.abc import Iterator
from itertools import pairwise

import msgspec
import typer

from schemas.codec import decode
from schemas.errors import BadMessage, TocsinError
from schemas.incidents import Incident
from streams.brokers.records import Reader, Record
from streams.commands.setup import client_of
from streams.settings import Settings

SHORT = 8
"""Characters of an id that are shown, if they are enough to tell it from all others."""

_NAMED = 5


class WrongName(TocsinError):
    """What an operator named is not there, or can't be what was meant."""


class _Version(msgspec.Struct):
    """What is read of every record: most are only looked through."""

    version: int


class Casebook:
    """The latest version of each incident, decoded when it is asked for."""

    def __init__(self) -> None:
        self._latest: dict[str, tuple[int, bytes]] = {}

    def take(self, record: Record) -> None:
        """Keep a record of incidents.v1 unless a higher version is known; a tombstone ends its incident."""
        key = (record.key or b"").decode("utf-8", "replace")
        if not record.value:
            self._latest.pop(key, None)
            return
        try:
            version = msgspec.json.decode(record.value, type=_Version).version
        except msgspec.MsgspecError as error:
            typer.echo(f"{record.topic} offset {record.offset} is no incident: {error}", err=True)
            return
        known = self._latest.get(key)
        if known is None or known[0] <= version:
            self._latest[key] = (version, record.value)

    def incidents(self) -> Iterator[Incident]:
        """All of them, in no order; what is no incident is said and left out."""
        for key in self._latest:
            try:
                yield self._incident(key)
            except WrongName as error:
                typer.echo(str(error), err=True)

    def find(self, name: str) -> Incident:
        """The incident whose id is `name` or begins with it. Raises WrongName."""
        if name in self._latest:
            return self._incident(name)
        found = [key for key in self._latest if name and key.startswith(name)]
        if len(found) == 1:
            return self._incident(found[0])
        if not found:
            raise WrongName(
                f"no incident has an id that begins with {name!r}; `tocsin incidents list` shows them"
            )
        named = ", ".join(sorted(found)[:_NAMED]) + (", …" if len(found) > _NAMED else "")
        raise WrongName(f"{len(found)} incidents have ids that begin with {name!r}: {named}")

    def living(self, name: str) -> Incident:
        """The incident that `name` lives on in: itself unless it was merged away, which is then said."""
        found = self.find(name)
        if found.merged_into is None:
            return found
        while found.merged_into is not None:
            found = self.find(found.merged_into)
        typer.echo(f"{name} was merged into {found.incident_id}", err=True)
        return found

    def short(self) -> int:
        """How many characters of an id tell every incident from the others."""
        keys = sorted(self._latest)
        common = [
            next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
            for one, other in pairwise(keys)
        ]
        return max([SHORT, *(length + 1 for length in common)])

    def _incident(self, key: str) -> Incident:
        try:
            return decode(Incident, self._latest[key][1])
        except BadMessage as error:
            raise WrongName(f"what incidents.v1 holds of {key} is no incident: {error}") from error


async def casebook(settings: Settings) -> Casebook:
    """All of incidents.v1. Raises BrokerError and aiokafka's KafkaError."""
    book = Casebook()
    async with Reader(client_of(settings), [settings.topic("incidents.v1")]) as reader:
        async for record in reader.backlog():
            book.take(record)
    return book


def login_name() -> str:
    """Who sits at the keyboard; ends the command with 2 where the system does not know."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without a user list
        raise typer.BadParameter("your login name is not known; say who decides with --by") from None
