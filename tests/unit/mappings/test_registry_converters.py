"""The registry's words."""

from typing import Any

import pytest

from mappings.canonical import (
    Attachment,
)
from mappings.national_registry import converters as registry
from mappings.rules import Scene
from tests.support.events import a_birth
from tests.support.mapping_scenes import identity_paper as paper
from tests.support.mapping_scenes import scene


@pytest.fixture
def here() -> Scene:
    return scene(a_birth())


@pytest.mark.parametrize(
    ("abandoned", "unknown", "code"),
    [
        (False, (), "1"),
        (False, ("mother",), "2"),
        (False, ("father",), "3"),
        (False, ("mother", "father"), "4"),
        (True, ("mother", "father"), "5"),
    ],
)
def test_the_kind_of_birth_follows_from_what_is_unknown(
    here: Scene, *, abandoned: bool, unknown: tuple[Any, ...], code: str
) -> None:
    assert registry.birth_kind(here, abandoned, unknown) == code


@pytest.mark.parametrize(
    ("kind", "code", "name"),
    [
        ("identity_card_9", "1", None),
        ("passport", "2", None),
        ("permanent_resident_card", "3", None),
        ("citizen_id_card", "4", None),
        ("soldier_id", "5", None),
        ("officer_id", "6", None),
        ("police_id", "7", None),
        ("identity_card_2024", "8", "Thẻ căn cước"),
        ("identity_certificate", "8", "Giấy chứng nhận căn cước"),
    ],
)
def test_papers_have_the_codes_of_the_books(here: Scene, kind: str, code: str, name: str | None) -> None:
    assert registry.identity_document_code(here, paper(kind)) == code
    assert registry.identity_document_name(here, paper(kind)) == name


def test_an_other_paper_keeps_its_name(here: Scene) -> None:
    other = paper("other", other_kind="Thẻ thuyền viên")
    assert registry.identity_document_code(here, other) == "8"
    assert registry.identity_document_name(here, other) == "Thẻ thuyền viên"


def test_kinds_of_entry_and_status(here: Scene) -> None:
    kinds = ("on_time", "re_registration", "foreign_note", "late")
    assert [registry.registration_kind_code(here, kind) for kind in kinds] == ["1", "2", "3", "4"]
    again = ("first", "re_registration")
    assert [registry.registration_kind_marriage_code(here, kind) for kind in again] == ["1", "2"]
    statuses = ("never_married", "divorced", "widowed")
    assert [registry.marital_status_code(here, each) for each in statuses] == ["1", "3", "4"]
    names = [registry.marital_status_name(here, each) for each in statuses]
    assert names == ["Chưa kết hôn", "Đã ly hôn", "Vợ hoặc chồng đã chết"]
    assert registry.death_notice_code(here, "witness_statement") == "7"


def test_withdrawn_files_are_not_sent(here: Scene) -> None:
    kept = Attachment(
        file_name="a.pdf",
        title="A",
        kind="court_decision",
        media_type="application/pdf",
        content_base64="QQ==",
    )
    gone = kept.model_copy(update={"withdrawn": True, "content_base64": None})
    assert registry.attachments(here, (gone, kept)) == [
        {
            "id": 1,
            "loaiGiayTo": 6,
            "tenGiayTo": "A",
            "tenTepDinhKem": "a.pdf",
            "huyGiayTo": 0,
            "duLieuTepDinhKem": "QQ==",
        }
    ]
    assert registry.attachments(here, (gone,)) is None


def test_a_late_number_is_a_change_of_one_field(here: Scene) -> None:
    change = [{"truong": "nksSoDDCN", "giaTriMoi": "099326000021"}]
    assert registry.number_supplement(here, None, "099326000021") == change
    assert registry.number_supplement(here, None, None) is None
