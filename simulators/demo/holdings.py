"""What the three systems hold, read from their journals and found again by entry, person and dossier."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from simulators.demo.scheme import DOSSIER, LINKED_STATE, NOTICE, NUMBER, ONE_STOP, POPULATION, REGISTRY, STEP
from simulators.local_registry.township import Registered

Json: TypeAlias = dict[str, Any]
Key: TypeAlias = tuple[str, ...]
SUPPLEMENT_MODULE = "TDCC"


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
    def has_siblings(self) -> bool:
        """Steps and states of one dossier share a key; of everything else there may be one."""
        return self.key[1] in {"step", "linked"}

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


def entry_key(module: str, entry: Mapping[str, str]) -> Key:
    """The registry's record of an entry; papers have no volume."""
    return (
        *(REGISTRY, "record", module),
        *(entry["authority_code"], entry.get("volume", ""), entry["number"]),
    )


def remark_key(entry: Mapping[str, str], paper: str) -> Key:
    """A remark in an earlier entry, because of a paper."""
    return (REGISTRY, "remark", *_original_of(entry), paper)


def addition_key(entry: Mapping[str, str]) -> Key:
    """What is added to an earlier entry: a late number, or a supplement."""
    return (REGISTRY, "supplement", *_original_of(entry))


def supplement_key(event: Registered) -> Key:
    """The late number, added to the registry's record."""
    return addition_key(event.message["registration"])


def number_key(event: Registered) -> Key:
    """The request for a child's number."""
    entry = event.message["registration"]
    return (POPULATION, "number", entry["authority_code"], entry["number"])


def notice_key(kind: str, entry: Mapping[str, str], personal_id: str) -> Key:
    """The notice of something that happened to one person, as an entry says."""
    return (
        *(POPULATION, "notice", kind, entry["authority_code"]),
        *(entry.get("volume", ""), entry["number"], personal_id),
    )


def dossier_key(event: Registered) -> Key:
    """The one-stop dossier."""
    return (ONE_STOP, "dossier", event.dossier_code)


def step_key(event: Registered) -> Key:
    """All steps of the dossier."""
    return (ONE_STOP, "step", event.dossier_code)


def linked_key(event: Registered) -> Key:
    """All states of a dossier of a linked service."""
    return (ONE_STOP, "linked", str(event.message.get("dossier", {}).get("linked_code", "")))


def _original_of(entry: Mapping[str, str]) -> Key:
    """Book, office, volume and number of an earlier entry."""
    return (entry["book_code"], entry["authority_code"], entry.get("volume", ""), entry["number"])


def _key_of(system: str, operation: str, body: Json) -> Key:
    if system == REGISTRY:
        return _registry_key(body)
    if operation == NUMBER:
        return (POPULATION, "number", body["maDonVi"], body["soDangKy"])
    if operation == NOTICE:
        entry = (body["maDonVi"], body.get("quyenSo", ""), body["soDangKy"], body["soDinhDanh"])
        return (POPULATION, "notice", body["loaiSuKien"], *entry)
    if operation in {DOSSIER, STEP}:
        return (ONE_STOP, "dossier" if operation == DOSSIER else "step", body["MaHoSo"])
    if operation == LINKED_STATE:
        return (ONE_STOP, "linked", body["soHoSoLT"])
    return (system, operation)


def _registry_key(body: Json) -> Key:
    module, record = body["module"], body["data"]
    if "module" in record:  # only a remark names a book inside
        names = ("donViGoc", "quyenSoGoc", "soDangKyGoc", "soVanBan")
        return (REGISTRY, "remark", module, *(record.get(name, "") for name in names))
    if module == SUPPLEMENT_MODULE and not record.get("so"):
        names = ("nghiepVuDK", "noiDangKyHSGoc", "quyenDangKyHSGoc", "soDangKyHSGoc")
        return (REGISTRY, "supplement", *(record.get(name, "") for name in names))
    office = record.get("noiDangKy") or record.get("noiCap", "")
    return (REGISTRY, "record", module, office, record.get("quyenSo", ""), record.get("so", ""))
