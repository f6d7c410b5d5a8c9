"""The citizen message of QCVN 109:2017 in both forms in which it is met, read into one value [S].

Published form: names in parts, `DanToc/MaDanToc`, `1950-01-01`, one unit code of 2, 3 or 5 digits.
Live form: the whole name in `Ten`, a bare `DanToc`, `19500101` beside `Nam`, three unit codes.
Validating live answers against the published schema would refuse good answers, so nothing is validated here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from adapters.hardened_xml import Element, child_of, local_name, text_of
from adapters.port import JsonValue

_DAY = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})", re.ASCII)
_YEAR = re.compile(r"([0-9]{4})(?:-?[0-9]{2}){0,2}", re.ASCII)
_PROVINCE_DIGITS, _DISTRICT_DIGITS, _COMMUNE_DIGITS = 2, 3, 5

LOOK_UP_CODE = "037"
"""`MaTichHop` of a look-up [S]."""
VERIFICATION_CODE = "003"
"""`MaTichHop` of a verification in client code; a letter of 2023 says 033 [S]."""


@dataclass(frozen=True, slots=True, repr=False)
class CitizenName:
    """A name (họ, chữ đệm và tên); the parts are known only where the partner keeps them apart."""

    full: str
    family: str | None = None
    middle: str | None = None
    given: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class CitizenBirthDate:
    """A birth date (ngày, tháng, năm sinh), perhaps only its year."""

    year: int
    day: date | None = None


@dataclass(frozen=True, slots=True, repr=False)
class CitizenAddress:
    """A place by its codes; which edition of the code list is meant, the message does not say."""

    country: str | None = None
    province_code: str | None = None
    district_code: str | None = None
    """No longer filled in since July 2025 [S]."""
    commune_code: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Relative:
    """Father, mother, spouse, representative or head of household."""

    name: CitizenName | None = None
    personal_id: str | None = None
    old_identity_number: str | None = None
    nationality: str | None = None
    relation: str | None = None
    """`QuanHe`, for the head of household: CH01 is the head himself [S]."""


@dataclass(frozen=True, slots=True, repr=False)
class Citizen:
    """One person; what is empty there is None here. Never printed, never logged."""

    name: CitizenName
    personal_id: str | None = None
    old_identity_number: str | None = None
    """Number of the old identity card, nine digits (số CMND)."""
    sex_code: str | None = None
    """0 unknown, 1 male, 2 female."""
    ethnic_group_code: str | None = None
    ethnic_subgroup: str | None = None
    """`TenGoi`, only in the published form."""
    religion_code: str | None = None
    marital_status_code: str | None = None
    blood_group_code: str | None = None
    birth_date: CitizenBirthDate | None = None
    birth_registration_place: CitizenAddress | None = None
    place_of_origin: CitizenAddress | None = None
    permanent_residence: CitizenAddress | None = None
    current_residence: CitizenAddress | None = None
    nationality: str | None = None
    father: Relative | None = None
    mother: Relative | None = None
    spouse: Relative | None = None
    representative: Relative | None = None
    household_head: Relative | None = None
    household_book_number: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class CitizenQuery:
    """The three facts that must agree (number, name, birth date or year), and who asks [S]."""

    request_id: str
    """Unique per call."""
    service_code: str
    """`MaDVC`, the procedure for which it is asked."""
    officer_id: str
    """`MaCanBo`: every question is logged to this officer [S]."""
    folded_name: str
    """Upper case, no marks, no spaces; the mappings fold it."""
    birth: date | int
    """Day of birth, or the year alone."""
    personal_id: str | None = None
    old_identity_number: str | None = None
    """Asked with when there is no personal number."""


def query_body(query: CitizenQuery, integration_code: str) -> Mapping[str, JsonValue]:
    """Body of `TraCuuThongTinCongDan` (`LOOK_UP_CODE`) or `XacThucThongTinCongDan` (`VERIFICATION_CODE`)."""
    birth: Mapping[str, JsonValue] = (
        {"NgayThangNam": f"{query.birth:%Y%m%d}"}
        if isinstance(query.birth, date)
        else {"Nam": f"{query.birth:04d}"}
    )
    return {
        "MaYeuCau": query.request_id,
        "MaDVC": query.service_code,
        "MaTichHop": integration_code,
        "MaCanBo": query.officer_id,
        "SoDinhDanh": query.personal_id,
        "SoCMND": None if query.personal_id else query.old_identity_number,
        "HoVaTen": query.folded_name,
        "NgayThangNamSinh": birth,
    }


def read_citizens(answer: Element) -> tuple[Citizen, ...]:
    """Everybody in a `CongdanCollection` or its wrapper; who has no name was not found [S]."""
    collection = (
        answer if local_name(answer) == "CongdanCollection" else child_of(answer, "CongdanCollection")
    )
    if collection is None:
        return ()
    found = (_read_citizen(element) for element in collection.iterchildren("{*}CongDan"))
    return tuple(citizen for citizen in found if citizen is not None)


def _read_citizen(element: Element) -> Citizen | None:
    name = _read_name(element)
    if name is None:
        return None
    return Citizen(
        name=name,
        personal_id=text_of(element, "SoDinhDanh"),
        old_identity_number=text_of(element, "SoCMND"),
        sex_code=text_of(element, "GioiTinh"),
        ethnic_group_code=_read_code(element, "DanToc", "MaDanToc"),
        ethnic_subgroup=_text_below(element, "DanToc", "TenGoi"),
        religion_code=_read_code(element, "TonGiao", "MaTonGiao"),
        marital_status_code=text_of(element, "TinhTrangHonNhan"),
        blood_group_code=text_of(element, "NhomMau"),
        birth_date=_read_birth_date(element),
        birth_registration_place=_read_address(element, "NoiDangKyKhaiSinh"),
        place_of_origin=_read_address(element, "QueQuan"),
        permanent_residence=_read_address(element, "ThuongTru"),
        current_residence=_read_address(element, "NoiOHienTai"),
        nationality=text_of(element, "QuocTich"),
        father=_read_relative(element, "Cha"),
        mother=_read_relative(element, "Me"),
        spouse=_read_relative(element, "VoChong"),
        representative=_read_relative(element, "NguoiDaiDien"),
        household_head=_read_relative(element, "ChuHo"),
        household_book_number=text_of(element, "SoSoHoKhau"),
    )


def _read_name(person: Element) -> CitizenName | None:
    """Without `Ten` there is no name; with `Ten` alone the whole name stands in it."""
    element = child_of(person, "HoVaTen")
    given = None if element is None else text_of(element, "Ten")
    if element is None or given is None:
        return None
    family, middle = text_of(element, "Ho"), text_of(element, "ChuDem")
    if family is None and middle is None:
        return CitizenName(full=given)
    full = " ".join(part for part in (family, middle, given) if part is not None)
    return CitizenName(full, family, middle, given)


def _read_code(person: Element, name: str, structured_name: str) -> str | None:
    """A code that stands bare (live) or in an element of its own (published)."""
    return _text_below(person, name, structured_name) or text_of(person, name)


def _text_below(person: Element, name: str, inner_name: str) -> str | None:
    element = child_of(person, name)
    return None if element is None else text_of(element, inner_name)


def _read_birth_date(person: Element) -> CitizenBirthDate | None:
    """The day where there is one that the calendar knows, else the year from either spelling."""
    whole = _text_below(person, "NgayThangNamSinh", "NgayThangNam") or ""
    if match := _DAY.fullmatch(whole):
        year, month, day_of_month = (int(part) for part in match.groups())
        try:
            return CitizenBirthDate(year, date(year, month, day_of_month))
        except ValueError:
            pass  # such as 19500000: a year in the clothes of a day
    year_text = _text_below(person, "NgayThangNamSinh", "Nam") or whole
    match = _YEAR.fullmatch(year_text)
    return CitizenBirthDate(int(match.group(1))) if match else None


def _read_address(person: Element, name: str) -> CitizenAddress | None:
    element = child_of(person, name)
    if element is None:
        return None
    one_code = text_of(element, "MaDonViHanhChinh") or ""
    address = CitizenAddress(
        country=text_of(element, "QuocGia"),
        province_code=text_of(element, "MaTinhThanh") or _of_length(one_code, _PROVINCE_DIGITS),
        district_code=text_of(element, "MaQuanHuyen") or _of_length(one_code, _DISTRICT_DIGITS),
        commune_code=text_of(element, "MaPhuongXa") or _of_length(one_code, _COMMUNE_DIGITS),
        detail=text_of(element, "ChiTiet"),
    )
    return None if address == CitizenAddress() else address


def _of_length(code: str, digits: int) -> str | None:
    return code if len(code) == digits else None


def _read_relative(person: Element, name: str) -> Relative | None:
    element = child_of(person, name)
    if element is None:
        return None
    relative = Relative(
        name=_read_name(element),
        personal_id=text_of(element, "SoDinhDanh"),
        old_identity_number=text_of(element, "SoCMND"),
        nationality=text_of(element, "QuocTich"),
        relation=text_of(element, "QuanHe"),
    )
    return None if relative == Relative() else relative
