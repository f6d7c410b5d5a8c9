"""What can be asked over SOAP: every operation with the shape of its question and of its answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from gateway.api.soap.answer_shapes import change_shape, journey_shape, problem_shape, receipt_shape
from gateway.api.soap.event_shapes import event_shape
from gateway.api.soap.shapes import TEXT, Base, Member, Record, Scalar
from mappings.canonical import EVENT_TYPES

KEY: Final = Member(
    "idempotency_key",
    Scalar(Base.STRING, facets=(("minLength", "1"), ("maxLength", "255"))),
    is_required=False,
    description="Defaults to source_event_id (khóa chống gửi trùng).",
)


class Act(StrEnum):
    """What an operation does."""

    REGISTER = "register"
    REGISTER_MANY = "register_many"
    STATUS = "status"
    FIND = "find"
    CHANGES = "changes"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the service."""

    name: str
    act: Act
    request: Record
    response: Record
    event_type: str | None
    """Of the one event that it registers."""
    description: str


@cache
def operations() -> Mapping[str, Operation]:
    """All of them by name, in the order of the WSDL."""
    registering = [_register(event_type) for event_type in EVENT_TYPES]
    return {each.name: each for each in (*registering, _register_many(), *_asking())}


def _register(event_type: str) -> Operation:
    shape = event_shape(event_type)
    name = f"Register{shape.name}"
    event = Member(event_type, shape, is_required=True, description="The event.")
    receipt = Member("receipt", receipt_shape(), is_required=True, description="On disk; will be delivered.")
    return Operation(
        name,
        Act.REGISTER,
        Record(name, (event, KEY)),
        Record(f"{name}Response", (receipt,)),
        event_type,
        f"Hand in one event. {shape.description}",
    )


@cache
def any_event_shape() -> Record:
    """One event of any type: exactly one of its elements is filled."""
    choices = (Member(each, event_shape(each), is_required=False) for each in EVENT_TYPES)
    return Record("AnyEvent", (*choices, KEY), "Exactly one event: fill in the element of its type.")


def _register_many() -> Operation:
    result = Record(
        "RegisterResult",
        (
            Member("position", Scalar(Base.INT), is_required=True, description="In the request, from 1."),
            Member(
                "outcome",
                TEXT,
                is_required=True,
                description="accepted; repeated: the same content was accepted before; refused.",
            ),
            Member("source_event_id", TEXT, is_required=False),
            Member("receipt", receipt_shape(), is_required=False),
            Member("problem", problem_shape(), is_required=False, description="Why it was refused."),
        ),
        "What became of one event of many.",
    )
    return Operation(
        "RegisterMany",
        Act.REGISTER_MANY,
        Record("RegisterMany", (Member("event", any_event_shape(), is_required=True, is_list=True),)),
        Record(
            "RegisterManyResponse",
            (Member("result", result, is_required=False, is_list=True, description="One for each event."),),
        ),
        None,
        "Hand in several events of any types; each is accepted or refused for itself.",
    )


def _asking() -> tuple[Operation, ...]:
    journey, source_id = (
        journey_shape(),
        Scalar(Base.STRING, facets=(("minLength", "1"), ("maxLength", "100"))),
    )
    return (
        Operation(
            "GetEventStatus",
            Act.STATUS,
            Record("GetEventStatus", (Member("event_id", TEXT, is_required=True),)),
            Record("GetEventStatusResponse", (Member("event", journey, is_required=True),)),
            None,
            "The journey of an event (hành trình của sự kiện): states, why it waits, due times, answers.",
        ),
        Operation(
            "FindEvents",
            Act.FIND,
            Record("FindEvents", (Member("source_event_id", source_id, is_required=True),)),
            Record("FindEventsResponse", (Member("event", journey, is_required=False, is_list=True),)),
            None,
            "Own events by the sender's own number (tìm theo mã sự kiện của nguồn).",
        ),
        Operation(
            "FetchChanges",
            Act.CHANGES,
            Record(
                "FetchChanges",
                (
                    Member("after", TEXT, is_required=False, description="Cursor of an earlier page."),
                    Member("limit", Scalar(Base.INT), is_required=False, description="Default 100."),
                ),
            ),
            Record(
                "FetchChangesResponse",
                (
                    Member("change", change_shape(), is_required=False, is_list=True),
                    Member("cursor", TEXT, is_required=False, description="Give it as `after` next time."),
                    Member("has_more", Scalar(Base.BOOLEAN), is_required=True),
                ),
            ),
            None,
            "What changed since a cursor (luồng thay đổi); a reader that keeps its cursor misses nothing.",
        ),
    )
