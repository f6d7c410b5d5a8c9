"""Converters into the population database's words."""

from collections.abc import Mapping
from typing import Final, get_args

from mappings.canonical import (
    ForeignActNote,
    IdentityPaper,
    MultipleBirth,
    PartialDate,
    PersonName,
    Place,
    Residence,
)
from mappings.canonical.person import Sex
from mappings.codes import UnitLevel, find_ordinary_procedure, find_partner_code, find_unit
from mappings.converters import partner_code
from mappings.places import office_of_authority, resolve_place
from mappings.population_db import notices
from mappings.rules import CannotTranslate, Converter, JsonValue, Scene
from mappings.text import fold_name, split_name, upper_name

_PARTNER: Final = "population_db"

CODE_LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "sex": get_args(Sex),
    "ordinary_service": (
        "guardianship_start",
        "guardianship_end",
        "guardianship_change",
        "parent_child_recognition",
        "civil_status_change",
        "court_decision",
        "foreign_act_note",
        "foreign_act_note/marriage",
        "foreign_divorce_note",
        "domestic_adoption",
        "certificate_revocation",
    ),
    **notices.CODE_LISTS,
}
"""Lists of `codes.csv` that the converters below use, and the terms that must have a code there."""
_SERVICE_CODE_CHARACTERS_MAX: Final = 20
_CARDS_WITH_PERSONAL_NUMBER: Final = frozenset(
    {"citizen_id_card", "identity_card_2024", "identity_certificate"}
)
_PERSONAL_NUMBER_DIGITS: Final = 12
_PLACE_FIELDS: Final[Mapping[int, str]] = {2: "province_code", 3: "district_code", 5: "commune_code"}


def sex_code(scene: Scene, sex: str) -> str:
    """0 no information, 1 male, 2 female [S]."""
    return partner_code(_PARTNER, "sex", sex, scene)


def name_in_parts(_scene: Scene, name: PersonName) -> JsonValue:
    """The name cut in three, in capitals; parts that are empty are left out [S for the parts]."""
    if name.family is not None and name.given is not None:
        parts = {"Ho": name.family, "ChuDem": name.middle or "", "Ten": name.given}
    else:
        cut = split_name(name.whole)
        parts = {"Ho": cut.family, "ChuDem": cut.middle, "Ten": cut.given}
    return {key: upper_name(part) for key, part in parts.items() if part}


def folded_name(_scene: Scene, name: PersonName) -> str:
    """Capitals A to Z only [S].

    Raises:
        CannotTranslate: nothing of the name can be written so.

    """
    folded = fold_name(name.whole)
    if not folded:
        raise CannotTranslate(
            "mapping_name_not_latin",
            "Họ tên không có chữ cái La-tinh nên không tra cứu được; ghi họ tên theo hộ chiếu.",
            "The name has no Latin letter and cannot be looked up; write it as in the passport.",
        )
    return folded


def birth_date_query(_scene: Scene, moment: PartialDate) -> JsonValue:
    """The day when it is known, else the year [S]; by rule counts as the day, as the papers show it."""
    if moment.year is None:
        return None
    if moment.whole is None:
        return {"Nam": f"{moment.year:04d}"}
    return {"NgayThangNam": f"{moment.whole:%Y%m%d}"}


def personal_number(_scene: Scene, personal_id: str | None, paper: IdentityPaper | None) -> str | None:
    """The person's number, or the same number as it stands on his card."""
    if personal_id is not None:
        return personal_id
    return paper.number if paper is not None and _shows_personal_number(paper) else None


def _shows_personal_number(paper: IdentityPaper) -> bool:
    digits = len(paper.number) == _PERSONAL_NUMBER_DIGITS and paper.number.isdigit()
    return digits and paper.kind in _CARDS_WITH_PERSONAL_NUMBER


def old_number_when_needed(
    scene: Scene, personal_id: str | None, paper: IdentityPaper | None, _always: str
) -> str | None:
    """The 9-digit number for a person without a personal number; one of the two must be there [S].

    Raises:
        CannotTranslate: neither is known.

    """
    if personal_number(scene, personal_id, paper) is not None:
        return None
    if paper is not None and paper.kind == "identity_card_9":
        return paper.number
    raise CannotTranslate(
        "mapping_no_number",
        "Không có số định danh cá nhân hay số CMND nên không tra cứu được; bổ sung một trong hai.",
        "There is neither a personal ID nor an old identity card number to look up; add one of them.",
    )


def address(scene: Scene, place: Place) -> JsonValue:
    """The address object [I]."""
    resolved = resolve_place(place, scene.registration_day)
    parts = {
        "quocGia": resolved.country,
        "maTinh": resolved.province_code,
        "maHuyen": resolved.district_code,
        "maXa": resolved.commune_code,
        "chiTiet": resolved.detail,
    }
    return {name: value for name, value in parts.items() if value is not None}


def residence_address(scene: Scene, residence: Residence) -> JsonValue:
    """The address of a residence."""
    return address(scene, residence.place)


def authority_address(scene: Scene, authority_code: str) -> JsonValue:
    """Where the birth was registered: the unit of the authority, or the country of the mission."""
    office = office_of_authority(authority_code, scene.registration_day)
    unit = find_unit(authority_code, scene.registration_day)
    if unit is not None and unit.level is UnitLevel.MISSION:
        return address(scene, Place(country=authority_code[1:3], detail=office))
    level = _PLACE_FIELDS.get(len(authority_code), "commune_code")
    return address(scene, Place.model_validate({level: authority_code, "detail": office}))


def foreign_office_address(_scene: Scene, country: str, authority: str) -> JsonValue:
    """Where a birth abroad was registered: the country and the foreign office."""
    return {"quocGia": country, "chiTiet": authority}


def multiple_birth(_scene: Scene, multiple: MultipleBirth) -> JsonValue:
    """Twins and more, so that they are not taken for a duplicate [I]."""
    return {"laSinhDoi": "true", "thuTu": multiple.order, "tongSo": multiple.total}


def service_code(scene: Scene, procedure_code: str | None, matter: str) -> str | None:
    """The procedure of the dossier, else the ordinary procedure of the matter [S for procedure codes]."""
    if procedure_code is not None and len(procedure_code) <= _SERVICE_CODE_CHARACTERS_MAX:
        return procedure_code
    ordinary = find_ordinary_procedure(matter, scene.registration_day)
    return _ordinary_service(scene, matter) if ordinary is None else ordinary.code


def _ordinary_service(scene: Scene, matter: str) -> str | None:
    act = scene.event.act if isinstance(scene.event, ForeignActNote) else None
    for term in (f"{matter}/{act}", matter):
        code = find_partner_code(_PARTNER, "ordinary_service", term, scene.registration_day, scene.folder)
        if code is not None:
            return code
    return None


_OWN: Final = (
    address,
    authority_address,
    birth_date_query,
    folded_name,
    foreign_office_address,
    multiple_birth,
    name_in_parts,
    old_number_when_needed,
    personal_number,
    residence_address,
    service_code,
    sex_code,
)
CONVERTERS: Final[Mapping[str, Converter]] = {
    **notices.CONVERTERS,
    **{function.__name__: function for function in _OWN},
}
