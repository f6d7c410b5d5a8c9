"""Readers of places: an address object, or flat words that may name units."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from mappings.codes import Unit, UnitLevel, find_unit, list_units
from mappings.national_registry.reading.draft import Draft, JsonObject
from mappings.national_registry.reading.spelling import Unreadable, find_text
from mappings.national_registry.reading.tables import ReadingRow, find_term
from mappings.national_registry.reading.units import read_unit
from mappings.national_registry.reading.values import country_code
from mappings.text import nfc

_HOME: Final = "VN"
_FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "maTinh": ("province_code", "province"),
    "maHuyen": ("district_code", "district"),
    "maXa": ("commune_code", "commune"),
}
_WIDTHS: Final[Mapping[str, int]] = {"maTinh": 2, "maHuyen": 3, "maXa": 5}
_KNOWN: Final = frozenset({"quocGia", "dcChiTiet", *_FIELDS})
_DAYS_REMEMBERED: Final = 64


def place(draft: Draft, row: ReadingRow, value: object) -> None:
    """An address."""
    found = _read_place(draft, row.field, value)
    if found is not None:
        draft.put(row.path, found, row.field)
        for theirs, (ours, _) in _FIELDS.items():
            if ours in found and isinstance(value, Mapping):
                draft.origins[f"{row.path}.{ours}"] = f"{row.field}.{theirs}"


def place_abroad(draft: Draft, row: ReadingRow, value: object) -> None:
    """Words of a place abroad; the country must be said beside them."""
    beside = draft.find(row.path)
    if beside is None:
        country_field = row.field.removesuffix("NuocNgoai")
        draft.refuse(
            country_field,
            "dialect_field_missing",
            f"Có {row.field} nhưng thiếu {country_field}: hãy ghi quocGia (mã nước) và dcChiTiet vào đó.",
            f"{row.field} is filled and {country_field} is not: write quocGia and dcChiTiet there.",
        )
    elif "detail" not in beside and beside.get("country") != _HOME:
        beside["detail"] = find_text(value)


def place_unit(draft: Draft, row: ReadingRow, value: object) -> None:
    """The commune or province of a place at home that is otherwise said in words only."""
    beside = draft.find(row.path)
    code = read_unit(find_text(value) or "", draft.day)
    unit = find_unit(code, draft.day)
    if unit is None or unit.level not in {UnitLevel.COMMUNE, UnitLevel.PROVINCE}:
        draft.not_in_list(row.field, "đơn vị hành chính")
    elif beside is None:
        draft.put(row.path, {"country": _HOME, **_codes_of(unit)}, row.field)
    elif beside.get("country") == _HOME and not {"province_code", "commune_code"} & set(beside):
        beside.update(_codes_of(unit))


def residence_kind(draft: Draft, row: ReadingRow, value: object) -> None:
    """1 permanent, 2 temporary; 0 is nothing."""
    term, is_known = find_term("residence", find_text(value) or "", draft.day)
    if not is_known:
        draft.not_in_list(row.field, "1 thường trú, 2 tạm trú")
    elif term is not None:
        draft.put(f"{row.path}.kind", term, row.field)


def residence_place(draft: Draft, row: ReadingRow, value: object) -> None:
    """The address of a residence."""
    found = _read_place(draft, row.field, value)
    if found is not None:
        draft.put(f"{row.path}.place", found, row.field)


def _read_place(draft: Draft, field: str, value: object) -> JsonObject | None:
    if not isinstance(value, Mapping):
        said = find_text(value)
        return None if said is None else _from_words(said, draft.day)
    if set(value) - _KNOWN:
        raise Unreadable
    parts = {name: find_text(value.get(name)) for name in _KNOWN}
    country = parts["quocGia"] and country_code(parts["quocGia"], draft.day)
    if parts["quocGia"] is not None and country is None:
        draft.not_in_list(f"{field}.quocGia", "ISO 3166-1", " (Việt Nam là VN)", " (Viet Nam is VN)")
        return None
    found: JsonObject = {}
    for theirs, (ours, _) in _FIELDS.items():
        said = parts[theirs]
        if said is not None and said.strip("0"):
            found[ours] = said.zfill(_WIDTHS[theirs]) if said.isdigit() else said
    if parts["dcChiTiet"] is not None:
        found["detail"] = parts["dcChiTiet"]
    return {"country": country or _HOME, **found} if found or country not in {None, _HOME} else None


def _codes_of(unit: Unit) -> JsonObject:
    if unit.level is UnitLevel.COMMUNE:
        return {"commune_code": unit.code}
    return {"province_code": unit.code}


def _from_words(said: str, on_date: date) -> JsonObject:
    """Names of units at the end of the words become codes, when they name one unit of that day each."""
    words = [part.strip() for part in said.split(",")]
    country = country_code(words[-1], on_date)
    if country is not None and country != _HOME:
        detail = ", ".join(words[:-1])
        return {"country": country, **({"detail": detail} if detail else {})}
    if country == _HOME and len(words) > 1:
        words = words[:-1]
    units = _units_at_the_end(words, on_date)
    found: JsonObject = {"country": _HOME}
    if units:
        found |= {_FIELD_OF_LEVEL[unit.level]: unit.code for unit in units}
        words = words[: -len(units)]
    return found | ({"detail": ", ".join(words)} if words else {})


_FIELD_OF_LEVEL: Final[Mapping[UnitLevel, str]] = {
    UnitLevel.PROVINCE: "province_code",
    UnitLevel.DISTRICT: "district_code",
    UnitLevel.COMMUNE: "commune_code",
}


def _units_at_the_end(words: list[str], on_date: date) -> list[Unit]:
    """From the province down as far as each word names exactly one unit under the one before."""
    found: list[Unit] = []
    parent: str | None = None
    for word in reversed(words):
        if parent is None and not found:
            named = _named(UnitLevel.PROVINCE, None, on_date).get(word.casefold(), ())
        else:
            named = tuple(
                unit
                for level in (UnitLevel.DISTRICT, UnitLevel.COMMUNE)
                for unit in _named(level, parent, on_date).get(word.casefold(), ())
            )
        if len(named) != 1:
            break
        found.append(named[0])
        parent = named[0].code
        if named[0].level is UnitLevel.COMMUNE:
            break
    return found


@lru_cache(maxsize=_DAYS_REMEMBERED)
def _named(level: UnitLevel, parent: str | None, on_date: date) -> Mapping[str, tuple[Unit, ...]]:
    return _by_full_name(list_units(level, on_date, parent))


def _by_full_name(units: Iterable[Unit]) -> Mapping[str, tuple[Unit, ...]]:
    found: dict[str, tuple[Unit, ...]] = {}
    for unit in units:
        name = nfc(unit.full_name).casefold()
        found[name] = (*found.get(name, ()), unit)
    return found
