"""The state of the tracking stage: immutable records by key, taken back as one when a step fails.

The pure core keeps everything it must remember here, so that whoever drives it can store what a step changed
(`take_changes`) in one write and can undo a step that raised (`rollback`). Indexes are not state: whoever
needs one builds it through `watch`, and it follows every change, undone ones too.

>>> ledger = Ledger()
>>> ledger.put("incident/1", "open"); ledger.commit(); ledger.take_changes()
{'incident/1': 'open'}
"""

from collections.abc import Callable, Iterator
from typing import Any

Watcher = Callable[[str, Any, Any], None]
"""Called as `watcher(key, old, new)` for each change; None stands for no record."""


class Ledger:
    """Records by key. Keys are `<kind>/<id>`; records are immutable and never None."""

    def __init__(self) -> None:
        self._records: dict[str, Any] = {}
        self._undo: dict[str, Any] = {}
        self._dirty: set[str] = set()
        self._watchers: list[tuple[str, Watcher]] = []

    def get(self, key: str) -> Any:
        """The record under `key`, or None."""
        return self._records.get(key)

    def put(self, key: str, record: Any) -> None:
        """Keep `record` under `key`."""
        if record is None:
            raise ValueError(f"a record may not be None ({key}); delete it instead")
        self._set(key, record)

    def delete(self, key: str) -> None:
        """Forget `key`; nothing happens if it is not there."""
        if key in self._records:
            self._set(key, None)

    def keys(self, prefix: str = "") -> Iterator[str]:
        """The keys that start with `prefix`, in order of insertion; do not change records meanwhile."""
        return (key for key in self._records if key.startswith(prefix))

    def __len__(self) -> int:
        return len(self._records)

    def watch(self, prefix: str, watcher: Watcher) -> None:
        """Tell `watcher` of every change of a key with `prefix`, and now of each record already there."""
        self._watchers.append((prefix, watcher))
        for key in list(self.keys(prefix)):
            watcher(key, None, self._records[key])

    def load(self, key: str, record: Any) -> None:
        """Put a stored record back, as it was: it does not count as a change."""
        self._apply(key, record)

    def commit(self) -> None:
        """The step is done: its changes stand."""
        self._dirty.update(self._undo)
        self._undo.clear()

    def rollback(self) -> None:
        """Take back everything since the last `commit`."""
        undo, self._undo = self._undo, {}
        for key, old in reversed(undo.items()):
            self._apply(key, old)

    def take_changes(self) -> dict[str, Any]:
        """What the committed steps changed since the last call: the new record by key, None where deleted."""
        changes = {key: self._records.get(key) for key in sorted(self._dirty)}
        self._dirty.clear()
        return changes

    def _set(self, key: str, record: Any) -> None:
        self._undo.setdefault(key, self._records.get(key))
        self._apply(key, record)

    def _apply(self, key: str, record: Any) -> None:
        old = self._records.get(key)
        if old is record:
            return
        if record is None:
            self._records.pop(key, None)
        else:
            self._records[key] = record
        for prefix, watcher in self._watchers:
            if key.startswith(prefix):
                watcher(key, old, record)
