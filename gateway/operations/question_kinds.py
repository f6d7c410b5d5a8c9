"""Which question a delivery puts to a person, and which units an old code may stand for. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from gateway.model.clock import VIETNAM
from gateway.model.delivery import AttemptRow, StoredEvent
from gateway.model.ids import Destination
from gateway.model.questioning import OpenCounts, OpenQuestions, QuestionKind
from gateway.operations.asked_about import NO_QUESTION, AskedAbout, asked_about, asked_from
from gateway.operations.json_change import escaped
from mappings.bridge import Question as BridgeQuestion
from mappings.bridge import bridge
from mappings.canonical import Declaration, dump_event, matter_of
from mappings.units import Unit
from retry_queue.job import Job
from retry_queue.states import State

UNIT_CODES: Final[Mapping[Destination, frozenset[str]]] = {
    Destination.NATIONAL_REGISTRY: frozenset({"106", "108"})
}
"""What a destination answers when it does not know the office or its province (contract, codes of errors)."""
CONTENT_REASONS: Final = frozenset({"refused.content", "refused.person_mismatch", "not_mapped"})
"""Refusals that an address may be the cause of."""


@dataclass(frozen=True, slots=True)
class DoubtfulPlace:
    """A place whose old code may stand for several units of today; only its address tells which."""

    pointer: str
    """Of the place in the content."""
    old: Unit
    detail: str | None
    """The address in words, by which a person decides."""
    candidates: tuple[Unit, ...]


def is_question(job: Job, now: datetime) -> bool:
    """Held, and neither by somebody who knows why nor for something else that settles it; or still in doubt.

    Doubts are settled by asking, mostly; they become a question when the deadline comes near.
    """
    if job.state is State.UNKNOWN:
        return now >= asked_from(job)
    return job.state is State.HELD and job.held_reason not in NO_QUESTION


def kind_of(
    asked: AskedAbout,
    destination: Destination,
    attempts: Sequence[AttemptRow],
    places: Sequence[DoubtfulPlace],
) -> QuestionKind:
    """The most exact of the questions that fit."""
    if asked.is_in_doubt:
        return QuestionKind.UNKNOWN_OUTCOME
    last = attempts[-1].partner_code if attempts else None
    if last is not None and last in UNIT_CODES.get(destination, ()):
        return QuestionKind.WRONG_UNIT
    if places and asked.reason in CONTENT_REASONS:
        return QuestionKind.SPLIT_COMMUNE
    return QuestionKind.REFUSED_ITEM


def count_questions(jobs: Sequence[Job], now: datetime) -> OpenCounts:
    """How many questions deliveries put, as far as the jobs alone tell, and since when."""
    since: dict[QuestionKind, list[datetime]] = {}
    for job in jobs:
        if is_question(job, now):
            since.setdefault(kind_of(asked_about(job), Destination(job.lane), (), ()), []).append(
                job.updated_at
            )
    return {kind: OpenQuestions(len(found), min(found)) for kind, found in since.items()}


def doubtful_places(stored: StoredEvent) -> tuple[DoubtfulPlace, ...]:
    """Old codes in the content that no single unit of the registration day has taken over."""
    registered_on = stored.event.registration.registered_at.astimezone(VIETNAM).date()
    within = "/declared" if isinstance(stored.event, Declaration) else ""
    return tuple(_doubtful(dump_event(matter_of(stored.event)), within, registered_on))


def changes_to(place: DoubtfulPlace, unit: Unit, province_code: str, on_date: date) -> list[dict[str, Any]]:
    """A JSON Patch that says the place in the codes of that day."""
    steps: list[dict[str, Any]] = [
        {"op": "add", "path": f"{place.pointer}/commune_code", "value": unit.code},
        {"op": "add", "path": f"{place.pointer}/province_code", "value": province_code},
        {"op": "add", "path": f"{place.pointer}/as_of", "value": on_date.isoformat()},
        {"op": "add", "path": f"{place.pointer}/district_code", "value": None},
        {"op": "remove", "path": f"{place.pointer}/district_code"},
    ]
    return steps


def _doubtful(value: object, pointer: str, registered_on: date) -> Iterator[DoubtfulPlace]:
    if isinstance(value, list):
        for index, part in enumerate(value):
            yield from _doubtful(part, f"{pointer}/{index}", registered_on)
    if not isinstance(value, dict):
        return
    code, as_of = value.get("commune_code"), value.get("as_of")
    if isinstance(code, str) and isinstance(as_of, str):
        answer = bridge(code, date.fromisoformat(as_of), registered_on)
        if isinstance(answer, BridgeQuestion) and answer.candidates:
            yield DoubtfulPlace(pointer, answer.old, value.get("detail"), answer.candidates)
    for name, part in value.items():
        yield from _doubtful(part, f"{pointer}/{escaped(name)}", registered_on)
