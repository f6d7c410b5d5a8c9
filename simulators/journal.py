"""What a simulated system holds, in the order of commitment; optionally kept in an append-only file."""

import json
import threading
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from simulators.clock import Clock


class EntryKind(StrEnum):
    """What became of a message."""

    HELD = "held"  # committed: the system has it
    REPEAT = "repeat"  # the same again, absorbed; nothing new is held
    DUPLICATE = "duplicate"  # the same again where the system cannot absorb: committed twice
    REFUSED = "refused"  # content refused, nothing held


@dataclass(frozen=True, slots=True)
class Entry:
    """One line; `position` counts from 1 per system, `facts` are the system's own notes."""

    position: int
    received_at: datetime
    kind: EntryKind
    operation: str
    identity: str
    body: Any
    facts: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain values, for the file and the control port."""
        return {**asdict(self), "kind": str(self.kind), "received_at": self.received_at.isoformat()}


class Journal:
    """Entries of one system; safe to use from many threads."""

    def __init__(self, system: str, clock: Clock, directory: Path | None = None) -> None:
        self.system = system
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: list[Entry] = []
        self._path = None if directory is None else directory / f"{system}.jsonl"
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._entries = _read(self._path)

    def add(self, kind: EntryKind, operation: str, identity: str, body: object, **facts: object) -> Entry:
        """Append one entry; on disk before it returns when there is a directory."""
        with self._lock:
            entry = Entry(len(self._entries) + 1, self._clock.now(), kind, operation, identity, body, facts)
            if self._path is not None:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(entry.as_json(), ensure_ascii=False) + "\n")
            self._entries.append(entry)
            return entry

    def entries(self, *kinds: EntryKind) -> list[Entry]:
        """Entries of those kinds, or all, in order."""
        with self._lock:
            return [entry for entry in self._entries if not kinds or entry.kind in kinds]

    def reset(self) -> None:
        """Forget everything, also on disk."""
        with self._lock:
            self._entries.clear()
            if self._path is not None:
                self._path.unlink(missing_ok=True)

    def as_json(self, after: int = 0) -> dict[str, Any]:
        """All that lies after a position: what is held, and what was only a repeat or refused."""
        entries = [entry for entry in self.entries() if entry.position > after]
        repeats = Counter(entry.identity for entry in self.entries(EntryKind.REPEAT))
        return {
            "system": self.system,
            "records": [
                {**entry.as_json(), "repeats_absorbed": repeats[entry.identity]}
                for entry in entries
                if entry.kind in {EntryKind.HELD, EntryKind.DUPLICATE}
            ],
            "repeats": [entry.as_json() for entry in entries if entry.kind is EntryKind.REPEAT],
            "refused": [entry.as_json() for entry in entries if entry.kind is EntryKind.REFUSED],
        }

    def summary(self) -> dict[str, Any]:
        """Count entries, in all and by operation."""
        entries = self.entries()
        names = {
            EntryKind.HELD: "held",
            EntryKind.REPEAT: "repeats_absorbed",
            EntryKind.DUPLICATE: "duplicates",
            EntryKind.REFUSED: "refused",
        }
        operations = sorted({entry.operation for entry in entries})
        return {
            **_counts(entries, names),
            "by_operation": {
                operation: _counts([entry for entry in entries if entry.operation == operation], names)
                for operation in operations
            },
        }


def _counts(entries: list[Entry], names: dict[EntryKind, str]) -> dict[str, int]:
    counts = Counter(entry.kind for entry in entries)
    return {name: counts[kind] for kind, name in names.items()}


def _read(path: Path) -> list[Entry]:
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    complete, _, torn = text.rpartition("\n")
    if torn:  # the last write was cut off: drop it, so that the next line starts clean
        path.write_text(f"{complete}\n" if complete else "", encoding="utf-8")
    return [_entry(json.loads(line)) for line in complete.splitlines()]


def _entry(values: dict[str, Any]) -> Entry:
    return Entry(
        position=values["position"],
        received_at=datetime.fromisoformat(values["received_at"]),
        kind=EntryKind(values["kind"]),
        operation=values["operation"],
        identity=values["identity"],
        body=values["body"],
        facts=values["facts"],
    )
