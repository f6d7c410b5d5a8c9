"""What both generations need, and how any of their calls begins and fails."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from gateway.api.authenticate import Caller, TokenCheck
from gateway.api.body import ReadLimits, read_body
from gateway.api.dialects import wire
from gateway.api.dialects.answers import Voice
from gateway.api.dialects.bodies import JsonObject, NotReadable, read_later
from gateway.api.dialects.faults import sentences_of
from gateway.api.dialects.intake import DossierIntake, NotTaken, Taken
from gateway.api.dialects.journeys import FoundDossier
from gateway.api.dialects.openapi import operation_of
from gateway.api.problems import RETRY_AFTER, Problem
from gateway.errors import StorageUnavailable
from gateway.model.clock import Clock
from gateway.model.delivery import StoredEvent
from gateway.storage.ports import Role
from mappings.canonical import VIETNAM_TIME, AnyEvent
from mappings.national_registry.reading.dossier import Dossier

Act = Callable[[JsonObject, Caller], Awaitable[JSONResponse]]
RecordOf = Callable[[AnyEvent], Mapping[str, Any] | None]
"""The flat record of generation 1 that our own mapping makes of an event; None when it cannot."""


class Dossiers(Protocol):
    """Reading what became of dossiers, within what the caller may see."""

    def find(self, code: str, module: str | None, office: str, caller: Caller) -> FoundDossier | None:
        """By the dossier's code."""
        ...

    def find_numbers(self, numbers: Sequence[int], caller: Caller) -> Sequence[StoredEvent]:
        """By the numbers that the list of a day gives."""
        ...


class Changes(Protocol):
    """Reading which events changed on a day."""

    def of_day(self, module: str, day: date, caller: Caller) -> Sequence[StoredEvent]:
        """Each once."""
        ...

    def is_of_module(self, stored: StoredEvent, module: str) -> bool:
        """Whether an event is of this module."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything behind the operations."""

    intake: DossierIntake | None
    """None in a process that accepts no events."""
    dossiers: Dossiers
    changes: Changes
    record_of: RecordOf
    limits: ReadLimits
    clock: Clock

    def today(self) -> date:
        """By Vietnamese time."""
        return self.clock().astimezone(VIETNAM_TIME).date()

    async def push(self, voice: Voice, dossier: Dossier, caller: Caller) -> JSONResponse:
        """One dossier. Raises `Problem`."""
        if caller.roles.isdisjoint({Role.SENDER}):
            raise Problem("forbidden")
        if self.intake is None:
            raise Problem("intake_unavailable", headers=RETRY_AFTER)
        match await self.intake.take(dossier, caller):
            case Taken(receipt, warnings, again):
                return voice.taken(receipt, warnings, again=again)
            case NotTaken(number, description, faults):
                return voice.refused(number, description, faults)

    async def serve(self, voice: Voice, request: Request, act: Act) -> JSONResponse:
        """Who calls, what he sent, what is done; any failure in the dialect's own shape."""
        try:
            tokens: TokenCheck = request.app.state.tokens
            caller = await tokens.caller_of(request.headers.get("authorization"))
            sent = await read_later(await read_body(request, self.limits))
            return await act(sent, caller)
        except Problem as problem:
            return voice.failed(problem)
        except NotReadable as unreadable:
            faults = [unreadable.fault]
            description = f"{sentences_of(faults)} {unreadable.fault.message_vi}"
            return voice.refused(wire.DATA_INCORRECT, description, faults)
        except StorageUnavailable:
            return voice.failed(Problem("storage_unavailable", headers=RETRY_AFTER))


def add_operations(
    router: APIRouter, desk: Desk, voice: Voice, bases: Sequence[str], acts: Mapping[str, tuple[str, Act]]
) -> None:
    """Each operation at each path."""
    for base in bases:
        for name, (summary, act) in acts.items():
            router.add_api_route(
                f"{base}/{name}",
                _endpoint(desk, voice, act),
                methods=["POST"],
                summary=summary,
                **operation_of(voice, is_push=name in wire.PUSHES),
            )


def _endpoint(desk: Desk, voice: Voice, act: Act) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def post(request: Request) -> JSONResponse:
        return await desk.serve(voice, request, act)

    return post
