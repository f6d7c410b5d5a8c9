"""Both sides of a suspicion next to each other, field by field, as far as the asker may see them. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from gateway.model.delivery import StoredEvent
from gateway.model.questioning import Suspicion
from gateway.operations.json_change import escaped
from gateway.operations.sentences import Sentence
from mappings.canonical import Declaration, dump_stored

_LEFT_OUT: Final = frozenset({"attachments", "source_event_id", "dossier"})
"""Numbers of the two senders differ always; files are long and no help."""
_IDENTIFYING: Final = frozenset(
    {
        "full",
        "family",
        "middle",
        "given",
        "sex",
        "year",
        "month",
        "day",
        "certainty",
        "personal_id",
    }
)
"""Of what the asker may not see he is told only whether these are the same as on his own side."""


@dataclass(frozen=True, slots=True)
class FieldPair:
    """One field on both sides; a side that has no value, or may not be seen, is None."""

    pointer: str
    ours: Any
    """As the event says that waits for the answer."""
    theirs: Any
    differs: bool


@dataclass(frozen=True, slots=True)
class OtherSide:
    """An earlier event that may be the same."""

    authority_code: str
    registered_at: datetime
    event_type: str
    ground: str
    meaning: Sentence
    is_visible: bool
    """False: it belongs to units that are not the asker's; only what is alike is told."""
    event_id: str | None
    """None where it may not be seen."""
    choice: str
    """To be handed in as `same_as`; names the event but opens nothing."""
    fields: tuple[FieldPair, ...]


_GROUNDS: Final[Mapping[str, Sentence]] = {
    "names_the_earlier_entry": Sentence(
        "Chính thông điệp nêu mục đăng ký trước này.", "The message itself names this earlier entry."
    ),
    "late_registration": Sentence(
        "Đăng ký quá hạn của một việc đã được đăng ký với cùng dữ liệu.",
        "A late registration of what is registered already, with the same facts.",
    ),
    "same_child_number": Sentence(
        "Hai bên có cùng số định danh của người con.", "Both sides give the child the same personal ID."
    ),
    "same_child_other_number": Sentence(
        "Cùng mẹ, cùng ngày sinh, cùng họ tên, nhưng hai số định danh khác nhau.",
        "Same mother, birth date and name, but two different personal IDs.",
    ),
    "same_child_other_mother_number": Sentence(
        "Cùng con, mẹ cùng họ tên và ngày sinh, nhưng số định danh của mẹ khác nhau.",
        "Same child, mothers with the same name and birth date but different personal IDs.",
    ),
    "same_mother_same_day": Sentence(
        "Cùng mẹ, cùng ngày sinh, khác họ tên: sinh đôi hay đăng ký hai lần?",
        "Same mother, same birth date, another name: a twin, or registered twice?",
    ),
    "same_mother_same_day_like_name": Sentence(
        "Cùng mẹ, cùng ngày sinh, họ tên chỉ khác dấu hoặc thứ tự.",
        "Same mother and birth date; the names differ in marks, order or sex only.",
    ),
    "same_mother_like_name": Sentence(
        "Cùng mẹ, họ tên gần giống, ngày sinh của một bên không đầy đủ.",
        "Same mother, like names; one side's birth date is not complete.",
    ),
    "same_mother_same_name_other_day": Sentence(
        "Cùng mẹ, cùng họ tên, nhưng ngày sinh khác nhau.", "Same mother and name, but another birth date."
    ),
    "like_child_like_mother": Sentence(
        "Con và mẹ gần giống nhau; ít nhất một bên không có số định danh của mẹ.",
        "Child and mother are alike; at least one side lacks the mother's personal ID.",
    ),
    "like_child_like_father": Sentence(
        "Con và cha gần giống nhau; chưa rõ mẹ.", "Child and father are alike; the mother is not known."
    ),
    "like_child_same_place": Sentence(
        "Cùng họ tên, cùng ngày, cùng nơi; không rõ cha mẹ.",
        "Same name, day and place; the parents are not known.",
    ),
    "same_person_number": Sentence(
        "Cùng số định danh, nhưng ngày chết hoặc họ tên không khớp.",
        "The same personal ID, but day of death or name do not agree.",
    ),
    "same_person_other_number": Sentence(
        "Mọi thứ giống nhau, trừ số định danh.", "Everything is the same but the personal ID."
    ),
    "like_person": Sentence(
        "Họ tên và ngày sinh gần giống nhau; ít nhất một bên không có số định danh.",
        "Names and birth dates are alike; at least one side has no personal ID.",
    ),
    "same_couple_other_day": Sentence(
        "Cùng hai người, ngày kết hôn khác: kết hôn lại hay đăng ký hai lần?",
        "The same two people on another day: married again, or registered twice?",
    ),
    "same_couple_other_number": Sentence(
        "Cùng hai người cùng ngày, trừ số định danh.", "The same two people and day, but for a personal ID."
    ),
    "like_couple": Sentence(
        "Hai bên vợ chồng gần giống nhau; thiếu số định danh.",
        "Both spouses are alike; personal IDs are missing.",
    ),
    "same_parent_and_child": Sentence(
        "Cùng người nhận và cùng người con.", "The same parent and the same child."
    ),
    "like_parent_and_child": Sentence(
        "Người nhận và người con gần giống nhau.", "Parent and child are alike."
    ),
    "same_adopted_child": Sentence(
        "Cùng một người con nuôi đã có việc nuôi con nuôi.", "The same child has been adopted already."
    ),
    "like_adopted_child": Sentence(
        "Con nuôi và cha mẹ nuôi gần giống nhau.", "Adopted child and parents are alike."
    ),
}

GROUNDS: Final = frozenset(_GROUNDS)
"""Every ground that likeness can name has its sentence; a test compares them."""


_IN_THE_WAY: Final = Sentence(
    "Sự kiện này đang giữ mục đăng ký, mã hồ sơ hoặc chính việc mà hồ sơ khai.",
    "This event has the entry, the dossier code or the very matter that the dossier declares.",
)
"""Of what stands in the way of a declaration's event."""


def other_side(
    waiting: StoredEvent, earlier: StoredEvent, suspicion: Suspicion, *, may_see: bool
) -> OtherSide:
    """The earlier event beside the one that waits."""
    registration = earlier.event.registration
    pairs = _pairs(_shown(waiting), _shown(earlier), "")
    return OtherSide(
        authority_code=registration.authority_code,
        registered_at=registration.registered_at,
        event_type=earlier.event.event_type,
        ground=suspicion.ground,
        meaning=_GROUNDS.get(suspicion.ground, _IN_THE_WAY),
        is_visible=may_see,
        event_id=earlier.event_id if may_see else None,
        choice=earlier.event_id,
        fields=tuple(pairs if may_see else _masked(pairs)),
    )


def _shown(stored: StoredEvent) -> Mapping[str, Any]:
    """The matter, in a declaration as far as it is known."""
    message = dump_stored(stored.event)
    declared: Mapping[str, Any] = message["declared"] if isinstance(stored.event, Declaration) else message
    return declared


def _pairs(ours: Any, theirs: Any, pointer: str) -> Iterator[FieldPair]:  # noqa: ANN401 - any JSON
    """Every leaf of either side, in the order of the keys."""
    if isinstance(ours, dict) or isinstance(theirs, dict):
        left, right = _as_dict(ours), _as_dict(theirs)
        for name in [*left, *(each for each in right if each not in left)]:
            if pointer or name not in _LEFT_OUT:
                yield from _pairs(left.get(name), right.get(name), f"{pointer}/{escaped(name)}")
    else:
        yield FieldPair(pointer, ours, theirs, ours != theirs)


def _masked(pairs: Iterator[FieldPair]) -> Iterator[FieldPair]:
    """Of the other side nothing but whether it is the same as what the asker knows already."""
    for pair in pairs:
        if pair.pointer.rpartition("/")[2] in _IDENTIFYING and pair.ours is not None:
            yield FieldPair(pair.pointer, pair.ours, None, pair.differs)


def _as_dict(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return value if isinstance(value, dict) else {}
