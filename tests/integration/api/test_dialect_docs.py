"""What the pages about the dialects show is what the façade does."""

import json
import re
from typing import Any

from gateway.api.dialects.fault_codes import FAULT_CODES
from mappings.national_registry.reading.dossier import READERS
from mappings.national_registry.reading.tables import NOT_READ, reader_rows
from tests.support.dialects import FIRST, post
from tests.support.edge_desk import EdgeDesk
from tests.support.source_tree import texts, texts_under

HOW_TO = "docs/how-to/point-a-one-stop-client-here.md"
ROOMS = ("gateway/api/dialects", "mappings/national_registry/reading")
CODE = re.compile(r'"((?:dialect|xml|body_not|record_too)_[a-z0-9_]+)"')


def test_the_push_of_the_how_to_is_taken(desk: EdgeDesk) -> None:
    (shown,) = re.findall(r"```json\n(.*?)```", texts()[HOW_TO], re.DOTALL)
    push: dict[str, Any] = json.loads(shown)
    answer = post(desk, f"{FIRST}/dangKyHoTich", push)
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
