"""What the three systems hold, read from their journals and found again by entry, person and dossier."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from simulators.demo.scheme import DOSSIER, NOTICE, NUMBER, ONE_STOP, POPULATION, REGISTRY, STEP
from simulators.local_registry.township import Registered

Json: TypeAlias = dict[str, Any]
Key: TypeAlias = tuple[str, ...]
SUPPLEMENT_MODULE = "TDCC"
LINKED = "LT"
"""Begins the modules of linked services: LTKS, LTKT, LTKH."""
BOOK_OF_NOTICE = {"MARRIAGE": "KH", "DEATH": "KT"}


@dataclass(frozen=True, slots=True)
class Holding:
    """One committed entry of a journal."""

    system: str
    key: Key
    position: int
    received_at: datetime
    body: Json
    facts: Mapping[str, Any]
    is_duplicate: bool

    @property
    def record(self) -> Json:
        """Content of a registry's dossier; other systems' messages have none."""
        found = self.body.get("data")
        return found if isinstance(found, dict) else {}


@dataclass
class Holdings:
    """Journals of all three, by key; `repeats` were absorbed, `refused` hold nothing."""

    by_key: dict[Key, list[Holding]] = field(default_factory=lambda: defaultdict(list))
    repeats: dict[str, list[Json]] = field(default_factory=dict)
    refused: dict[str, list[Json]] = field(default_factory=dict)

    def find(self, key: Key) -> Holding | None:
        """First commitment under a key."""
        found = self.by_key.get(key)
        return found[0] if found else None

    def of(self, key: Key) -> list[Holding]:
        """All commitments under a key, in order."""
        return self.by_key.get(key, [])

    def count(self, system: str) -> int:
        """How much a system holds."""
        return sum(len(found) for found in self.by_key.values() if found[0].system == system)


def read_holdings(journals: Mapping[str, Json]) -> Holdings:
    """Read the journals as the control port gives them."""
    holdings = Holdings()
    for system, journal in journals.items():
        for entry in journal["records"]:
            key = _key_of(system, entry["operation"], entry["body"])
            holdings.by_key[key].append(
                Holding(
                    system=system,
                    key=key,
                    position=entry["position"],
                    received_at=datetime.fromisoformat(entry["received_at"]),
                    body=entry["body"],
                    facts=entry["facts"],
                    is_duplicate=entry["kind"] == "duplicate",
                )
            )
        holdings.repeats[system] = journal["repeats"]
        holdings.refused[system] = journal["refused"]
    return holdings


def record_key(event: Registered) -> Key:
    """The registry's record of an entry; a linked service has modules of its own."""
    entry = event.message["registration"]
    linked = LINKED if "linked_code" in event.message.get("dossier", {}) else ""
    return (
        *(REGISTRY, "record", f"{linked}{entry['book_code']}"),
        *(entry["authority_code"], entry["volume"], entry["number"]),
    )


def supplement_key(event: Registered) -> Key:
    """The late number, added to the registry's record."""
    entry = event.message["registration"]
    return (REGISTRY, "supplement", "KS", entry["authority_code"], entry["volume"], entry["number"])


def number_key(event: Registered) -> Key:
    """The request for a child's number."""
    entry = event.message["registration"]
    return (POPULATION, "number", entry["authority_code"], entry["number"])


def notice_key(event: Registered, personal_id: str) -> Key:
    """The notice about one person of an entry."""
    entry = event.message["registration"]
    return (
        *(POPULATION, "notice", entry["book_code"], entry["authority_code"]),
        *(entry["volume"], entry["number"], personal_id),
    )


def dossier_key(event: Registered) -> Key:
    """The one-stop dossier."""
    return (ONE_STOP, "dossier", event.dossier_code)


def step_key(event: Registered) -> Key:
    """All steps of the dossier."""
    return (ONE_STOP, "step", event.dossier_code)


def _key_of(system: str, operation: str, body: Json) -> Key:
    if system == REGISTRY:
        return _registry_key(body)
    if operation == NUMBER:
        return (POPULATION, "number", body["maDonVi"], body["soDangKy"])
    if operation == NOTICE:
        kind = str(body["loaiSuKien"])
        book = BOOK_OF_NOTICE.get(kind, kind)
        entry = (body["maDonVi"], body["quyenSo"], body["soDangKy"], body["soDinhDanh"])
        return (POPULATION, "notice", book, *entry)
    if operation in {DOSSIER, STEP}:
        return (ONE_STOP, "dossier" if operation == DOSSIER else "step", body["MaHoSo"])
    return (system, operation)


def _registry_key(body: Json) -> Key:
    module, record = body["module"], body["data"]
    if module == SUPPLEMENT_MODULE:
        names = ("nghiepVuDK", "noiDangKyHSGoc", "quyenDangKyHSGoc", "soDangKyHSGoc")
        return (REGISTRY, "supplement", *(record.get(name, "") for name in names))
    return (REGISTRY, "record", module, *(record.get(name, "") for name in ("noiDangKy", "quyenSo", "so")))
