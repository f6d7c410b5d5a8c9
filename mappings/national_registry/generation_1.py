"""Converters that only generation 1 of the registry's interface needs: flat words instead of objects."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from mappings.canonical import Place, Residence
from mappings.converters import country_name, dossier_or_entry_code
from mappings.places import place_in_words
from mappings.rules import CannotTranslate, Converter, Scene


def authority_number(_scene: Scene, code: str) -> int:
    """The unit code as a number, so that leading zeros are lost: `00691` goes as 691 [S]."""
    if not (code.isascii() and code.isdigit()):
        raise CannotTranslate(
            "mapping_wrong_format",
            "Thế hệ 1 chỉ nhận mã đơn vị bằng chữ số; cơ quan đại diện ở nước ngoài phải gửi bằng thế hệ 2.",
            "Generation 1 takes unit codes of digits only; a mission abroad must send by generation 2.",
        )
    return int(code)


def second_record_code(
    scene: Scene,
    module: str,
    dossier: str | None,
    authority_code: str,
    book_code: str,
    moment: datetime,
    number: str,
) -> str:
    """The dossier code with the module behind it: status questions name no module [I]."""
    return f"{dossier_or_entry_code(scene, dossier, authority_code, book_code, moment, number)}-{module}"


def supplement_code(
    scene: Scene, dossier: str | None, authority_code: str, book_code: str, moment: datetime, number: str
) -> str:
    """The dossier code with `-TDCC` behind it, for a supplement to a record sent under the plain code [I]."""
    return second_record_code(scene, "TDCC", dossier, authority_code, book_code, moment, number)


def place_words(scene: Scene, place: Place) -> str | None:
    """The place in words, smallest unit first; abroad the country's name at the end."""
    words = place_in_words(place, scene.registration_day)
    if place.country == "VN":
        return words
    abroad = country_name(scene, place.country)
    return f"{words}, {abroad}" if words else abroad


def residence_words(scene: Scene, residence: Residence) -> str | None:
    """The place of a residence in words."""
    return place_words(scene, residence.place)


CONVERTERS: Final[Mapping[str, Converter]] = {
    function.__name__: function
    for function in (authority_number, place_words, residence_words, supplement_code)
}
