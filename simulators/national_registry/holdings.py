"""What the registry holds, whichever generation of its interface a dossier came through."""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from simulators.clock import Clock
from simulators.faults import FaultKind
from simulators.journal import Entry, EntryKind, Journal
from simulators.planting import Effects


class Holdings:
    """Dossiers by (module, one-stop code); `lock` must be held between a look and a commit."""

    def __init__(self, clock: Clock, journal: Journal) -> None:
        self.journal = journal
        self.lock = threading.RLock()
        self._clock = clock
        self._held = {entry.identity: entry for entry in journal.entries(EntryKind.HELD)}

    def reset(self) -> None:
        """Forget every dossier."""
        with self.lock:
            self.journal.reset()
            self._held.clear()

    def __contains__(self, identity: str) -> bool:
        """Whether a dossier came in, visible or not."""
        return identity in self._held

    def commit(self, operation: str, identity: str, body: dict[str, Any], effects: Effects) -> None:
        """Take a dossier in, with what the fault plan wants of it."""
        facts: dict[str, object] = {}
        late = effects.take(FaultKind.LATE_VISIBILITY)
        if late is not None:
            visible_from = self._clock.now() + timedelta(seconds=late.seconds)
            facts["visible_from"] = visible_from.isoformat()
        decision = effects.take(FaultKind.CLERK_DECISION)
        if decision is not None:
            facts["decision"] = str(decision.status)
        if body["module"] == "TDCC":
            facts["original_is_held"] = self._holds_original(body["data"])
        self._held[identity] = self.journal.add(EntryKind.HELD, operation, identity, body, **facts)

    def find(self, identity: str) -> Entry | None:
        """A dossier that is shown by now."""
        entry = self._held.get(identity)
        return entry if entry is not None and _is_visible(entry, self._clock.now()) else None

    def visible(self, module: str | None = None) -> list[Entry]:
        """Every dossier that is shown by now, of one module or all, in the order in which they came."""
        now = self._clock.now()
        with self.lock:
            entries = list(self._held.values())
        return [each for each in entries if module in {None, each.body["module"]} and _is_visible(each, now)]

    def _holds_original(self, record: Mapping[str, Any]) -> bool:
        wanted = [
            record.get(name) for name in ("nghiepVuDK", "noiDangKyHSGoc", "quyenDangKyHSGoc", "soDangKyHSGoc")
        ]
        return any(
            wanted == [body["module"], *(body["data"].get(name) for name in ("noiDangKy", "quyenSo", "so"))]
            for body in (entry.body for entry in self._held.values())
        )


def _is_visible(entry: Entry, now: datetime) -> bool:
    visible_from = entry.facts.get("visible_from")
    return visible_from is None or now >= datetime.fromisoformat(visible_from)
