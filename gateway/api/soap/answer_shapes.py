"""The shapes of answers, taken from the values that REST shows as JSON: neither can gain a field alone."""

import ast
import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from itertools import pairwise
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from gateway.api.soap.shapes import MOMENT, TEXT, Base, Kind, Member, Record, Scalar
from gateway.model.public_details import PUBLIC_DETAILS
from gateway.model.submission import Receipt, Violation
from gateway.operations.journey import Journey

_NUMBER: Final = Scalar(Base.INT)
_SCALARS: Final[Mapping[type, Scalar]] = {
    bool: Scalar(Base.BOOLEAN),
    int: _NUMBER,
    str: TEXT,
    datetime: MOMENT,
}
PAIR: Final = Record(
    "NamedText",
    (Member("name", TEXT, is_required=True), Member("value", TEXT, is_required=True)),
    "A name and its text, where a partner system chose the names.",
)
PAIRS: Final = Record(
    "NamedTexts",
    (
        Member("line", TEXT, is_required=True, description="All of it in one line, for people."),
        Member("entry", PAIR, is_required=False, is_list=True),
    ),
    "Several names with their texts.",
)
"""Never a list alone: .NET makes an array of arrays of it and then cannot compile its own code."""


@cache
def violation_shape() -> Record:
    """One fault of a message, as in the problem documents of REST."""
    return _record(Violation)


@cache
def receipt_shape() -> Record:
    """The receipt."""
    return _record(Receipt)


@cache
def journey_shape() -> Record:
    """What became of an event."""
    return _record(Journey)


@cache
def change_shape() -> Record:
    """One entry of the change feed."""
    detail = Record(
        "ChangeDetail",
        tuple(Member(name, TEXT, is_required=False) for name in sorted(PUBLIC_DETAILS)),
        "Codes and names; which of them are there depends on the change.",
    )
    return Record(
        "Change",
        (
            Member("change", TEXT, is_required=True, description="What happened."),
            Member("event_id", TEXT, is_required=True),
            Member("delivery_id", TEXT, is_required=False),
            Member("happened_at", MOMENT, is_required=True),
            Member("detail", detail, is_required=False),
        ),
        "One entry of the change feed (luồng thay đổi).",
    )


@cache
def problem_shape() -> Record:
    """What the problem document of REST holds (RFC 9457)."""
    return Record(
        "Problem",
        (
            Member("type", TEXT, is_required=True, description="Stable name of the problem."),
            Member("code", TEXT, is_required=True),
            Member("status", _NUMBER, is_required=True, description="What REST would answer."),
            Member("title", TEXT, is_required=True),
            Member("title_vi", TEXT, is_required=False),
            Member("detail", TEXT, is_required=False, description="What to do."),
            Member("detail_vi", TEXT, is_required=False),
            Member(
                "errors",
                violation_shape(),
                is_required=False,
                is_list=True,
                description="Every fault of the message at once (mọi lỗi của thông điệp).",
            ),
            Member("first_event_id", TEXT, is_required=False, description="The event that came first."),
            Member("first_registered_at", MOMENT, is_required=False),
            Member("first_authority_code", TEXT, is_required=False),
            Member("needed", TEXT, is_required=False, is_list=True, description="One of these roles."),
            Member("limit_bytes", _NUMBER, is_required=False),
            Member("error_id", TEXT, is_required=False, description="Give it to the operator."),
        ),
        "Why nothing was done; the same as the problem document of the REST interface.",
    )


def _record(kind: type) -> Record:
    hints, told = get_type_hints(kind), _told(kind)
    members = tuple(
        _member(each.name, hints[each.name], told.get(each.name, "")) for each in fields(_dataclass(kind))
    )
    return Record(kind.__name__, members, inspect.cleandoc(kind.__doc__ or ""))


def _dataclass(kind: type) -> Any:  # noqa: ANN401 - what `fields` takes has no name that can be imported
    if not is_dataclass(kind):
        raise TypeError(kind)
    return kind


def _member(name: str, hint: object, description: str) -> Member:
    if get_origin(hint) in {Union, UnionType}:
        (hint,) = (choice for choice in get_args(hint) if choice is not NoneType)
        return Member(name, _kind(hint), is_required=False, description=description)
    origin = get_origin(hint)
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return Member(
            name, _kind(get_args(hint)[0]), is_required=False, is_list=True, description=description
        )
    return Member(name, _kind(hint), is_required=True, description=description)


def _kind(hint: Any) -> Kind:  # noqa: ANN401 - any type hint
    hint = getattr(hint, "__supertype__", hint)
    if get_origin(hint) is not None:
        return PAIRS
    if issubclass(hint, Enum):
        return TEXT  # a list of values would break every old client on the day it grows
    return _SCALARS.get(hint) or _record(hint)


def _told(kind: type) -> Mapping[str, str]:
    """What the text below each field says of it."""
    try:
        (tree,) = ast.parse(inspect.cleandoc(inspect.getsource(kind))).body
    except (OSError, SyntaxError, ValueError):
        return {}
    return dict(_pairs(getattr(tree, "body", ())))


def _pairs(lines: Sequence[ast.stmt]) -> Iterator[tuple[str, str]]:
    for field, text in pairwise(lines):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
        ):
            yield field.target.id, inspect.cleandoc(str(text.value.value))
