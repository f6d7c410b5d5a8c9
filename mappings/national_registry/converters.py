"""Converters into the registry's words (generation 2 of its interface)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, get_args

from mappings.canonical import VIETNAM_TIME, Attachment, IdentityPaper, Place, Residence
from mappings.canonical.facts import AttachmentKind, DeathNoticeKind
from mappings.canonical.identity_paper import IdentityPaperKind
from mappings.canonical.person import MaritalStatus, ResidenceKind, Sex
from mappings.canonical.registration import EntryKind, MarriageEntryKind
from mappings.converters import dossier_or_entry_code, partner_code
from mappings.places import resolve_place
from mappings.rules import Converter, JsonValue, Scene

_PARTNER: Final = "national_registry"

CODE_LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "sex": get_args(Sex),
    "residence": tuple(kind for kind in get_args(ResidenceKind) if kind != "not_stated"),
    "identity_document": get_args(IdentityPaperKind),
    "identity_document_name": ("identity_card_2024", "identity_certificate"),
    "registration_kind": get_args(EntryKind),
    "registration_kind_marriage": get_args(MarriageEntryKind),
    "birth_kind": (
        "both_parents_known",
        "mother_unknown",
        "father_unknown",
        "both_parents_unknown",
        "abandoned",
    ),
    "death_notice": get_args(DeathNoticeKind),
    "marital_status": get_args(MaritalStatus),
    "marital_status_name": get_args(MaritalStatus),
    "attachment": get_args(AttachmentKind),
}
"""Lists of `codes.csv` that the converters below use, and the terms that must have a code there."""


def _code(scene: Scene, list_name: str, term: str) -> str:
    return partner_code(_PARTNER, list_name, term, scene)


def sex_code(scene: Scene, sex: str) -> str:
    """1 male, 2 female, 3 not determined [S]."""
    return _code(scene, "sex", sex)


def registration_kind_code(scene: Scene, kind: str) -> str:
    """1 on time, 2 again, 3 noted from abroad, 4 late [S]."""
    return _code(scene, "registration_kind", kind)


def registration_kind_marriage_code(scene: Scene, kind: str) -> str:
    """1 first, 2 again [S]."""
    return _code(scene, "registration_kind_marriage", kind)


def marital_status_code(scene: Scene, status: str) -> str:
    """1 never married, 3 divorced, 4 widowed [S; 1 I]."""
    return _code(scene, "marital_status", status)


def marital_status_name(scene: Scene, status: str) -> str:
    """The same in words."""
    return _code(scene, "marital_status_name", status)


def death_notice_code(scene: Scene, kind: str) -> str:
    """1 to 7 as in the digitised books [S]."""
    return _code(scene, "death_notice", kind)


def birth_kind(
    scene: Scene,
    abandoned: bool,  # noqa: FBT001 - converters take their sources in the order of the row
    unknown: tuple[Literal["mother", "father"], ...],
) -> str:
    """1 both parents, 2 mother unknown, 3 father unknown, 4 both unknown, 5 abandoned [S]."""
    if abandoned:
        return _code(scene, "birth_kind", "abandoned")
    match "mother" in unknown, "father" in unknown:
        case True, True:
            term = "both_parents_unknown"
        case True, False:
            term = "mother_unknown"
        case False, True:
            term = "father_unknown"
        case _:
            term = "both_parents_known"
    return _code(scene, "birth_kind", term)


def residence_kind(scene: Scene, residence: Residence) -> str | None:
    """1 permanent, 2 temporary; what is not known or not stated is left out, never 0 [S]."""
    if residence.kind == "not_stated":
        return None
    return _code(scene, "residence", residence.kind)


def address(scene: Scene, place: Place) -> JsonValue:
    """The address object in use since 1 July 2025 [S]."""
    country, province, commune, detail, _ = resolve_place(place, scene.registration_day)
    said = {"quocGia": country}
    if province is not None:
        said["maTinh"] = province
    if commune is not None:
        said["maXa"] = commune
    if detail is not None:
        said["dcChiTiet"] = detail
    return said


def residence_address(scene: Scene, residence: Residence) -> JsonValue:
    """The address of a residence."""
    return address(scene, residence.place)


def place_abroad(_scene: Scene, place: Place) -> str | None:
    """The detail of a place abroad; nothing for a place at home."""
    return place.detail if place.country != "VN" else None


def residence_abroad(scene: Scene, residence: Residence) -> str | None:
    """The detail of a residence abroad; nothing for one at home."""
    return place_abroad(scene, residence.place)


def smallest_unit(scene: Scene, place: Place) -> str | None:
    """The commune, else the province, of a place at home."""
    resolved = resolve_place(place, scene.registration_day)
    return resolved.commune_code or resolved.province_code


def identity_document_code(scene: Scene, paper: IdentityPaper) -> str:
    """1 to 8 as in the digitised books [S]; the two newest papers go as 8 with their name [I]."""
    return _code(scene, "identity_document", paper.kind)


def identity_document_name(scene: Scene, paper: IdentityPaper) -> str | None:
    """Name of a paper that has no code of its own."""
    if paper.kind in {"identity_card_2024", "identity_certificate"}:
        return _code(scene, "identity_document_name", paper.kind)
    return paper.other_kind


def linked_or_dossier_code(
    scene: Scene,
    linked: str | None,
    dossier: str | None,
    authority_code: str,
    book_code: str,
    moment: datetime,
    number: str,
) -> str:
    """The linked-service code; ordinary dossiers repeat the one-stop code [S]."""
    return linked or dossier_or_entry_code(scene, dossier, authority_code, book_code, moment, number)


def taken_in_at(_scene: Scene, received: datetime | None, registered: datetime) -> str:
    """When the dossier was taken in, else when it was registered, `02/11/2026 08:15:00` [S]."""
    moment = (received or registered).astimezone(VIETNAM_TIME)
    day, clock = (moment.day, moment.month, moment.year), (moment.hour, moment.minute, moment.second)
    return "%02d/%02d/%04d %02d:%02d:%02d" % (*day, *clock)  # noqa: UP031 - half the time of an f-string


def attachments(scene: Scene, files: tuple[Attachment, ...]) -> JsonValue:
    """Files with their content in base64; withdrawn ones are not sent [S]."""
    kept = [file for file in files if not file.withdrawn]
    return [
        {
            "id": order,
            "loaiGiayTo": int(_code(scene, "attachment", file.kind)),
            "tenGiayTo": file.title,
            "tenTepDinhKem": file.file_name,
            "huyGiayTo": 0,
            "duLieuTepDinhKem": file.content_base64,
        }
        for order, file in enumerate(kept, start=1)
    ] or None


def number_supplement(_scene: Scene, *numbers: str | None) -> JsonValue:
    """The change that a late personal number is to the record [I]."""
    number = next((each for each in numbers if each is not None), None)
    return None if number is None else [{"truong": "nksSoDDCN", "giaTriMoi": number}]


CONVERTERS: Final[Mapping[str, Converter]] = {
    function.__name__: function
    for function in (
        address,
        attachments,
        birth_kind,
        death_notice_code,
        identity_document_code,
        identity_document_name,
        linked_or_dossier_code,
        marital_status_code,
        marital_status_name,
        number_supplement,
        place_abroad,
        registration_kind_code,
        registration_kind_marriage_code,
        residence_abroad,
        residence_address,
        residence_kind,
        sex_code,
        smallest_unit,
        taken_in_at,
    )
}
