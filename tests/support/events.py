"""Builders of valid events as plain JSON values; invented people with 099 numbers."""

from collections.abc import Mapping
from typing import Any

from mappings.canonical import sample_event

JsonObject = dict[str, Any]


def _changed(event: JsonObject, changes: Mapping[str, Any]) -> JsonObject:
    """Lay changes over the event: `child__name={...}` reaches inside, a value of `ABSENT` removes."""
    for path, value in changes.items():
        *parents, name = path.split("__")
        holder = event
        for parent in parents:
            holder = holder.setdefault(parent, {})
        if value is ABSENT:
            holder.pop(name, None)
        else:
            holder[name] = value
    return event


_WORDS = (
    ("AN", "BÌNH", "CHÂU", "DUNG", "ĐẠT", "GIANG", "HÀ", "KHÁNH", "LAN", "MINH"),
    ("NGỌC", "OANH", "PHÚC", "QUÂN", "SƠN", "THẢO", "UYÊN", "VINH", "XUÂN", "YẾN"),
    ("BẢO", "CẨM", "DIỆU", "ĐỨC", "GIA", "HẢI", "KIM", "LIÊN", "MỸ", "NHẬT"),
    ("PHƯƠNG", "QUỐC", "SONG", "THANH", "TUẤN", "ÚT", "VIỆT", "HỒNG", "THỦY", "TRÚC"),
    ("CÚC", "ĐÀO", "HIỀN", "HUỆ", "LỘC", "MẬN", "NGÂN", "SEN", "TÂM", "VÂN"),
)
"""A list for each place in the name: the same words in another order would be the same name."""


def a_name(number: int) -> JsonObject:
    """Another invented name for each number up to 100,000; Mẫu is nobody's family name."""
    digits = [number // 10**place % 10 for place in range(len(_WORDS))]
    return {"full": " ".join(["MẪU", *(words[at] for words, at in zip(_WORDS, digits, strict=True))])}


class _Absent:
    """Stands for a field to leave out."""


ABSENT = _Absent()


def a_birth(**changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """A complete on-time birth; `a_birth(mother=ABSENT, unknown=["mother"], registration__number="42")`."""
    return _changed(sample_event("birth"), changes)


def a_marriage(**changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """A complete first marriage."""
    return _changed(sample_event("marriage"), changes)


def a_death(**changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """A complete on-time death."""
    return _changed(sample_event("death"), changes)


def a_birth_with_recognition(**changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """A birth and the recognition of its father."""
    return _changed(sample_event("birth_with_recognition"), changes)


def a_guardianship_start(**changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """An appointed guardian of a child."""
    return _changed(sample_event("guardianship_start"), changes)


def a_guardianship_end(**changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """The end of a guardianship registered earlier."""
    return _changed(sample_event("guardianship_end"), changes)


def a_guardianship_change(**changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """Another guardian: an end and a new registration."""
    return _changed(sample_event("guardianship_change"), changes)


def a_supervision_start(**changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """A supervisor of a guardian."""
    return _changed(sample_event("guardianship_supervision_start"), changes)


def a_supervision_end(**changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """The end of a supervision."""
    return _changed(sample_event("guardianship_supervision_end"), changes)


def a_recognition(**changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """A father recognises his child."""
    return _changed(sample_event("parent_child_recognition"), changes)


def a_change(**changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """A correction of two fields of a birth entry."""
    return _changed(sample_event("civil_status_change"), changes)


def a_decision(**changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """A divorce, as a remark in the marriage entry."""
    return _changed(sample_event("court_decision"), changes)


def a_foreign_note(**changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """A birth abroad."""
    return _changed(sample_event("foreign_act_note"), changes)


def a_foreign_divorce(**changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """A divorce abroad."""
    return _changed(sample_event("foreign_divorce_note"), changes)


def a_marital_certificate(**changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """A certificate for a marriage at home."""
    return _changed(sample_event("marital_status_certificate"), changes)


def an_extract(**changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """Copies of an extract of a birth entry."""
    return _changed(sample_event("extract_copy"), changes)


def a_confirmation(**changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """A confirmation of what a book says."""
    return _changed(sample_event("information_confirmation"), changes)


def an_adoption(**changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """An adoption by two people."""
    return _changed(sample_event("domestic_adoption"), changes)


def a_revocation(**changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """A marriage certificate revoked by the province."""
    return _changed(sample_event("certificate_revocation"), changes)
