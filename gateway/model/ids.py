"""The names of things: ids that cannot be mixed up, and how new ones are made."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import NewType

EventId = NewType("EventId", str)
DeliveryId = NewType("DeliveryId", str)
"""Also the id of the queue's job: one delivery is one job."""
ClientId = NewType("ClientId", str)
PersonId = NewType("PersonId", str)
"""Our own key of a person; a personal ID is only an attribute that may come late or be replaced."""


class Destination(StrEnum):
    """The three national systems; the names are fixed."""

    NATIONAL_REGISTRY = "national_registry"
    POPULATION_DB = "population_db"
    ONE_STOP = "one_stop"


RandomBytes = Callable[[int], bytes]
"""Gives that many random bytes; passed in so that tests are repeatable."""


def new_uuid7(now: datetime, random_bytes: RandomBytes) -> str:
    """A time-ordered UUID, version 7 (RFC 9562 section 5.7), as text."""
    milliseconds = int(now.timestamp() * 1000)
    noise = int.from_bytes(random_bytes(10), "big")
    value = (milliseconds & (2**48 - 1)) << 80
    value |= 0x7 << 76 | (noise >> 68 & 0xFFF) << 64
    value |= 0b10 << 62 | noise & (2**62 - 1)
    digits = f"{value:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
