"""The shape of what was found: a force, what happens to it, and how the two hang together."""

from dataclasses import dataclass
from typing import Literal

from schemas.events import Direction
from streams.extraction.deployments_mentions import Mention
from streams.extraction.deployments_verbs import Chain, Form

Shape = Literal["object", "passive", "reduced", "subject", "by", "noun", "presence", "stock", "part"]


@dataclass(frozen=True, slots=True)
class Frame:
    """A force and what happens to it.

    `trigger` is the token of the verb or noun, `shape` how the force hangs on it ("troops were sent" is
    passive, "troops sent to" reduced); `place`, `origin` and `actor` are token spans. `sure`: the verb means
    nothing else. `relative`: it stands in a relative clause. `purpose`: it says what for. `idle`: it goes
    nowhere ("on standby"). `guessed`: its verb stands in no list. `leaving`: it only goes from where it is.
    """

    mention: Mention
    direction: Direction
    trigger: int
    shape: Shape
    chain: Chain
    form: Form
    sure: bool
    lemma: str
    place: tuple[int, int] | None = None
    origin: tuple[int, int] | None = None
    actor: tuple[int, int] | None = None
    relative: bool = False
    purpose: bool = False
    idle: bool = False
    guessed: bool = False
    leaving: bool = False
