"""One statement that somebody was hurt: how many, what befell them, and how firmly it is said."""

from dataclasses import dataclass

from schemas import Count
from schemas.events import Cause
from streams.extraction.harm import Trigger


@dataclass(slots=True)
class Mention:
    """What one trigger says in one sentence. Token indexes are of that sentence.

    `measure` may be `hit` (hurt, perhaps dead). `one` marks a single person named or described, with the
    `age`, `name` and `noun` that tell who; `definite` people who were spoken of before ("the two", "he").
    `part` marks a share of people counted elsewhere ("five of them"), `more` people beside those named before
    ("another", "others"), `ordinal` the third of a row ("a third victim"), `which` a relative clause ("...,
    which killed 40"). `perfect` and `had` are the tenses ("it has killed", "it had killed"), `wounded` says
    that a wound is named, `attackers` how many of them were attackers; `people` and `agent` are the token
    spans of who was hurt and who did it.
    """

    measure: str
    count: Count
    sentence: int
    start: int
    end: int
    trigger_start: int
    trigger_end: int
    trigger: Trigger
    one: bool = False
    age: int | None = None
    name: str | None = None
    noun: str | None = None
    group: str | None = None
    definite: bool = False
    part: bool = False
    more: bool = False
    total: bool = False
    bare: bool = False
    ordinal: int | None = None
    feared: bool = False
    negated: bool = False
    unreal: bool = False
    also: bool = False
    perfect: bool = False
    which: bool = False
    had: bool = False
    wounded: bool = False
    active: bool = False
    attackers: int = 0
    people: tuple[int, int] | None = None
    agent: tuple[int, int] | None = None
    agent_role: str | None = None

    @property
    def value(self) -> int | None:
        """The figure to compare by."""
        return self.count.value

    @property
    def cause(self) -> Cause | None:
        """What the word of harm alone says of the cause."""
        return self.trigger.cause

    @property
    def attacker(self) -> bool:
        """Whether those hurt are the attackers, all of them."""
        return bool(self.attackers) and self.attackers == self.value
