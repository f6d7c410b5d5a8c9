"""What must follow the first deliveries: late numbers, and the steps of each dossier, in order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulators.demo.holdings import (
    Holding,
    Holdings,
    dossier_key,
    linked_key,
    number_key,
    step_key,
    supplement_key,
)
from simulators.demo.legal_needs import record_key, wants_number
from simulators.demo.posting import Posted
from simulators.demo.scheme import CLERK_REFUSES, SUPPLEMENT
from simulators.local_registry.township import Registered

PROCESSING, FINISHED = "4", "9"
FINAL_STEPS = {SUPPLEMENT: "5", CLERK_REFUSES: "3"}
LINKED_STATES = {
    None: ("1", "3", "7", "4"),
    SUPPLEMENT: ("1", "3", "7", "2"),
    CLERK_REFUSES: ("1", "3", "7", "6"),
}
"""Taken in, accepted, sent on, and how it ended at the registry; 5 (handed over) is the desk's own."""
HANDED_OVER = "5"
EARLY_SLACK_SECONDS = 0.5
PROCESSING_STEPS_MAX = 2  # "received" and "being processed" share the status


@dataclass(frozen=True, slots=True)
class Followed:
    """How many follow-ups there had to be and are, what is missing yet, and what is wrong for good."""

    needed: int
    found: int
    missing: tuple[str, ...]
    wrong: tuple[str, ...]


def check_numbers(
    events: Iterable[Registered], holdings: Holdings, accepted: Mapping[str, Posted], wait_seconds: float
) -> Followed:
    """A number is in the registry exactly once: in the record, or as the supplement that followed it."""
    needed, found = 0, 0
    missing: list[str] = []
    wrong: list[str] = []
    for event in filter(wants_number, events):
        record, asked = holdings.find(record_key(event)), holdings.find(number_key(event))
        if record is None:
            continue
        name, supplement = event.source_event_id, holdings.find(supplement_key(event))
        number = "" if asked is None else str(asked.facts["number"])
        in_record = str(record.record.get("nksSoDDCN", ""))
        if in_record and in_record != number:
            wrong.append(f"{name}: the record holds another number than was given out")
        if in_record and supplement is not None:
            wrong.append(f"{name}: the number is in the record and was added once more")
        if in_record:
            continue
        if _went_too_early(record, accepted[name], wait_seconds):
            wrong.append(f"{name}: the record went without its number before the wait was over")
        if not number:
            continue
        needed += 1
        if supplement is None:
            missing.append(f"{name}: its late number has not followed")
            continue
        found += 1
        wrong += _faults_of_supplement(name, number, record, supplement)
    return Followed(needed, found, tuple(missing), tuple(wrong))


def check_steps(
    events: Iterable[Registered], holdings: Holdings, clerk_decisions: Mapping[str, int]
) -> Followed:
    """Each dossier hears that the registry has the record, and how it ended."""
    needed, found = 0, 0
    missing: list[str] = []
    wrong: list[str] = []
    for event in events:
        if not event.dossier_code or not _is_due(event, holdings):
            continue
        needed += 1
        steps = holdings.of(step_key(event))
        decision = clerk_decisions.get(event.source_event_id)
        final = FINISHED if decision is None else FINAL_STEPS[decision]
        statuses = [step.body["TrangThai"] for step in steps]
        if final not in statuses or PROCESSING not in statuses:
            missing.append(f"{event.source_event_id}: the one-stop shop has not heard the outcome")
            continue
        found += 1
        wrong += _faults_of_steps(event.source_event_id, steps, statuses, final)
    return Followed(needed, found, tuple(missing), tuple(wrong))


def check_linked(
    events: Iterable[Registered], holdings: Holdings, clerk_decisions: Mapping[str, int]
) -> Followed:
    """A linked service hears of its dossier what has come true, in the order that the contract enforces."""
    needed, found = 0, 0
    missing: list[str] = []
    wrong: list[str] = []
    for event in events:
        if "linked_code" not in event.message.get("dossier", {}) or not _is_due(event, holdings):
            continue
        needed += 1
        states = tuple(held.body["trangThai"] for held in holdings.of(linked_key(event)))
        wanted = LINKED_STATES[clerk_decisions.get(event.source_event_id)]
        if states[: len(wanted)] == wanted and set(states[len(wanted) :]) <= {HANDED_OVER}:
            found += 1
        elif states == wanted[: len(states)]:
            missing.append(f"{event.source_event_id}: the linked service has not heard the outcome")
        else:
            told = ", ".join(states)
            wrong.append(f"{event.source_event_id}: the linked service was told the states {told}")
    return Followed(needed, found, tuple(missing), tuple(wrong))


def _is_due(event: Registered, holdings: Holdings) -> bool:
    return holdings.find(record_key(event)) is not None and holdings.find(dossier_key(event)) is not None


def _went_too_early(record: Holding, posted: Posted, wait_seconds: float) -> bool:
    accepted_at = datetime.fromisoformat(posted.answer.body["accepted_at"])
    return record.received_at < accepted_at + timedelta(seconds=wait_seconds - EARLY_SLACK_SECONDS)


def _faults_of_supplement(name: str, number: str, record: Holding, supplement: Holding) -> list[str]:
    faults = []
    if number not in [change.get("giaTriMoi") for change in supplement.record["thayDoi"]]:
        faults.append(f"{name}: the number that followed is not the one given out")
    if supplement.position < record.position:
        faults.append(f"{name}: the number came before the record that it supplements")
    return faults


def _faults_of_steps(name: str, steps: Sequence[Holding], statuses: Sequence[str], final: str) -> list[str]:
    faults = []
    if set(statuses) != {PROCESSING, final} or statuses.count(final) != 1:
        faults.append(f"{name}: steps {', '.join(statuses)} instead of {PROCESSING} and one {final}")
    remarks = [step.body["NoiDungXuLy"] for step in steps if step.body["TrangThai"] == PROCESSING]
    if len(remarks) > PROCESSING_STEPS_MAX or len(set(remarks)) != len(remarks):
        faults.append(f"{name}: the same step was reported more than once")
    if statuses[-1] != final:
        faults.append(f"{name}: the last step is not the outcome")
    return faults
