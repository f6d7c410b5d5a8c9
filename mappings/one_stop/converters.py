"""Converters into the one-stop system's words."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from mappings.canonical import VIETNAM_TIME, IdentityPaper, Official, PersonName
from mappings.codes import find_procedure
from mappings.converters import partner_code
from mappings.rules import CannotTranslate, Converter, JsonValue, Scene

_PARTNER: Final = "one_stop"
_STAGES: Final = ("received", "supplement_asked", "processing", "completed", "refused")
_BEFORE_THE_REGISTRY: Final = ("taken_in", "accepted")
"""States of a linked dossier that are true as soon as the event is in the book."""
LINKED_STATES: Final = (
    *_BEFORE_THE_REGISTRY,
    "forwarded",
    "supplement_asked",
    "completed",
    "handed_over",
    "refused",
)

CODE_LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "dossier_status": ("taken", *_STAGES),
    "stage_words": tuple(dict.fromkeys((*_STAGES, *LINKED_STATES))),
    "linked_state": LINKED_STATES,
    "linked_office": ("justice",),
    "identity_kind": ("personal_id", "identity_card_9"),
}
"""Lists of `codes.csv` that the converters below use, and the terms that must have a code there."""
_REMARK_CHARACTERS_MAX: Final = 1000
_OFFICER_CHARACTERS_MAX: Final = 50


def local_second(_scene: Scene, moment: datetime) -> str:
    """`20261102081500`, Vietnamese time [S]."""
    return f"{moment.astimezone(VIETNAM_TIME):%Y%m%d%H%M%S}"


def taken_in_at(scene: Scene, received: datetime | None, registered: datetime) -> str:
    """When the dossier was taken in, else when it was registered."""
    return local_second(scene, received or registered)


def fact_second(scene: Scene, moment: str) -> str:
    """A moment of the context in Vietnamese time.

    Raises:
        CannotTranslate: it is no moment.

    """
    return local_second(scene, _moment(moment))


def _moment(text: str) -> datetime:
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError as error:
        raise CannotTranslate(
            "mapping_fact_broken",
            "Thời điểm của bước xử lý không đúng dạng ISO 8601; báo cho người vận hành.",
            "The moment of the step is not ISO 8601; tell the operator.",
        ) from error
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def linked_second(_scene: Scene, moment: datetime) -> str:
    """`02/11/2026 08:15:00`, Vietnamese time [S]."""
    return f"{moment.astimezone(VIETNAM_TIME):%d/%m/%Y %H:%M:%S}"


def linked_status(scene: Scene, state: str) -> str:
    """State of a linked dossier (trạng thái hồ sơ liên thông) [S]."""
    return partner_code(_PARTNER, "linked_state", state, scene)


def linked_office(scene: Scene, _linked_code: str) -> int:
    """The justice office handles the dossier [S]."""
    return int(partner_code(_PARTNER, "linked_office", "justice", scene))


def linked_moment(
    scene: Scene,
    state: str | None,
    reached_at: str | None,
    received: datetime | None,
    registered: datetime | None,
) -> str | None:
    """When the state became true: taken in, written in the book, or as the registry or the desk says.

    Before its registration a dossier is accepted when it is taken in.
    """
    if state in {"taken_in", "accepted"}:
        first, second = (received, registered) if state == "taken_in" else (registered, received)
        moment = first or second
        return None if moment is None else linked_second(scene, moment)
    return None if reached_at is None else linked_second(scene, _moment(reached_at))


def procedure_name(scene: Scene, procedure_code: str) -> str:
    """The name of the procedure, by its national code.

    Raises:
        CannotTranslate: the list has no such procedure on the day of registration.

    """
    procedure = find_procedure(procedure_code, scene.registration_day)
    if procedure is None:
        raise CannotTranslate(
            "mapping_code_unknown",
            f"Mã thủ tục {procedure_code} không có trong danh mục thủ tục hộ tịch; sửa mã thủ tục.",
            f"The procedure {procedure_code} is not in the list of civil-status procedures; correct it.",
        )
    return procedure.name


def taken_status(scene: Scene, _dossier_code: str) -> str:
    """The event is in the book and on its way: processing [S]."""
    return partner_code(_PARTNER, "dossier_status", "taken", scene)


def stage_status(scene: Scene, stage: str) -> str:
    """State of the dossier for how far the registry has come [S]."""
    return partner_code(_PARTNER, "dossier_status", stage, scene)


def stage_remark(
    scene: Scene, stage: str, text: str | None, number: str | None, volume: str | None, *second: str | None
) -> str:
    """What happened, with the number of each entry and what the registry said, cut to what fits."""
    own = (number, volume) if number is not None else _told_entry(scene)
    numbered = [each for each in (own, second[:2]) if each and each[0] is not None]
    return _remark(scene, stage, text, "; ".join(_entry_words(*each) for each in numbered))


def stage_remark_on_entry(
    scene: Scene,
    stage: str,
    text: str | None,
    number: str | None,
    volume: str | None,
    entry_number: str | None,
    entry_volume: str | None,
) -> str:
    """What happened, with the own number, else that of the entry that the remark stands in."""
    own, own_volume = (number, volume) if number is not None else _told_entry(scene)
    if own is not None:
        return _remark(scene, stage, text, _entry_words(own, own_volume))
    if entry_number is None:
        return _remark(scene, stage, text, "")
    return _remark(scene, stage, text, f"ghi chú vào {_entry_words(entry_number, entry_volume)}")


def _told_entry(scene: Scene) -> tuple[str | None, str | None]:
    """Number and volume of a dossier that was declared, once the registry has told them."""
    if not scene.open:
        return None, None
    return scene.fact("registration_number"), scene.fact("registration_volume")


def _entry_words(number: str | None, volume: str | None = None) -> str:
    return f"số {number} quyển {volume}" if volume else f"số {number}"


def _remark(scene: Scene, stage: str, text: str | None, entry: str) -> str:
    words = partner_code(_PARTNER, "stage_words", stage, scene)
    remark = f"{words}, {entry}" if entry else words
    whole = f"{remark}: {text}" if text else remark
    return whole if len(whole) <= _REMARK_CHARACTERS_MAX else f"{whole[: _REMARK_CHARACTERS_MAX - 1]}…"


def first_identity(
    scene: Scene,
    *people: PersonName | IdentityPaper | str | None,
) -> JsonValue:
    """Personal ID, else 9-digit card, of the first person who is named; never a placeholder.

    Sources come in threes: the person's name, personal ID, paper.
    """
    for name, personal_id, paper in zip(people[::3], people[1::3], people[2::3], strict=True):
        if name is None:
            continue
        if isinstance(personal_id, str):
            return _identity(scene, "personal_id", personal_id)
        if isinstance(paper, IdentityPaper) and paper.kind == "identity_card_9":
            return _identity(scene, "identity_card_9", paper.number)
        return None
    return None


def _identity(scene: Scene, kind: str, number: str) -> JsonValue:
    return {"LoaiDinhDanh": partner_code(_PARTNER, "identity_kind", kind, scene), "SoDinhDanh": number}


def handled_by(
    _scene: Scene,
    officer: str | None,
    officer_name: str | None,
    performed_by: Official | None,
    signed_by: Official | None,
) -> str | None:
    """Who took the step: as the registry says, else who wrote or signed the entry, else our own officer."""
    if officer is not None and len(officer) > _OFFICER_CHARACTERS_MAX:
        officer = None  # not a name that the other side can take; the book's own people are named instead
    known = (officer, performed_by and performed_by.name, signed_by and signed_by.name, officer_name)
    return next((name for name in known if name), None)


def handler_title(
    _scene: Scene,
    officer: str | None,
    officer_title: str | None,
    performed_by: Official | None,
    signed_by: Official | None,
) -> str | None:
    """The title of the same person; nothing when the registry names somebody without one."""
    if officer is not None and len(officer) <= _OFFICER_CHARACTERS_MAX:
        return None
    for official in (performed_by, signed_by):
        if official is not None:
            return official.title
    return officer_title


CONVERTERS: Final[Mapping[str, Converter]] = {
    function.__name__: function
    for function in (
        fact_second,
        first_identity,
        handled_by,
        handler_title,
        linked_moment,
        linked_office,
        linked_second,
        linked_status,
        local_second,
        procedure_name,
        stage_remark,
        stage_remark_on_entry,
        stage_status,
        taken_in_at,
        taken_status,
    )
}
