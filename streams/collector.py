"""How often Python looks for cycles among what is kept.

The state is a great many small records that refer to one another in one direction only: there is nothing to
find among them, and to go through all of them again and again costs a fifth of the tracker's time.
"""

import gc

YOUNG, MIDDLE, ALL = 2_000, 100, 50
"""New objects between two looks at the youngest, and how many of these come before a look at more."""


def look_rarely() -> None:
    """Let the collector go through everything only after ten million new objects."""
    gc.set_threshold(YOUNG, MIDDLE, ALL)
