"""Which deliveries an event needs: the plan is data (`plans.toml`), read and checked once at start. Pure."""

import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from gateway.errors import SettingsInvalid
from gateway.model.ids import Destination
from gateway.model.planning import REGISTRY_RECORD, PlannedStep
from gateway.receive.conditions import Condition, acts_of, find_condition
from mappings.canonical import EVENT_TYPES, AnyEvent, Declaration

MessagesOf = Callable[[str, str], Collection[str]]
"""Event type and destination -> the messages that the mappings can build."""

_BOOK_READER: Final = Destination.NATIONAL_REGISTRY
_STEP_KEYS = frozenset(
    {"name", "destination", "message", "subject", "when", "gate", "gate_when", "gate_opens_after", "facts"}
)
_MATTER_KEYS = frozenset({"told", "steps", "later"})


class PlanBroken(SettingsInvalid):
    """The plan of deliveries is not one that can be followed."""


@dataclass(frozen=True, slots=True)
class StepTemplate:
    """A step that events of one type may need."""

    step: PlannedStep
    when: tuple[Condition, ...]
    gate_when: tuple[Condition, ...]

    def find_step(self, event: AnyEvent) -> PlannedStep | None:
        """The step as this event needs it, or nothing."""
        if not all(holds(event) for holds in self.when):
            return None
        if self.step.gate is None or all(holds(event) for holds in self.gate_when):
            return self.step
        return replace(self.step, gate=None, gate_opens_after_seconds=None)


@dataclass(frozen=True, slots=True)
class MatterPlan:
    """The steps of one event type, and the messages that may follow."""

    steps: tuple[StepTemplate, ...]
    later: tuple[tuple[Destination, str], ...]


Plans = Mapping[str, MatterPlan]


def plan_steps(plans: Plans, event: AnyEvent) -> tuple[PlannedStep, ...]:
    """The steps of an event, in order."""
    found = (template.find_step(event) for template in plans[event.event_type].steps)
    return tuple(step for step in found if step is not None)


def plan_declaration_steps(plans: Plans, declaration: Declaration) -> tuple[PlannedStep, ...]:
    """What is told before the registration: the registry at once, and the one-stop shop all along.

    The population database hears of nothing: nobody's civil status has changed yet.
    """
    return tuple(
        replace(step, gate=None, gate_opens_after_seconds=None)
        for step in plan_steps(plans, declaration.declared)
        if _is_told_by_declaration(step)
    )


def plan_steps_after_declaration(plans: Plans, event: AnyEvent) -> tuple[PlannedStep, ...]:
    """What is left to tell when a declared event is registered."""
    return tuple(step for step in plan_steps(plans, event) if not _is_told_by_declaration(step))


def _is_told_by_declaration(step: PlannedStep) -> bool:
    """The record, of which the registry makes the entry, and all that the dossier's own desk hears."""
    return step.destination is Destination.ONE_STOP or step.name == REGISTRY_RECORD


def plan_book_steps(plans: Plans, event: AnyEvent) -> tuple[PlannedStep, ...]:
    """The steps of an entry of an old paper book: its record, to the registry, at once.

    The people of old books have their numbers or are dead, so none is asked for and no look-up is made; no
    dossier waits at the one-stop shop.
    """
    told = (each for each in plans[event.event_type].steps if each.step.destination is _BOOK_READER)
    steps = (template.find_step(event) for template in told)
    return tuple(
        replace(step, gate=None, gate_opens_after_seconds=None) for step in steps if step is not None
    )


def shipped_plans(durations: Mapping[str, float]) -> Plans:
    """The plans that the gateway is shipped with; `durations` are settings in seconds, by name."""
    return _plans_in(_shipped_document(), durations)


def read_plans(text: str, durations: Mapping[str, float]) -> Plans:
    """Raises `PlanBroken` for whatever the words of the plan do not allow."""
    return _plans_in(tomllib.loads(text), durations)


@cache
def _shipped_document() -> Mapping[str, Any]:
    """Read once: two desks of one process make plans of it."""
    return MappingProxyType(tomllib.loads(files("gateway.receive").joinpath("plans.toml").read_text("utf-8")))


def _plans_in(document: Mapping[str, Any], durations: Mapping[str, float]) -> Plans:
    if document.keys() != EVENT_TYPES.keys():
        raise PlanBroken(event_types=sorted(document), expected=sorted(EVENT_TYPES))
    return {event_type: _matter(event_type, table, durations) for event_type, table in document.items()}


def check_plans(plans: Plans, messages_of: MessagesOf) -> None:
    """Raises `PlanBroken` when a message of a plan has no mapping."""
    missing = [
        f"{event_type}: {destination.value}/{message}"
        for event_type, plan in plans.items()
        for destination, message in _messages(plan)
        if message not in messages_of(event_type, destination.value)
    ]
    if missing:
        raise PlanBroken(messages_without_mapping=missing)


def _messages(plan: MatterPlan) -> list[tuple[Destination, str]]:
    planned = [(template.step.destination, template.step.message) for template in plan.steps]
    return [*planned, *plan.later]


def _matter(event_type: str, table: Mapping[str, Any], durations: Mapping[str, float]) -> MatterPlan:
    unknown = sorted(table.keys() - _MATTER_KEYS)
    if unknown:
        raise PlanBroken(event_type=event_type, unknown_keys=unknown)
    rows = [*_told_rows(table.get("told", ())), *table["steps"]]
    steps = tuple(_template(event_type, row, durations) for row in rows)
    _require_distinct_names(event_type, rows)
    later = tuple(entry.split("/", 1) for entry in table.get("later", ()))
    return MatterPlan(steps, tuple((Destination(destination), message) for destination, message in later))


def _told_rows(roles: Collection[str]) -> Iterator[Mapping[str, Any]]:
    """For each party a look-up, if its number is missing, and a notice, which cannot go without one."""
    base = {"destination": Destination.POPULATION_DB.value}
    for role in roles:
        found = [f"{role}.is_vietnamese", f"{role}.lacks_personal_id", f"{role}.can_be_looked_up"]
        yield {**base, "name": f"{role}_lookup", "message": f"lookup_{role}", "subject": role, "when": found}
    for role in roles:
        gate = {"gate": f"personal_id.{role}", "gate_when": [f"{role}.lacks_personal_id"]}
        notice = {"name": f"{role}_notice", "message": f"notice_{role}", "subject": role}
        yield {**base, **notice, "when": [f"{role}.is_vietnamese"], **gate}


def _require_distinct_names(event_type: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """One name may stand for several messages only if no event can need two of them."""
    seen: dict[str, list[frozenset[str]]] = {}
    for row in rows:
        others = seen.setdefault(row["name"], [])
        own = acts_of(row.get("when", ()))
        if any(not own or not other or own & other for other in others):
            raise PlanBroken(event_type=event_type, reason="two steps of one name")
        others.append(own)


def _template(event_type: str, row: Mapping[str, Any], durations: Mapping[str, float]) -> StepTemplate:
    unknown = sorted(row.keys() - _STEP_KEYS)
    opens_after = row.get("gate_opens_after")
    subject = row.get("subject")
    if unknown or row.get("destination") not in set(Destination):
        raise PlanBroken(event_type=event_type, step=row.get("name"), unknown_keys=unknown)
    if opens_after is not None and opens_after not in durations:
        raise PlanBroken(event_type=event_type, step=row["name"], unknown_setting=opens_after)
    if subject is not None and subject not in EVENT_TYPES[event_type].party_fields:
        raise PlanBroken(event_type=event_type, step=row["name"], unknown_party=subject)
    step = PlannedStep(
        name=row["name"],
        destination=Destination(row["destination"]),
        message=row["message"],
        subject=subject,
        gate=row.get("gate"),
        gate_opens_after_seconds=None if opens_after is None else durations[opens_after],
        facts=dict(row.get("facts", {})),
    )
    return StepTemplate(
        step, _conditions(event_type, row.get("when", ())), _conditions(event_type, row.get("gate_when", ()))
    )


def _conditions(event_type: str, names: Collection[str]) -> tuple[Condition, ...]:
    model = EVENT_TYPES[event_type]
    found = {name: find_condition(name, model) for name in names}
    unknown = [name for name, condition in found.items() if condition is None]
    if unknown:
        raise PlanBroken(event_type=event_type, unknown_conditions=unknown)
    return tuple(condition for condition in found.values() if condition is not None)
