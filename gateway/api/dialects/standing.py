"""How far a dossier is, in the registry's numbers, from the journey of its event. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.model.ids import Destination
from gateway.operations.journey import DeliveryStory, Journey
from mappings.canonical import VIETNAM_TIME
from retry_queue.states import State

RECEIVED: Final = "1"
SUPPLEMENT: Final = "2"
PROCESSING: Final = "3"
COMPLETED: Final = "4"
REFUSED: Final = "6"

WORDS: Final[Mapping[str, str]] = {
    RECEIVED: "Chờ tiếp nhận",
    SUPPLEMENT: "Yêu cầu bổ sung hồ sơ",
    PROCESSING: "Đang xử lý",
    COMPLETED: "Đã đăng ký",
    REFUSED: "Từ chối",
}
_OF_STAGE: Final[Mapping[str, str]] = {
    "received": RECEIVED,
    "supplement_asked": SUPPLEMENT,
    "processing": PROCESSING,
    "completed": COMPLETED,
    "refused": REFUSED,
}
_SUPPLEMENT_MESSAGE: Final = "personal_id_update"


@dataclass(frozen=True, slots=True)
class DossierStanding:
    """How far it is, and what is said about it."""

    number: str
    text: str
    changed_at: datetime

    @property
    def in_first_generation(self) -> str:
        """Generation 1 has no number for a refusal: the clerk asks for a supplement [S]."""
        return SUPPLEMENT if self.number == REFUSED else self.number

    @property
    def moment(self) -> str:
        """`dd/MM/yyyy HH:mm:ss` by Vietnamese time."""
        return f"{self.changed_at.astimezone(VIETNAM_TIME):%d/%m/%Y %H:%M:%S}"


def standing_of(journey: Journey) -> DossierStanding:
    """Of the first record to the registry; an event of which it is not told is done when all is."""
    record = next((each for each in journey.deliveries if _is_record(each)), None)
    if record is None:
        number = COMPLETED if journey.is_complete else PROCESSING
        return DossierStanding(number, WORDS[number], journey.accepted_at)
    number = _number_of(record)
    words = record.stage_text or (record.why.vi if record.state == State.HELD.value else WORDS[number])
    return DossierStanding(number, words, record.finished_at or journey.accepted_at)


def _is_record(delivery: DeliveryStory) -> bool:
    is_for_registry = delivery.destination == Destination.NATIONAL_REGISTRY.value
    return is_for_registry and delivery.message != _SUPPLEMENT_MESSAGE


def _number_of(record: DeliveryStory) -> str:
    """A held record waits for a person of ours, not for the citizen: it is being handled."""
    match record.state:
        case State.DONE.value:
            return _OF_STAGE.get(record.stage or "", RECEIVED)
        case State.CANCELLED.value:
            return REFUSED
        case State.HELD.value:
            return PROCESSING
        case _:
            return RECEIVED
