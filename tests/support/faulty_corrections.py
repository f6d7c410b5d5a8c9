"""For every fault of a correction, a message that has it."""

import json
from typing import Any

from tests.support.events import ABSENT, a_change, a_revocation

Case = tuple[str, str, bytes]
_ALIGNMENT = {
    "act": "data_alignment",
    "registration__book_code": "KS",
    "registration__kind": "remark",
    "registration__number": ABSENT,
    "registration__volume": ABSENT,
}


def a_death_correction(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - a field may hold any JSON value
    """Of the day of death, by the office that made the entry."""
    own = {
        "amends__entry__book_code": "KT",
        "changes": [{"field": "death.date", "before": "1988-02-19", "after": "1988-02-18"}],
    }
    return a_change(**(own | changes))


def a_name_change(born: int, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - a field may hold any JSON value
    """Of somebody born on 9 February of that year."""
    own = {
        "act": "change",
        "subject__birth_date": {"year": born, "month": 2, "day": 9, "certainty": "exact"},
        "changes": [{"field": "name", "before": "BÙI THỊ VÍ DỤ", "after": "BÙI THỊ VÍ"}],
    }
    return a_change(**(own | changes))


def _case(code: str, pointer: str, event: dict[str, Any]) -> Case:
    return code, pointer, json.dumps(event, ensure_ascii=False).encode()


OF_CORRECTIONS = (
    _case(
        "correction_by_other_office",
        "/registration/authority_code",
        a_death_correction(registration__authority_code="00715"),
    ),
    _case(
        "correction_by_other_office",
        "/registration/authority_code",
        a_revocation(registration__authority_code="01"),
    ),
    _case("alignment_not_by_message", "/act", a_change(**_ALIGNMENT)),
    _case("correction_reason_missing", "/reason", a_change(reason="...")),
    _case("change_field_not_in_book", "/changes/0/field", a_change(amends__entry__book_code="KT")),
    _case("consent_missing", "/consents", a_name_change(2020, consents=["mother"])),
)
