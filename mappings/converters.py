"""Named converters that more than one partner's mapping uses; the CSV files call them by name.

Each takes the scene and one value per source of its row; None means that there is nothing to send.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from mappings.canonical import IdentityPaper, PartialDate, PersonName
from mappings.codes import find_country, find_ethnic_group, find_partner_code
from mappings.places import office_of_authority, province_of_authority
from mappings.rules import CannotTranslate, Converter, Scene, day_in_vietnam
from mappings.text import date_in_words, upper_name

_DAYS_KEPT: Final = 16_384


def as_written(_scene: Scene, text: str) -> str:
    """Text as it stands."""
    return text


def whole_number_text(_scene: Scene, number: int) -> str:
    """A number as text."""
    return str(number)


def whole_number(_scene: Scene, number: int) -> int:
    """A number as a number."""
    return number


def first_known(_scene: Scene, *texts: str | None) -> str | None:
    """The first of several sources that holds something."""
    return next((text for text in texts if text is not None), None)


def upper_whole_name(_scene: Scene, name: PersonName) -> str:
    """The whole name in capitals with its tone marks."""
    return upper_name(name.whole)


def first_upper_name(_scene: Scene, *names: PersonName | None) -> str | None:
    """The first name that is there, in capitals."""
    return next((upper_name(name.whole) for name in names if name is not None), None)


@lru_cache(maxsize=_DAYS_KEPT)
def _joined(separator: str, year: int, month: int | None, day: int | None) -> str:
    """The days of some decades come again and again."""
    return separator.join([*(f"{part:02d}" for part in (day, month) if part is not None), f"{year:04d}"])


def _partial(moment: PartialDate, separator: str) -> str | None:
    return None if moment.year is None else _joined(separator, moment.year, moment.month, moment.day)


def partial_date_dots(_scene: Scene, moment: PartialDate) -> str | None:
    """`02.11.2026`, `11.2026` or `2026`; unknown is nothing, and by rule is the day by rule."""
    return _partial(moment, ".")


def partial_date_slashes(_scene: Scene, moment: PartialDate) -> str | None:
    """`02/11/2026`, `11/2026` or `2026`."""
    return _partial(moment, "/")


def partial_date_compact(_scene: Scene, moment: PartialDate) -> str | None:
    """`20261102`, `202611` or `2026`."""
    if moment.year is None:
        return None
    parts = (moment.month, moment.day)
    return "".join([f"{moment.year:04d}", *(f"{part:02d}" for part in parts if part is not None)])


def partial_date_words(_scene: Scene, moment: PartialDate) -> str | None:
    """The date in words; nothing when unknown."""
    return _in_words(moment.year, moment.month, moment.day) or None


@lru_cache(maxsize=_DAYS_KEPT)
def _in_words(year: int | None, month: int | None, day: int | None) -> str:
    return date_in_words(year, month, day)


def day_dots(_scene: Scene, day: date) -> str:
    """`02.11.2026`."""
    return _joined(".", day.year, day.month, day.day)


def local_day_dots(scene: Scene, moment: datetime) -> str:
    """The day of a moment by Vietnamese time, `02.11.2026`."""
    return day_dots(scene, day_in_vietnam(moment))


def local_day_slashes(_scene: Scene, moment: datetime) -> str:
    """The day of a moment by Vietnamese time, `02/11/2026`."""
    day = day_in_vietnam(moment)
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def local_day_compact(_scene: Scene, moment: datetime) -> str:
    """The day of a moment by Vietnamese time, `20261102`."""
    day = day_in_vietnam(moment)
    return f"{day.year:04}{day.month:02}{day.day:02}"


def entry_code(authority_code: str, book_code: str, moment: datetime, number: str) -> str:
    """A code made from the entry, for events without a dossier: `00691-KS-2026-41` [I]."""
    return f"{authority_code}-{book_code}-{day_in_vietnam(moment).year}-{number}"


def dossier_or_entry_code(
    _scene: Scene, dossier: str | None, authority_code: str, book_code: str, moment: datetime, number: str
) -> str:
    """The one-stop code; without a dossier, a code made from the entry."""
    return dossier or entry_code(authority_code, book_code, moment, number)


def ethnic_group(scene: Scene, code: str) -> str:
    """The official two digits, when the list of the day of registration has them."""
    if find_ethnic_group(code, scene.registration_day) is None:
        raise CannotTranslate(
            "mapping_code_unknown",
            f"Mã dân tộc {code} không có trong danh mục; sửa mã hoặc ghi ethnic_group_other.",
            f"The ethnic group code {code} is not in the list; correct it or use ethnic_group_other.",
        )
    return code


def country(scene: Scene, code: str) -> str:
    """ISO 3166-1 alpha-2, when the list has it."""
    if find_country(code, scene.registration_day) is None:
        raise _no_country(code)
    return code


def country_name(scene: Scene, code: str) -> str:
    """The country in Vietnamese, for fields of free text."""
    entry = find_country(code, scene.registration_day)
    if entry is None:
        raise _no_country(code)
    return entry.name


def _no_country(code: str) -> CannotTranslate:
    return CannotTranslate(
        "mapping_code_unknown",
        f"Mã quốc gia {code} không có trong ISO 3166-1; sửa mã.",
        f"The country code {code} is not in ISO 3166-1; correct it.",
    )


def old_identity_number(_scene: Scene, paper: IdentityPaper) -> str | None:
    """The number of the old identity card (CMND 9 số); nothing for any other paper."""
    return paper.number if paper.kind == "identity_card_9" else None


def authority_province(scene: Scene, authority_code: str) -> str:
    """The province of the registering authority."""
    return province_of_authority(authority_code, scene.registration_day)


def authority_office(scene: Scene, authority_code: str, office_name: str | None) -> str | None:
    """The People's Committee of the registering unit, else the office that the gateway names."""
    return office_of_authority(authority_code, scene.registration_day) or office_name


def partner_code(partner: str, list_name: str, term: str, scene: Scene) -> str:
    """Say one of our terms in a partner's code of the day of registration.

    Raises:
        CannotTranslate: the partner's list has no code for it on that day.

    """
    code = find_partner_code(partner, list_name, term, scene.registration_day, scene.folder)
    if code is None:
        raise CannotTranslate(
            "mapping_code_unknown",
            f"Giá trị {term} không có mã trong danh mục {list_name} của nơi nhận; chọn giá trị khác.",
            f"The value {term} has no code in the destination's list {list_name}; choose another.",
        )
    return code


SHARED_CONVERTERS: Final[Mapping[str, Converter]] = {
    function.__name__: function
    for function in (
        as_written,
        authority_office,
        authority_province,
        country,
        country_name,
        day_dots,
        dossier_or_entry_code,
        ethnic_group,
        first_known,
        first_upper_name,
        local_day_compact,
        local_day_dots,
        local_day_slashes,
        old_identity_number,
        partial_date_compact,
        partial_date_dots,
        partial_date_slashes,
        partial_date_words,
        upper_whole_name,
        whole_number,
        whole_number_text,
    )
}
