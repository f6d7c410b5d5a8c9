"""What a message is made of, whoever wrote it down: from it come the XSD, the reading and the writing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

NAMESPACE = "urn:hotich-gateway:registry:1"
"""Of every element of ours. A new number is a new contract; what is added to this one is optional."""


class Base(StrEnum):
    """The kinds of text, by their names in XML Schema."""

    STRING = "string"
    INT = "int"
    BOOLEAN = "boolean"
    DATE_TIME = "dateTime"
    DATE = "date"
    BASE64 = "base64Binary"


@dataclass(frozen=True, slots=True)
class Scalar:
    """One text, with its limits."""

    base: Base
    name: str | None = None
    """Of the simple type: those with a list of values have one, so that toolkits make one enumeration."""
    values: tuple[str, ...] = ()
    facets: tuple[tuple[str, str], ...] = ()
    """XML Schema facet and value, in the order in which they are written."""


@dataclass(frozen=True, slots=True)
class Member:
    """A named place in a record; its element has the name of the field."""

    name: str
    kind: "Kind"
    is_required: bool
    is_list: bool = False
    items_max: int | None = None
    """None: no limit in the schema."""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """Named members in their order; a complex type."""

    name: str
    members: tuple[Member, ...]
    description: str = ""
    by_name: dict[str, Member] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {member.name: member for member in self.members})


Kind: TypeAlias = Scalar | Record
TEXT = Scalar(Base.STRING)
MOMENT = Scalar(Base.DATE_TIME)


def every_record(*roots: Record) -> Iterator[Record]:
    """Each record once, those that are needed before those that need them.

    Raises:
        ValueError: two different records have one name.

    """
    found: dict[str, Record] = {}
    for root in roots:
        _collect(root, found)
    yield from found.values()


def _collect(record: Record, found: dict[str, Record]) -> None:
    if record.name in found:
        if found[record.name] != record:
            raise ValueError(record.name)
        return
    for member in record.members:
        if isinstance(member.kind, Record):
            _collect(member.kind, found)
    if found.setdefault(record.name, record) != record:
        raise ValueError(record.name)
