"""What the registry holds, whichever generation of its interface a dossier came through."""

import threading
from datetime import datetime, timedelta
from typing import Any

from simulators.clock import Clock
from simulators.faults import FaultKind
from simulators.journal import Entry, EntryKind, Journal
from simulators.national_registry.records import BookEntry, find_entry, find_original
from simulators.national_registry.registrar import Registrar
from simulators.planting import Effects


class Holdings:
    """Dossiers by module and one-stop code, remarks by what they say; hold `lock` from look to commit."""

    def __init__(self, clock: Clock, journal: Journal, registrar: Registrar) -> None:
        self.journal = journal
        self.lock = threading.RLock()
        self._clock = clock
        self._registrar = registrar
        self._held = {entry.identity: entry for entry in journal.entries(EntryKind.HELD)}
        for entry in self._held.values():
            registrar.take(entry)

    def reset(self) -> None:
        """Forget every dossier."""
        with self.lock:
            self.journal.reset()
            self._held.clear()
            self._registrar.reset()

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
        original = find_original(body["module"], body["data"])
        if original is not None:
            facts["original_is_held"] = self._holds(original)
        entry = self.journal.add(EntryKind.HELD, operation, identity, body, **facts)
        self._held[identity] = entry
        self._registrar.take(entry)

    def record_of(self, entry: Entry) -> dict[str, Any]:
        """Give the record as it stands in the book by now; as it was sent if it has no entry yet."""
        with self.lock:
            return self._registrar.record_of(entry, self._clock.now())

    def visible(self, module: str | None = None) -> list[Entry]:
        """Every dossier that is shown by now, of one module or all, in the order in which they came."""
        now = self._clock.now()
        with self.lock:
            entries = list(self._held.values())
        return [each for each in entries if module in {None, each.body["module"]} and _is_visible(each, now)]

    def of_dossier(self, module: str, code: str) -> list[Entry]:
        """What is shown by now of one dossier in one module: a record, remarks, or both."""
        return [
            each
            for each in self.visible(module)
            if code == each.body.get("maHoSoMCDT", each.body.get("maHoSo"))
        ]

    def _holds(self, original: BookEntry) -> bool:
        held = (find_entry(entry.body["module"], self.record_of(entry)) for entry in self._held.values())
        return any(each is not None and original.agrees_with(each) for each in held)


def _is_visible(entry: Entry, now: datetime) -> bool:
    visible_from = entry.facts.get("visible_from")
    return visible_from is None or now >= datetime.fromisoformat(visible_from)
