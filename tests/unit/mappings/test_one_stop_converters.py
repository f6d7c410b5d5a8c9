"""The one-stop system's words."""

from typing import Any

import pytest

from mappings.canonical import (
    Official,
    PersonName,
    sample_event,
)
from mappings.matters import list_matters
from mappings.one_stop import converters as one_stop
from mappings.rules import Scene
from tests.support.events import a_birth
from tests.support.mapping_scenes import FACTS, STAGE_FACTS, refused, scene, translated
from tests.support.mapping_scenes import identity_paper as paper


@pytest.fixture
def here() -> Scene:
    return scene(a_birth())


JUSTICE_OFFICE = 5
STAGES = ("received", "supplement_asked", "processing", "completed", "refused")


def test_stages_have_the_states_of_the_portal(here: Scene) -> None:
    assert [one_stop.stage_status(here, stage) for stage in STAGES] == ["4", "5", "4", "9", "3"]
    assert one_stop.taken_status(here, "H60") == "4"


def test_the_remark_names_the_entry_and_is_cut_to_what_fits(here: Scene) -> None:
    assert (
        one_stop.stage_remark(here, "completed", None, "41", "01/2026") == "Đã đăng ký, số 41 quyển 01/2026"
    )
    said = one_stop.stage_remark(here, "refused", "Thiếu giấy", "41", "01/2026")
    assert said == "Không được tiếp nhận, số 41 quyển 01/2026: Thiếu giấy"
    long = one_stop.stage_remark(here, "refused", "dài " * 400, "41", "01/2026")
    assert (len(long), long[-1]) == (1000, "…")


NAME = PersonName(full="LÊ MẪU")


@pytest.mark.parametrize(
    ("people", "identity"),
    [
        ((NAME, "099197000001", None), {"LoaiDinhDanh": "1", "SoDinhDanh": "099197000001"}),
        (
            (NAME, None, paper("identity_card_9", "073000001")),
            {"LoaiDinhDanh": "2", "SoDinhDanh": "073000001"},
        ),
        ((NAME, None, paper("passport", "B1"), NAME, "099197000001", None), None),
        ((None, None, None, NAME, "099197000001", None), {"LoaiDinhDanh": "1", "SoDinhDanh": "099197000001"}),
        ((None, None, None), None),
    ],
)
def test_the_identity_is_that_of_the_named_owner_and_never_a_placeholder(
    here: Scene, people: tuple[Any, ...], identity: dict[str, str] | None
) -> None:
    assert one_stop.first_identity(here, *people) == identity


CLERK = Official(name="Nguyễn Thị Thí Dụ", title="Công chức")
CHAIR = Official(name="Trần Văn Mẫu")


def test_a_step_is_by_whom_the_registry_names_else_by_the_clerk(here: Scene) -> None:
    assert one_stop.handled_by(here, "Lý Thử", "Cổng", CLERK, CHAIR) == "Lý Thử"
    assert one_stop.handled_by(here, "L" * 51, "Cổng", CLERK, CHAIR) == CLERK.name
    assert one_stop.handled_by(here, None, "Cổng", None, CHAIR) == CHAIR.name
    assert one_stop.handled_by(here, None, "Cổng", None, None) == "Cổng"
    assert one_stop.handled_by(here, None, None, None, None) is None


def test_the_title_is_that_of_the_same_person(here: Scene) -> None:
    assert one_stop.handler_title(here, "Lý Thử", "Hệ thống", CLERK, CHAIR) is None
    assert one_stop.handler_title(here, None, "Hệ thống", CLERK, CHAIR) == "Công chức"
    assert one_stop.handler_title(here, None, "Hệ thống", None, CHAIR) is None
    assert one_stop.handler_title(here, None, "Hệ thống", None, None) == "Hệ thống"


def test_two_entries_of_one_dossier_are_both_named(here: Scene) -> None:
    said = one_stop.stage_remark(here, "completed", None, "41", "01/2026", "8", "01/2026")
    assert said == "Đã đăng ký, số 41 quyển 01/2026; số 8 quyển 01/2026"
    assert one_stop.stage_remark(here, "completed", None, "41", None) == "Đã đăng ký, số 41"


def test_a_remark_names_the_entry_it_stands_in(here: Scene) -> None:
    remark = one_stop.stage_remark_on_entry
    assert remark(here, "completed", None, None, None, "18", "01/2015") == (
        "Đã đăng ký, ghi chú vào số 18 quyển 01/2015"
    )
    assert (
        remark(here, "completed", None, "21", "01/2026", "112", "02/1988")
        == "Đã đăng ký, số 21 quyển 01/2026"
    )
    assert remark(here, "processing", "Chờ", None, None, None, None) == "Đang xử lý: Chờ"


@pytest.mark.parametrize(
    ("event_type", "procedure_code"),
    [(matter.event_type, code) for matter in list_matters() for code in matter.procedure_codes],
)
def test_every_procedure_of_every_matter_reaches_the_one_stop_shop(
    event_type: str, procedure_code: str
) -> None:
    event = sample_event(event_type)
    event["dossier"] = {"code": "H60.129-261116-0001", "procedure_code": procedure_code}
    body = translated(event, "one_stop", "dossier").body
    assert body["MaTTHC"] == procedure_code
    assert body["TenTTHC"]
    assert translated(event, "one_stop", "progress", STAGE_FACTS).body["MaHoSo"] == body["MaHoSo"]


def test_how_a_dossier_came_is_not_invented() -> None:
    told = translated(a_birth(), "one_stop", "dossier").body
    assert "KenhThucHien" not in told


@pytest.mark.parametrize(
    ("state", "facts", "moment"),
    [
        ("taken_in", {}, "16/11/2026 08:15:00"),
        ("accepted", {}, "16/11/2026 09:40:00"),
        ("forwarded", {"stage_at": "2026-11-16T03:00:00+00:00"}, "16/11/2026 10:00:00"),
    ],
)
def test_a_linked_state_bears_the_time_at_which_it_became_true(
    state: str, facts: dict[str, str], moment: str
) -> None:
    linked = a_birth(dossier__linked_code="G22.99.01-261116-0041")
    told = translated(linked, "one_stop", "linked_status", {**FACTS, **facts, "linked_state": state}).body
    assert told["thoiGianThucHien"] == moment
    assert told["coQuanXuLy"] == JUSTICE_OFFICE


def test_a_state_after_the_registry_s_word_needs_its_time() -> None:
    linked = a_birth(dossier__linked_code="G22.99.01-261116-0041")
    found = refused(linked, "one_stop", "linked_status", {**FACTS, "linked_state": "completed"})
    assert [each.code for each in found] == ["mapping_missing"]
