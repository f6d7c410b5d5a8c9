"""Whole destinations as operators of the province see and move them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, assert_never, cast

from gateway.api.authenticate import Caller
from gateway.api.destinations import DestinationAct
from gateway.api.problems import Problem
from gateway.api.visibility import covers
from gateway.model.clock import Clock
from gateway.model.ids import Destination
from gateway.model.units import UnitsAbove
from gateway.operations.destination_acts import DestinationActs
from gateway.operations.pace import PaceReader
from gateway.operations.plain import plain
from retry_queue.store import LaneHealth

TransactionT = TypeVar("TransactionT")


@dataclass(frozen=True, slots=True)
class DestinationViews(Generic[TransactionT]):
    """Stopping a destination concerns every office, so only the province's own operators may."""

    acts: DestinationActs[TransactionT]
    paces: PaceReader[TransactionT]
    office_code: str
    units_above: UnitsAbove
    clock: Clock

    def read(self) -> dict[str, Any]:
        """Nothing in it concerns a person or a single office."""
        return {"destinations": plain(self.paces.read())}

    def perform(self, destination: Destination, act: DestinationAct, caller: Caller) -> dict[str, Any]:
        """The destination as it stands then. Raises a `forbidden` problem for operators of a part."""
        if not covers(caller, self.office_code, self.clock(), self.units_above):
            raise Problem("forbidden", needed=[self.office_code])
        after = self._act_of(act)(destination, caller.client_id)
        return cast("dict[str, Any]", plain(after))

    def _act_of(self, act: DestinationAct) -> Callable[[Destination, str], LaneHealth]:
        match act:
            case DestinationAct.RELEASE:
                return self.acts.release
            case DestinationAct.HOLD:
                return self.acts.hold
            case _:
                assert_never(act)
