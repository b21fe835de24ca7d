"""What is wrong with a rules file, told so that its author can mend it.

TocsinError
└── RulesError   the rules can't be used; `problems` lists everything that is wrong, not only the first
"""

from dataclasses import dataclass

from schemas.errors import TocsinError


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: where (`line` counts from 1, or None), what it is, and what would be right."""

    file: str
    line: int | None
    rule: str | None
    field: str | None
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        named = f'rule "{self.rule}"' if self.rule is not None else None
        subject = ", ".join(part for part in (named, self.field) if part)
        return f"{place}: {subject}: {self.message}" if subject else f"{place}: {self.message}"


class RulesError(TocsinError):
    """A rules file that can't be used."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
