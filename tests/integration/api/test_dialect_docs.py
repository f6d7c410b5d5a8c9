"""What the pages about the dialects show is what the façade does."""

import json
import re
from typing import Any

from gateway.api.dialects.fault_codes import FAULT_CODES
from mappings.national_registry.reading.dossier import READERS
from mappings.national_registry.reading.tables import NOT_READ, reader_rows
from tests.support.dialects import AUTUMN, FIRST, FIRST_DAY, SECOND, client_on, post
from tests.support.edge_desk import EdgeDesk
from tests.support.source_tree import texts, texts_under

HOW_TO = "docs/how-to/point-a-one-stop-client-here.md"
ROOMS = ("gateway/api/dialects", "mappings/national_registry/reading")
CODE = re.compile(r'"((?:dialect|xml|body_not|record_too)_[a-z0-9_]+)"')


def _shown() -> list[dict[str, Any]]:
    return [json.loads(each) for each in re.findall(r"```json\n(.*?)```", texts()[HOW_TO], re.DOTALL)]


def test_the_pushes_of_the_how_to_are_taken_and_its_poll_is_answered(desk: EdgeDesk) -> None:
    registered, declared, poll, declared_of_generation_1 = _shown()
    answer = post(desk, f"{FIRST}/dangKyHoTich", registered)
    assert answer.json()["status"] == 1, answer.text
    answer = post(desk, f"{SECOND}/nhanHoSoDKHT", declared, client_on(desk, AUTUMN))
    assert answer.json()["status"] == "1", answer.text
    assert {each["field"] for each in answer.json()["warnings"]} == {"nksQuocTich", "nksLoaiKhaiSinh"}
    answer = post(desk, f"{SECOND}/layKetQuaHoSoDKHT", poll, client_on(desk, AUTUMN))
    assert [each["trangThai"] for each in answer.json()["value"]] == ["1"]
    answer = post(desk, f"{FIRST}/dangKyHoTich", declared_of_generation_1, client_on(desk, FIRST_DAY))
    assert answer.json()["status"] == 1, answer.text


def test_every_code_of_the_facade_says_what_to_do() -> None:
    sources = {
        name: text for name, text in texts_under(*ROOMS).items() if not name.endswith("fault_codes.py")
    }
    given = {code for text in sources.values() for code in CODE.findall(text)}
    assert given == set(FAULT_CODES)


def test_no_reader_is_left_over() -> None:
    named = {row["reader"].partition(" ")[0] for row in reader_rows()} - {NOT_READ}
    assert named == set(READERS)
