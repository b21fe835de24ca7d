"""What a date belongs to: the happening, a death, somebody's words, or what came of it later.

"A man injured in Friday's bombing died on Monday, officials said on Tuesday" has three dates. Each hangs on
the nearest word that says what was done then: behind a date that opens its clause or owns what follows
("Friday's bombing"), before it otherwise.
"""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

Role = Literal["happening", "harm", "said", "move", "aftermath", "ahead"]
ROLES: tuple[Role, ...] = get_args(Role)

_OWNED = 4  # words between "Friday's" and what it dates at most
_BESIDE = 2  # words between a date and a word behind it that it dates
_SAYING = 3  # words between a date and a word of saying before it
_LATER = {"aftermath": 10, "ahead": 12}  # words between a date and one of these roles before it
_SUBJECT = 6  # words of the subject between a date and a word of saying behind it
_BREAK = re.compile(r"[;:()\"”“]|\.\s|\s[-–—]+\s|—")
_MARK = re.compile(r"[,;:()\"”“]|\.\s|\s[-–—]+\s|—")
_WORD = re.compile(r"\w+(?:[-'’.]\w+)*")


class RoleWord(NamedTuple):
    """A word that says what was done, where it stands in its sentence."""

    start: int
    end: int
    role: Role


class RoleReader:
    """Tells the roles of the dates of one language. `roles` has a named group for each role.

    `opening` matches the words before a date that opens its clause, `naming` those before one that names what
    follows ("the Saturday shooting"), `joined` those between a harm and what came with it at once ("were hurt
    and 46 arrested on Saturday"), `closing` those before a date between commas that ends a clause. `genitive`
    are the endings that say whose.
    """

    def __init__(
        self,
        genitive: tuple[str, ...],
        roles: re.Pattern[str],
        opening: re.Pattern[str],
        naming: re.Pattern[str],
        joined: re.Pattern[str],
        closing: re.Pattern[str],
    ) -> None:
        self._roles = roles
        self._opening = opening
        self._naming = naming
        self._joined = joined
        self._closing = closing
        self._genitive = genitive

    def words(self, lower: str) -> tuple[RoleWord, ...]:
        """The words with a role in a sentence in lower case, in order."""
        found = self._roles.finditer(lower)
        return tuple(RoleWord(match.start(), match.end(), match.lastgroup) for match in found)  # type: ignore[arg-type]

    def role(self, lower: str, start: int, end: int, words: Sequence[RoleWord]) -> Role | None:
        """What the date at `start` to `end` belongs to; null where nothing beside it says so."""
        behind = next((word for word in words if word.start >= end), None)
        owns = lower.startswith(self._genitive, end)
        if behind is not None:
            between = lower[end + 2 * owns : behind.start]
            near = not _MARK.search(between) and len(_WORD.findall(between)) <= (_OWNED if owns else _BESIDE)
            if owns:
                return behind.role if near else None
            if near and behind.role == "happening" and self._naming.search(lower, 0, start):
                return "happening"
            opens = self._opening.search(lower, 0, start) is not None
            if opens and not _BREAK.search(between):
                role = self._opened(lower, end, behind, words)
                closes = lower.startswith(",", end) and self._closing.search(lower, 0, start)
                return None if role == "said" and closes else role  # "..., on Friday, the governor said"
        before = self._before(lower, start, words)
        if before is not None:
            return before
        return behind.role if behind is not None and near else None

    def is_to_come(self, lower: str, start: int, words: Sequence[RoleWord]) -> bool:
        """Whether what the date at `start` belongs to will only be done: "will be sent in December"."""
        before = [word for word in words if word.end <= start][-2:]
        if len(before) < 2 or before[0].role != "ahead":
            return False
        between = lower[before[0].end : before[1].start]
        return not _BREAK.search(between) and len(_WORD.findall(between)) <= _BESIDE

    def _before(self, lower: str, start: int, words: Sequence[RoleWord]) -> Role | None:
        """The role that the words before a date give it: the nearest that reaches so far."""
        before = [word for word in words if word.end <= start]
        for at in range(len(before) - 1, -1, -1):
            word = before[at]
            between = lower[word.end : start].removeprefix(":" if word.role == "said" else "")
            if _BREAK.search(between):
                return None
            distance = len(_WORD.findall(between))
            if word.role == "said" and (distance > _SAYING or "," in between):
                continue
            if distance > _LATER.get(word.role, distance):
                continue
            harmed = at > 0 and before[at - 1].role in ("harm", "happening")
            if word.role in ("aftermath", "harm") and harmed:  # "shot and injured the four on June 2"
                link = lower[before[at - 1].end : word.start]
                if self._joined.fullmatch(link):
                    return before[at - 1].role
            return word.role
        return None

    def _opened(self, lower: str, end: int, behind: RoleWord, words: Sequence[RoleWord]) -> Role | None:
        """The role that the clause behind a date gives it: "On Monday, police said that"."""
        for word in words:
            if word.start < behind.start:
                continue
            if word.role == "said":
                distance = len(_WORD.findall(lower[end : word.start]))
                if distance > _SUBJECT or lower.startswith(",", word.end):
                    continue
            return word.role
        return None
