"""The higher office's view: every change to a registered event, with before and after."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from gateway.model.clock import Clock
from gateway.model.correction_making import higher_units
from gateway.model.corrections import OversightChange, OversightKind
from gateway.model.entry_history import Applied
from gateway.model.ids import EventId, RandomBytes, new_uuid7
from gateway.model.operating import EventVersion, OperatorAct
from gateway.operations.json_change import FieldChange
from gateway.operations.refusals import ActRefused
from gateway.storage.corrections_ports import Oversight, Sight
from gateway.storage.ports import Database, Events
from gateway.storage.stored_forms import to_text

TransactionT = TypeVar("TransactionT")


@dataclass(frozen=True, slots=True)
class OversightDesk(Generic[TransactionT]):
    """Reads the warnings and keeps who has seen them."""

    database: Database[TransactionT]
    oversight: Oversight[TransactionT]
    clock: Clock

    def list_page(self, sight: Sight, *, only_unseen: bool) -> tuple[Sequence[OversightChange], str | None]:
        """Oldest first, and where the next page begins."""
        with self.database.read() as transaction:
            wider = replace(sight, limit=sight.limit + 1)
            found = self.oversight.list_page(transaction, wider, only_unseen=only_unseen)
        page = found[: sight.limit]
        return page, page[-1].oversight_id if len(found) > len(page) else None

    def get(self, oversight_id: str, sight: Sight) -> OversightChange:
        """Raises `ActRefused` when there is none that the asker may see."""
        with self.database.read() as transaction:
            return self._visible(transaction, oversight_id, sight)

    def mark_seen(self, oversight_id: str, sight: Sight, who: str, note: str) -> OversightChange:
        """The first who looks stays; whoever comes later is told who that was. Raises `ActRefused`."""
        with self.database.write() as transaction:
            self._visible(transaction, oversight_id, sight)
            change = self.oversight.find(transaction, oversight_id, for_change=True)
            if change is None:
                raise ActRefused("not_found")
            if change.seen_at is None:
                change = replace(change, seen_at=self.clock(), seen_by=who, seen_note=note)
                self.oversight.put(transaction, change)
        return change

    def _visible(self, transaction: TransactionT, oversight_id: str, sight: Sight) -> OversightChange:
        change = self.oversight.find(transaction, oversight_id)
        if change is None or (sight.units is not None and set(change.units).isdisjoint(sight.units)):
            raise ActRefused("not_found")
        return change


@dataclass(frozen=True, slots=True)
class ActWitness(Generic[TransactionT]):
    """Warns the higher office of what operators do to registered events, in the transaction of the act."""

    events: Events[TransactionT]
    oversight: Oversight[TransactionT]
    random_bytes: RandomBytes

    def edited(
        self, transaction: TransactionT, version: EventVersion, changes: Iterable[FieldChange]
    ) -> None:
        """Another content of a registered event goes to the national systems."""
        people = " + ".join(each for each in (version.proposed_by, version.approved_by) if each)
        detail = {
            "version": str(version.version),
            "based_on_version": str(version.based_on_version),
            "content_sha256": version.content_sha256,
        }
        warned = _Warned(
            OversightKind.EDIT,
            version.event_id,
            f"version {version.version}",
            people,
            version.reason,
            version.created_at,
        )
        self._warn(transaction, warned, tuple(_applied(each) for each in changes), detail)

    def cancelled(self, transaction: TransactionT, act: OperatorAct) -> None:
        """A national system will not be told of a registered event."""
        warned = _Warned(
            OversightKind.CANCELLATION, act.event_id, act.act_id, act.actor, act.reason, act.happened_at
        )
        moved = Applied("delivery.state", act.before_state, act.after_state)
        self._warn(transaction, warned, (moved,), {"delivery_id": act.delivery_id})

    def _warn(
        self,
        transaction: TransactionT,
        warned: "_Warned",
        changes: tuple[Applied, ...],
        detail: Mapping[str, str],
    ) -> None:
        event = self.events.get(transaction, warned.event_id).event
        place, now = event.registration, warned.made_at
        change = OversightChange(
            oversight_id=new_uuid7(now, self.random_bytes),
            kind=warned.kind,
            event_id=warned.event_id,
            source=warned.source,
            entry=event.amended_entry() or event.entry(),
            authority_code=place.authority_code,
            units=higher_units(place.authority_code, place.registered_at, now),
            made_at=now,
            made_by=warned.made_by,
            reason=warned.reason,
            legal_basis=None,
            changes=changes,
            detail=detail,
        )
        self.oversight.insert(transaction, change)


@dataclass(frozen=True, slots=True)
class _Warned:
    """Of what, by whom, why."""

    kind: OversightKind
    event_id: EventId
    source: str
    made_by: str
    reason: str
    made_at: datetime


def _applied(change: FieldChange) -> Applied:
    sides = change.sides
    return Applied(change.pointer, _side(sides.get("before")), _side(sides.get("after")))


def _side(value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    return value if value is None or isinstance(value, str) else to_text(value)
