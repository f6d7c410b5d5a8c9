"""What can be done when a partner did not simply accept.

AdapterError
├── NotSent          nothing left this machine                         → retry
├── Busy             "later", perhaps with a time; nothing was applied → retry, not before
├── OutcomeUnknown   sent, no usable answer                            → ask, then decide
├── Refused          the message is wrong; code and text kept          → a person decides
├── NotAuthorized    credentials refused; nothing was applied          → hold the destination, alarm
└── ContractBroken   the answer does not follow the contract           → a person decides, alarm
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from adapters.port import Evidence


@dataclass(frozen=True, slots=True)
class PartnerFault:
    """One fault that the partner named."""

    text: str
    field: str | None = None
    """The partner's own field name, where it said one."""


class RefusalReason(StrEnum):
    """Why a partner refused; decides what a person can do about it."""

    CONTENT = "content"
    SUSPECTED_DUPLICATE = "suspected_duplicate"
    PERSON_NOT_FOUND = "person_not_found"
    PERSON_MISMATCH = "person_mismatch"
    NEW_NUMBER_NEEDED = "new_number_needed"
    ALREADY_FINISHED = "already_finished"


class AdapterError(Exception):
    """The partner did not simply accept."""

    def __init__(self, evidence: Evidence | None = None) -> None:
        super().__init__(self.__doc__)
        self.evidence = evidence


class NotSent(AdapterError):
    """Nothing left this machine."""


class Busy(AdapterError):
    """The partner asked us to come later and applied nothing."""

    def __init__(self, evidence: Evidence | None = None, retry_after_seconds: float | None = None) -> None:
        super().__init__(evidence)
        self.retry_after_seconds = retry_after_seconds


class OutcomeUnknown(AdapterError):
    """It was sent and no usable answer came: ask before sending again."""


class Refused(AdapterError):
    """The partner refused the message itself."""

    def __init__(
        self,
        evidence: Evidence | None = None,
        reason: RefusalReason = RefusalReason.CONTENT,
        faults: tuple[PartnerFault, ...] = (),
        facts: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(evidence)
        self.reason = reason
        self.faults = faults
        self.facts = dict(facts or {})


class NotAuthorized(AdapterError):
    """The partner does not accept our credentials or address."""


class ContractBroken(AdapterError):
    """The answer does not follow the contract."""
