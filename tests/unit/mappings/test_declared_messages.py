"""What the registry is told of a declaration: the record without the entry, and nothing else is lacking."""

from typing import Any

import pytest

from mappings.canonical import EVENT_TYPES, Declaration, sample_event
from mappings.catalog import MappingViolation, TranslatedMessage, load_catalog
from tests.support.declarations import OF_AN_ENTRY, parsed_declaration
from tests.support.events import ABSENT, a_birth, a_decision, a_marriage
from tests.support.mapping_scenes import STAGE_FACTS, context, translated

REGISTRY = "national_registry"
KIND = "registration.kind"
ENTRY_FIELDS = {"so", "quyenSo", "trangSo", "ngayDangKy"}
REMARKS = {"court_decision", "certificate_revocation"}


def _told(stored: Declaration) -> TranslatedMessage | tuple[MappingViolation, ...]:
    return load_catalog().translate(stored, REGISTRY, "record", context(STAGE_FACTS))


def _sent(stored: Declaration) -> dict[str, Any]:
    made = _told(stored)
    assert isinstance(made, TranslatedMessage), made
    data = made.body["data"]
    assert isinstance(data, dict)
    return data


def _has_record(event_type: str) -> bool:
    return "record" in load_catalog().messages(event_type, REGISTRY) and event_type not in REMARKS


@pytest.mark.parametrize("event_type", [each for each in EVENT_TYPES if _has_record(each)])
def test_the_record_of_a_declaration_is_that_of_its_event_without_the_entry(event_type: str) -> None:
    event = sample_event(event_type)
    event["registration"].pop("page", None)
    data = _sent(parsed_declaration(event))
    whole = translated(event, REGISTRY, "record", STAGE_FACTS).body["data"]
    assert isinstance(whole, dict)
    assert ENTRY_FIELDS & whole.keys()
    assert data == {name: said for name, said in whole.items() if name not in ENTRY_FIELDS}


def test_what_is_left_to_the_clerk_is_not_told_though_the_contract_has_it_in_every_record() -> None:
    event = a_birth(child__nationality=ABSENT, birth__abandoned=ABSENT, unknown=ABSENT)
    fields = (*OF_AN_ENTRY, KIND, "child.nationality", "birth.abandoned", "unknown")
    data = _sent(parsed_declaration(event, *fields))
    assert data.keys().isdisjoint({"nksQuocTich", "nksLoaiKhaiSinh", "loaiDangKy"})
    assert data["nksHoTen"] == "LÊ THỬ NGHIỆM"


def test_the_day_of_a_marriage_that_is_not_made_yet_is_not_told() -> None:
    stored = parsed_declaration(a_marriage(established_on=ABSENT), *OF_AN_ENTRY, KIND, "established_on")
    data = _sent(stored)
    assert not data.get("ngayXacLapQuanHeHonNhan")
    assert data["chongHoTen"]


def test_a_remark_is_told_without_the_day_on_which_it_will_be_written() -> None:
    event = a_decision(dossier={**a_birth()["dossier"], "procedure_code": "1.004859"})
    whole = translated(event, REGISTRY, "record", STAGE_FACTS).body["data"]
    data = _sent(parsed_declaration(event, "registration.registered_at"))
    assert isinstance(whole, dict)
    assert whole.keys() - data.keys() <= ENTRY_FIELDS | {"ngayGhiChu"}
    assert data.keys() <= whole.keys()


def test_what_is_missing_and_not_open_is_still_a_violation() -> None:
    """The registry takes no dossier without the day on which it was handed in."""
    refused = _told(parsed_declaration(a_birth(dossier__received_at=ABSENT)))
    assert isinstance(refused, tuple)
    assert [(each.path, each.code) for each in refused] == [("dossier.received_at", "mapping_missing")]
