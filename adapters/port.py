"""What every partner looks like to the gateway: three verbs and the values they take and give."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType, Protocol, TypeAlias

RequestId = NewType("RequestId", str)
"""Names one request for good: the same on every attempt, so that a partner can recognise a repeat."""

JsonValue: TypeAlias = "bool | int | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"

FACT_PERSONAL_ID = "personal_id"
"""The number that the population database gave the person (số định danh cá nhân)."""
FACT_REGISTRATION_NUMBER = "registration_number"
"""Number of the entry in its book (số đăng ký)."""
FACT_REGISTRATION_VOLUME = "registration_volume"
"""The volume (quyển số)."""
FACT_REGISTRATION_PAGE = "registration_page"
"""The page (trang số)."""
FACT_REGISTRATION_DATE = "registration_date"
"""Day of registration (ngày đăng ký), of a remark the day it was written (ngày ghi chú); ISO 8601."""
FACT_EXISTING_PERSONAL_ID = "existing_personal_id"
"""The number that a suspected duplicate quotes."""


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """One message in the partner's own words, built by the mappings."""

    request_id: RequestId
    operation: str
    """The partner's operation, spelled as in its contract; opaque to the gateway."""
    body: Mapping[str, JsonValue]
    routing: Mapping[str, str] = field(default_factory=dict)
    """What the adapter needs to address or find the message again but does not send in the body."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was exchanged, kept for proof; may name people, so it is stored and never logged."""

    operation: str
    http_status: int | None = None
    partner_code: str | None = None
    partner_text: str | None = None
    request_sha256: str | None = None
    response_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The partner holds the message."""

    evidence: Evidence
    already_there: bool = False
    pending: bool = False
    """Held, but its result (a number, a decision) is still to come: `fetch` brings it."""
    partner_reference: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Absent:
    """The partner was asked and does not show the message."""

    evidence: Evidence


Standing = Accepted | Absent


class Stage(StrEnum):
    """How far the partner's own work on a message has come, in words that all partners share."""

    RECEIVED = "received"
    SUPPLEMENT_ASKED = "supplement_asked"
    PROCESSING = "processing"
    COMPLETED = "completed"
    REFUSED = "refused"

    @property
    def is_final(self) -> bool:
        """Nothing more will be heard of it."""
        return self in {Stage.COMPLETED, Stage.REFUSED}


@dataclass(frozen=True, slots=True)
class News:
    """What a partner says now of a message it was sent."""

    request_id: RequestId
    stage: Stage
    partner_code: str
    text: str | None = None
    occurred_at: datetime | None = None
    """The partner's own time of the step, UTC."""
    actor: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Repeats:
    """What makes it safe to go on after an answer was lost."""

    asks: bool
    """`ask` says what became of a request, and applies nothing a second time."""
    idempotent: bool
    """The same request id sent twice is applied once."""


Announce = Callable[[], None]
"""Called once by the adapter, when all is ready and before the first byte of the message; may raise."""


class Adapter(Protocol):
    """One destination. Each verb raises an `AdapterError` that says what can be done."""

    @property
    def repeats(self) -> Repeats:
        """What can be done about a request whose answer was lost."""
        ...

    @property
    def fetch_limit(self) -> int:
        """How many messages one `fetch` may ask about."""
        ...

    def send(self, message: OutboundMessage, announce: Announce) -> Accepted:
        """Hand over the message. Log in and connect first, then `announce`, then send."""
        ...

    def ask(self, message: OutboundMessage) -> Standing:
        """What became of this request, without applying it a second time; only where `repeats.asks`."""
        ...

    def fetch(self, outstanding: Sequence[OutboundMessage]) -> Sequence[News]:
        """What is new for us; messages the partner does not show are left out."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
