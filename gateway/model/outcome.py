"""What one attempt can come to: a closed set, and nothing else leaves `send`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.errors import PartnerFault, RefusalReason
from adapters.port import Accepted, Evidence
from mappings.catalog import MappingViolation


@dataclass(frozen=True, slots=True)
class Delivered:
    """The destination holds it, for the first time or already."""

    answer: Accepted


@dataclass(frozen=True, slots=True)
class AbsentThere:
    """Asked, and the destination does not have it: it may be sent."""

    evidence: Evidence


@dataclass(frozen=True, slots=True)
class RefusedThere:
    """The destination refused the message itself: a person decides."""

    reason: RefusalReason
    faults: tuple[PartnerFault, ...]
    evidence: Evidence | None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NotTranslated:
    """The event cannot be said in the destination's words; nothing was sent."""

    violations: tuple[MappingViolation, ...]


@dataclass(frozen=True, slots=True)
class NothingSent:
    """The destination could not be reached; no byte of the message left."""

    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class LaterPlease:
    """The destination applied nothing and wants to be left alone for a while."""

    evidence: Evidence | None
    retry_after_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class NobodyKnows:
    """Sent or asked, and no usable answer came: ask before sending again."""

    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class NotAskable:
    """An earlier sending may have arrived, the destination cannot be asked, and a repeat might do harm."""


@dataclass(frozen=True, slots=True)
class BrokenAnswer:
    """An answer that the contract does not know; `maybe_sent` if the message may have been applied."""

    evidence: Evidence | None
    maybe_sent: bool


@dataclass(frozen=True, slots=True)
class LockedOut:
    """The destination does not accept our credentials or address; nothing was applied."""

    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class Crashed:
    """Something nobody foresaw; the log holds the traceback under `error_id`."""

    error_id: str
    maybe_sent: bool


Answered = Delivered | AbsentThere | RefusedThere | LaterPlease | BrokenAnswer | LockedOut
"""The destination said something."""
Unanswered = NotTranslated | NothingSent | NobodyKnows | NotAskable | Crashed
"""It was not asked, not reached, or kept silent."""
Outcome = Answered | Unanswered
