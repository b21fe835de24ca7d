"""The errors of the contract.

    TocsinError
    ├── BadMessage          what came in is wrong: dead-letter it, go on
    └── (infrastructure)    aiokafka's and the system's own errors: end the process, let it be restarted

A `BadMessage` always says where it was found (`stage`) and what would be right.
"""


class TocsinError(Exception):
    """Base of every error that Tocsin raises on purpose."""


class BadMessage(TocsinError):
    """A record that cannot be used; it belongs in the dead-letter topic.

    `stage` names the step that refused it (`decode`, `validate`, `extract`, `track`), `kind` is a short
    stable word for counting, and the message is a sentence for the person who has to mend the feed.
    """

    def __init__(self, message: str, *, stage: str, kind: str) -> None:
        super().__init__(message)
        self.stage = stage
        self.kind = kind

    def __reduce__(self) -> tuple[object, tuple[str, str, str]]:  # errors cross process borders
        return _bad_message, (str(self), self.stage, self.kind)


def _bad_message(message: str, stage: str, kind: str) -> BadMessage:
    return BadMessage(message, stage=stage, kind=kind)
