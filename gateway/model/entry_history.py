"""The history of one entry and what it says now: the original, and each change laid over it. Pure.

Nothing is overwritten: each step keeps what it found, what it was told it would find, and what it left.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from gateway.model.entry_effects import NO_CHANGE, Effect, effects_on_earlier, standing_made_by
from gateway.model.entry_fields import agree, fields_made_by
from gateway.model.ids import EventId
from mappings.canonical import AnyEvent
from mappings.canonical.registration import VIETNAM_TIME, EntryIdentity
from mappings.matter_flags import possible_matters


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with the content that counts for it now."""

    event_id: EventId
    event: AnyEvent
    accepted_at: datetime
    version: int = 1
    numbers: Mapping[str, str] = field(default_factory=dict)
    """Role -> the personal ID that the population database gave after the registration."""

    @property
    def registered_at(self) -> datetime:
        """The moment of registration."""
        return self.event.registration.registered_at

    @property
    def registered_on(self) -> date:
        """The day of it in Viet Nam."""
        return self.registered_at.astimezone(VIETNAM_TIME).date()


@dataclass(frozen=True, slots=True)
class Applied:
    """One field of the entry at one step."""

    field: str
    before: str | None
    """What the entry said until then, as far as we know."""
    after: str | None
    before_stated: str | None = None
    states_before: bool = False
    agrees: bool | None = None
    """Whether the stated old value is the known one; None where nothing was stated, known or comparable."""


@dataclass(frozen=True, slots=True)
class Step:
    """One event in the history of the entry."""

    event_id: EventId
    event_type: str
    what: str | None
    """The act of a change, the kind of a decision; None where the event type says it."""
    is_original: bool
    authority_code: str
    source_event_id: str
    registered_at: datetime
    version: int
    legal_basis: str | None
    decision: str | None
    """Number, day and office of the judgment or decision that it rests on."""
    reason: str | None
    changes: tuple[Applied, ...]


@dataclass(frozen=True, slots=True)
class FieldState:
    """What the entry says in one field, and since which event."""

    value: str
    since: datetime
    event_id: EventId


@dataclass(frozen=True, slots=True)
class EntryHistory:
    """All that is known of an entry."""

    entry: EntryIdentity
    is_original_known: bool
    """Whether the original entry came through the gateway; else only what changed is known."""
    steps: tuple[Step, ...]
    state: Mapping[str, FieldState]

    def values(self) -> dict[str, str]:
        """Field -> value."""
        return {name: known.value for name, known in self.state.items()}


def tell_history(entry: EntryIdentity, events: Iterable[Recorded], until: date | None = None) -> EntryHistory:
    """Lay the events over each other in the order of registration; later ones than `until` are left out."""
    chosen = [each for each in events if until is None or each.registered_on <= until]
    state: dict[str, FieldState] = {}
    steps: list[Step] = []
    ordered = sorted(
        chosen, key=lambda each: (not makes(each.event, entry), each.registered_at, each.event_id)
    )
    for each in ordered:
        applied = _lay_over(state, each, entry)
        steps.append(_step(each, entry, applied))
    return EntryHistory(entry, any(step.is_original for step in steps), tuple(steps), state)


def makes(event: AnyEvent, entry: EntryIdentity) -> bool:
    """Whether the entry is the event's own, not one that it amends."""
    return entry in {event.entry(), event.second_entry()}


def disagreements(step: Step) -> tuple[Applied, ...]:
    """Where the event was told another old value than the entry had."""
    return tuple(each for each in step.changes if each.agrees is False)


def basis_of(event: AnyEvent) -> str | None:
    """The laws under which such an event is registered."""
    if getattr(event, "act", None) == "data_alignment":
        return "Luật Hộ tịch 60/2014/QH13, Điều 60"
    matters = possible_matters(event)
    return matters[0].sources if matters else None


def what_of(event: AnyEvent) -> str | None:
    """The act of a change or note, the kind of a decision, the paper of a revocation."""
    revocation = getattr(event, "revocation", None)
    found: str | None = getattr(event, "act", None) or getattr(event, "kind", None)
    return found if revocation is None else str(revocation.paper)


def reason_of(event: AnyEvent) -> str | None:
    """Why, in the words of whoever registered it."""
    revocation = getattr(event, "revocation", None)
    words = (
        getattr(revocation, "reason", None),
        getattr(event, "reason", None),
        getattr(event, "content", None),
    )
    return next((each for each in words if each), None)


def decision_of(event: AnyEvent) -> str | None:
    """The judgment or decision that the event rests on."""
    decision = getattr(event, "decision", None)
    if decision is None:
        return None
    return f"{decision.number}, {decision.date.isoformat()}, {decision.issued_by}"


def _lay_over(state: dict[str, FieldState], recorded: Recorded, entry: EntryIdentity) -> tuple[Applied, ...]:
    event = recorded.event
    if makes(event, entry):
        given = {f"{role}.personal_id": number for role, number in recorded.numbers.items()}
        said = {**given, **fields_made_by(event, recorded.registered_on)}
        effects: Sequence[Effect] = [
            *(Effect(name, value) for name, value in said.items()),
            *(Effect(name, value) for name, value in standing_made_by(event)),
        ]
    elif event.event_type in NO_CHANGE:
        effects = ()
    else:
        known = {name: each.value for name, each in state.items()}
        effects = effects_on_earlier(event, known, entry.book_code)
    return tuple(_apply(state, effect, recorded) for effect in effects)


def _apply(state: dict[str, FieldState], effect: Effect, recorded: Recorded) -> Applied:
    found = state.get(effect.field)
    before = None if found is None else found.value
    if effect.after is None:
        _forget(state, effect.field)
    else:
        state[effect.field] = FieldState(effect.after, recorded.registered_at, recorded.event_id)
    return Applied(
        field=effect.field,
        before=before,
        after=effect.after,
        before_stated=effect.before,
        states_before=effect.states_before,
        agrees=agreement(effect, before),
    )


def _forget(state: dict[str, FieldState], top: str) -> None:
    """Of a whole parent also everything below."""
    for name in [name for name in state if name == top or name.startswith(f"{top}.")]:
        del state[name]


def agreement(effect: Effect, known: str | None) -> bool | None:
    """Whether what was stated is what is known; None where nothing was stated, known or comparable."""
    if not effect.states_before or known is None:
        return None
    if effect.before is None:
        return None if agree(effect.field, "", known) is None else False  # it was said to be blank
    return agree(effect.field, effect.before, known)


def _step(recorded: Recorded, entry: EntryIdentity, applied: tuple[Applied, ...]) -> Step:
    event = recorded.event
    return Step(
        event_id=recorded.event_id,
        event_type=str(event.event_type),
        what=what_of(event),
        is_original=makes(event, entry),
        authority_code=event.registration.authority_code,
        source_event_id=event.source_event_id,
        registered_at=recorded.registered_at,
        version=recorded.version,
        legal_basis=basis_of(event),
        decision=decision_of(event),
        reason=reason_of(event),
        changes=applied,
    )
