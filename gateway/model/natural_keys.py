"""By what an event is known to be the same as another one, whoever hands it in (khóa tự nhiên)."""

import hashlib
from dataclasses import dataclass
from typing import Final, NewType

from gateway.model.ids import EventId

KeyDigest = NewType("KeyDigest", bytes)
"""A short digest of what is looked for. It is as personal as the name or number from which it is made."""

DIGEST_BYTES: Final = 16


def digest(*parts: str) -> KeyDigest:
    """The same parts always give the same digest; two others never do, for all practical purposes."""
    return KeyDigest(hashlib.sha256("\x1f".join(parts).encode()).digest()[:DIGEST_BYTES])


@dataclass(frozen=True, slots=True)
class NaturalKey:
    """Something that two registrations of one event have in common; what has it too is looked at closely."""

    digest: KeyDigest
    day: str = ""
    """`MMDD`, `MM` or nothing: holders of the key on another day need not be looked at."""


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """An event that has a key, kept for ever; the number makes two who come at once see each other."""

    digest: KeyDigest
    ordinal: int
    """From 1, in the order of commits: key and ordinal are unique in the database."""
    event_id: EventId
    day: str = ""


Fingerprint = NewType("Fingerprint", str)
"""Of everything by which an event is compared: judged once, a pair of them is not asked about again."""


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """What an authorised person said of two descriptions of an event."""

    first: Fingerprint
    second: Fingerprint
    """The greater of the two."""
    is_same: bool
    question_id: str


def pair_of(one: Fingerprint, other: Fingerprint) -> tuple[Fingerprint, Fingerprint]:
    """In one order."""
    return (one, other) if one <= other else (other, one)
