"""A worker that dies at a chosen point of its work: `python -m tests.delivery.crashing POINT COUNT`.

POINT is `before` (a step's state is not saved), `after` (saved, nothing else done) or `between` (half of
what carries the step out is sent); COUNT is at which such step.
"""

import os
import sys
from collections.abc import Sequence

from streams.agents.delivery import Message, Sender
from streams.agents.state import STEP
from streams.commands.worker import worker


def main(point: str, count: int) -> None:
    deliver = Sender.deliver
    seen = 0

    async def deliver_or_die(self: Sender, messages: Sequence[Message]) -> list[int]:
        nonlocal seen
        decides = any(message.key == STEP for message in messages)
        carries = any(message.topic.endswith("tracker.state.v1") for message in messages) and not decides
        if point in ("before", "after") and decides:
            seen += 1
            if seen == count:
                if point == "after":
                    await deliver(self, messages)
                os._exit(9)
        if point == "between" and carries and len(messages) > 3:
            seen += 1
            if seen == count:
                await deliver(self, messages[: len(messages) // 2])
                os._exit(9)
        return await deliver(self, messages)

    Sender.deliver = deliver_or_die  # type: ignore[method-assign]
    worker()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
