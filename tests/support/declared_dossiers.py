"""Dossiers before their registration, from the door of the old clients to the registry's words."""

import json
from collections.abc import Mapping
from typing import Any, Final

from adapters.port import OutboundMessage, RequestId
from gateway.api.dialects.pushes import read_first_push, read_second_push
from gateway.model.ids import ClientId
from gateway.model.submission import RawSubmission, ValidSubmission
from gateway.receive.parse import BodyLimits
from gateway.receive.validate import Rulebook
from gateway.receive.walk import prepare
from mappings.canonical.declaration import Declaration
from mappings.catalog import TranslatedMessage, TranslationContext, load_catalog
from mappings.national_registry.reading.dossier import Dossier, read_dossier
from tests.support.dialects import (
    AUTUMN,
    CORRECTION,
    ELECTRONIC_MARRIAGE,
    FIRST_BIRTH_XML,
    LINKED_BIRTH,
    LINKED_DEATH,
    REMARK,
    first_push,
    second_push,
)
from tests.support.registry_partner import sample

OFFICE: Final = "23941"
_SUPPLEMENT: Final = {
    **CORRECTION,
    "viecDangKy": "Bổ sung hộ tịch",
    "noiDungDK": "Bổ sung quê quán",
    "thayDoi": [{"truong": "nksSoDDCN", "giaTriMoi": "099188000008"}],
}
_COPY: Final = {
    **{name: value for name, value in sample("BS").items() if name not in {"so", "ngayDangKy"}},
    "noiDangKy": OFFICE,
    "noiDangKyTruocDay": OFFICE,
    "quyenSoDangKyTruocDay": "01/2025",
    "ngayDangKyTruocDay": "07/07/2025",
}
_DIVORCE: Final = {
    **REMARK,
    "ntdHoTen": "ĐỖ VĂN MẪU",
    "ntdGioiTinh": "1",
    "ntdSoDDCN": "099095000006",
    "nlqHoTen": "VŨ THỊ THÍ DỤ",
    "nlqSoDDCN": "099196000007",
}
"""The contract's remark, and the two people whom our own model wants named."""


def _second(record: Mapping[str, object], module: str, number: int) -> Dossier:
    code = f"H21.129-250805-{number:04d}"
    linked = f"G22.99.01-250805-{number:04d}" if module.startswith("LT") else code
    codes = {"maHoSoLT": linked, "maHoSoMCDT": code}
    day = "05/10/2025 08:15:00" if "module" in record else "05/08/2025 08:15:00"
    return read_second_push(second_push(record, module, ngayTiepNhan=day, **codes))


DOSSIERS: Final[Mapping[str, Dossier]] = {
    "birth": read_first_push(first_push(FIRST_BIRTH_XML)),
    "linked_birth": read_second_push(second_push(LINKED_BIRTH)),
    "linked_death": _second(LINKED_DEATH, "LTKT", 1),
    "electronic_marriage": _second(ELECTRONIC_MARRIAGE, "LTKH", 2),
    "correction": _second(CORRECTION, "TDCC", 3),
    "supplement": _second(_SUPPLEMENT, "TDCC", 4),
    "copy": _second(_COPY, "BS", 5),
    "remark": _second(_DIVORCE, "KH", 6),
}
"""The contract's examples before their registration, and beside them a supplement and a copy."""


def message_of(name: str, generation: str = "2") -> OutboundMessage:
    """What the gateway sends of such a dossier: read, checked and translated as it does it itself."""
    reading = read_dossier(DOSSIERS[name], AUTUMN)
    body = json.dumps(reading.message, ensure_ascii=False).encode()
    raw = RawSubmission(ClientId("shop"), frozenset({OFFICE}), None, body, AUTUMN, may_declare=True)
    prepared = prepare(raw, BodyLimits(), Rulebook())
    assert isinstance(prepared, ValidSubmission), prepared
    assert isinstance(prepared.event, Declaration)
    context = TranslationContext(f"GW-{name}", {}, AUTUMN)
    found: Any = load_catalog().translate_in(
        generation, prepared.event, "national_registry", "record", context
    )
    assert isinstance(found, TranslatedMessage), found
    return OutboundMessage(RequestId(f"GW-{name}"), found.operation, found.body, found.routing)
