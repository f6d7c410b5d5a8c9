"""Which deliveries follow later from what a destination says; pure, and unique by (event, step)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from adapters.port import FACT_PERSONAL_ID, Stage
from gateway.model.delivery import AttemptRow, OutcomeCode, StoredEvent, Verb
from gateway.model.ids import Destination
from gateway.model.planning import PlannedStep, fact_name
from mappings.canonical import ForeignActNote, matter_of

NUMBER_UPDATE = "registry_personal_id_update"
PROGRESS = "one_stop_progress"

LINKED = "linked_status"
"""Message and name of the steps that tell the linked service (liên thông) the states of a dossier."""
LINKED_MATTERS = frozenset({"birth", "birth_with_recognition", "death", "marriage"})
"""Event types that a linked service has."""
HANDED_OVER = "handed_over"
_RESULT_STEP = f"{LINKED}.{Stage.COMPLETED.value}"
_LINKED_STATES: Mapping[Stage, str] = {
    Stage.RECEIVED: "forwarded",
    Stage.SUPPLEMENT_ASKED: "supplement_asked",
    Stage.COMPLETED: "completed",
    Stage.REFUSED: "refused",
}
"""What a stage at the registry means there. Processing says no more than "accepted", told before."""

LATE_NUMBERS = {"birth": "child", "birth_with_recognition": "child", "foreign_act_note": "child"}
"""Event type -> the party whose number may come after the registry got the record without it."""

_ACCEPTED = frozenset({OutcomeCode.ACCEPTED, OutcomeCode.ACCEPTED_BY_COURIER})
ARRIVED = _ACCEPTED | {OutcomeCode.ALREADY_THERE, OutcomeCode.CONFIRMED_BY_PERSON}
_SENDING = frozenset({Verb.SEND, Verb.COURIER})
_CERTAINLY_NOT_APPLIED = frozenset(
    {
        OutcomeCode.ABSENT,
        OutcomeCode.REFUSED,
        OutcomeCode.NOT_SENT,
        OutcomeCode.BUSY,
        OutcomeCode.NOT_AUTHORIZED,
        OutcomeCode.NOT_MAPPED,
    }
)


@dataclass(frozen=True, slots=True)
class StageReport:
    """How far the registry has come with the record, as the one-stop shop is to hear it."""

    stage: Stage
    reached_at: datetime
    text: str | None = None
    actor: str | None = None


def progress_step(stored: StoredEvent, report: StageReport) -> PlannedStep | None:
    """The step that tells the one-stop shop; None when there is no dossier to speak of."""
    if stored.event.dossier is None:
        return None
    return PlannedStep(
        name=f"{PROGRESS}.{report.stage.value}",
        destination=Destination.ONE_STOP,
        message="progress",
        facts={"stage": report.stage.value, **_facts(report)},
    )


def linked_step(stored: StoredEvent, report: StageReport) -> PlannedStep | None:
    """The step that tells the linked service; None when it does not have the dossier or knows the state."""
    state = _LINKED_STATES.get(report.stage)
    return None if state is None or not _is_linked(stored) else _linked_step(state, report)


def handed_over_step(stored: StoredEvent, told_by: str, report: StageReport) -> PlannedStep | None:
    """The last state: after the result was told, the one-stop shop shows that the desk handed it over."""
    if told_by != _RESULT_STEP or report.stage is not Stage.COMPLETED or not _is_linked(stored):
        return None
    return _linked_step(HANDED_OVER, report)


def _is_linked(stored: StoredEvent) -> bool:
    dossier = stored.event.dossier
    has_code = dossier is not None and dossier.linked_code is not None
    return has_code and matter_of(stored.event).event_type in LINKED_MATTERS


def _linked_step(state: str, report: StageReport) -> PlannedStep:
    facts = {"linked_state": state, **_facts(report)}
    return PlannedStep(f"{LINKED}.{state}", Destination.ONE_STOP, LINKED, facts=facts)


def _facts(report: StageReport) -> dict[str, str]:
    facts = {"stage_at": report.reached_at.isoformat()}
    if report.text:
        facts["stage_text"] = report.text
    if report.actor:
        facts["officer"] = report.actor
    return facts


def late_number_fact(stored: StoredEvent) -> str | None:
    """The fact that makes an update necessary when it comes late, e.g. `personal_id.child`."""
    event = stored.event
    if isinstance(event, ForeignActNote) and event.act != "birth":
        return None
    party = LATE_NUMBERS.get(event.event_type)
    return None if party is None else fact_name(FACT_PERSONAL_ID, party)


def number_update_step(stored: StoredEvent) -> PlannedStep:
    """The late number, as a delivery of its own behind the record."""
    return PlannedStep(
        name=NUMBER_UPDATE,
        destination=Destination.NATIONAL_REGISTRY,
        message="personal_id_update",
        subject=LATE_NUMBERS[stored.event.event_type],
    )


def has_arrived(attempts: Sequence[AttemptRow]) -> bool:
    """Whether the destination has the message."""
    return any(attempt.outcome in ARRIVED for attempt in attempts)


def arrived_without(fact: str, attempts: Sequence[AttemptRow]) -> bool:
    """Whether the message that arrived may have lacked the fact.

    A fresh acceptance speaks for the sending that it answers. "Already there", or an answer to a question,
    may speak for any earlier sending, so all of those must have carried the fact. A record that a person
    found there although we never sent it was made by somebody else, who may not have known the fact.
    """
    if not has_arrived(attempts):
        return False
    sendings = [attempt for attempt in attempts if attempt.verb in _SENDING]
    fresh = [attempt for attempt in sendings if attempt.outcome in _ACCEPTED]
    suspects = fresh or [each for each in sendings if each.outcome not in _CERTAINLY_NOT_APPLIED]
    if not suspects:
        return any(attempt.outcome is OutcomeCode.CONFIRMED_BY_PERSON for attempt in attempts)
    return any(fact not in attempt.facts_used for attempt in suspects)
