"""What is done for each operation: the same views, the same corridor and the same checks as behind REST."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, assert_never

from starlette.concurrency import run_in_threadpool

from adapters.hardened_xml import Element
from gateway.api.authenticate import Caller
from gateway.api.changes import ReadChanges
from gateway.api.events import Intake, Journeys, take_in
from gateway.api.identifiers import event_id_of
from gateway.api.problems import Problem, problem_json
from gateway.api.receipts import receipt_json
from gateway.api.soap.handed_in import SOURCE_EVENT_ID, HandedIn, read_handed_in
from gateway.api.soap.operations import Act, Operation, any_event_shape
from gateway.api.soap.questions import (
    EVENT_ID_CHARACTERS_MAX,
    SOURCE_ID_CHARACTERS_MAX,
    items_of,
    read_changes_question,
    read_text_question,
)
from gateway.api.soap.references import References
from gateway.api.visibility import SEES_UNITS
from gateway.model.clock import Clock
from gateway.model.submission import Accepted, RawSubmission, ValidSubmission, Violation
from gateway.observability.metrics import Metrics
from gateway.receive.validate import violations_of
from gateway.storage.ports import Role

Answer = Mapping[str, Any]
Prepared = ValidSubmission | tuple[Violation, ...]
_NEEDED: Final = {
    Act.REGISTER: frozenset({Role.SENDER}),
    Act.REGISTER_MANY: frozenset({Role.SENDER}),
    Act.STATUS: frozenset(Role),
    Act.FIND: frozenset(Role),
    Act.CHANGES: SEES_UNITS,
}


@dataclass(frozen=True, slots=True)
class SoapDesk:
    """Answers questions whose sender is known."""

    intake: Intake | None
    """None where the process accepts no events."""
    journeys: Journeys
    read_changes: ReadChanges
    clock: Clock
    metrics: Metrics
    page_size_max: int
    events_max: int

    async def answer(self, operation: Operation, question: Element, caller: Caller) -> Answer:
        """The members of the response. Raises a problem."""
        needed = _NEEDED[operation.act]
        if caller.roles.isdisjoint(needed):
            raise Problem("forbidden", needed=sorted(role.value for role in needed))
        match operation.act:
            case Act.REGISTER:
                return await self._register(operation, question, caller)
            case Act.REGISTER_MANY:
                return await self._register_many(operation, question, caller)
            case Act.STATUS | Act.FIND | Act.CHANGES:
                return await run_in_threadpool(self._look_up, operation, question, caller)
        assert_never(operation.act)

    async def _register(self, operation: Operation, question: Element, caller: Caller) -> Answer:
        intake = self._open_intake()

        def prepare() -> Prepared:
            return self._prepare(
                intake, read_handed_in(question, operation.request, References(question)), caller
            )

        result = await take_in(intake, await run_in_threadpool(prepare), self.metrics)
        return {"receipt": receipt_json(result.receipt)}

    async def _register_many(self, operation: Operation, question: Element, caller: Caller) -> Answer:
        """Each for itself; those that break no rule share the writer's transactions."""
        intake = self._open_intake()

        def prepare() -> list[tuple[HandedIn, Prepared]]:
            items = items_of(question, operation, self.events_max)
            references = References(question)
            handed = [read_handed_in(item, any_event_shape(), references) for item in items]
            return [(each, self._prepare(intake, each, caller)) for each in handed]

        prepared = await run_in_threadpool(prepare)
        settled = await asyncio.gather(*(self._settle(intake, each) for _, each in prepared))
        return {"result": _results([handed for handed, _ in prepared], settled)}

    def _prepare(self, intake: Intake, handed: HandedIn, caller: Caller) -> Prepared:
        """What the schema and what the rules say, together."""
        faults = violations_of(handed.findings)
        if handed.body is None:
            return faults
        raw = RawSubmission(
            caller.client_id,
            caller.authorities,
            handed.idempotency_key,
            handed.body,
            self.clock(),
            sees_units=not caller.roles.isdisjoint(SEES_UNITS),
        )
        prepared = intake.prepare(raw)
        if not faults:
            return prepared
        more = prepared if isinstance(prepared, tuple) else ()
        return (*faults, *(fault for fault in more if fault not in faults))

    async def _settle(self, intake: Intake, prepared: Prepared) -> Answer:
        try:
            result = await take_in(intake, prepared, self.metrics)
        except Problem as problem:
            return {"outcome": "refused", "problem": problem_json(problem)}
        outcome = "accepted" if isinstance(result, Accepted) else "repeated"
        return {"outcome": outcome, "receipt": receipt_json(result.receipt)}

    def _open_intake(self) -> Intake:
        if self.intake is None:
            raise Problem("intake_unavailable")
        return self.intake

    def _look_up(self, operation: Operation, question: Element, caller: Caller) -> Answer:
        match operation.act:
            case Act.STATUS:
                text = read_text_question(question, operation, "event_id", EVENT_ID_CHARACTERS_MAX)
                found = self.journeys.find(event_id_of(text.strip()), caller)
                if found is None:
                    raise Problem("not_found")
                return {"event": found}
            case Act.FIND:
                number = read_text_question(question, operation, SOURCE_EVENT_ID, SOURCE_ID_CHARACTERS_MAX)
                return {"event": self.journeys.find_by_source(number, caller)}
            case _:
                asked = read_changes_question(question, operation, self.page_size_max)
                page = self.read_changes(asked.after, asked.limit, caller)
                return {"change": page["changes"], "cursor": page["cursor"], "has_more": page["has_more"]}


def _results(handed: Sequence[HandedIn], settled: Sequence[Answer]) -> list[Answer]:
    """In the order of the request."""
    pairs = enumerate(zip(handed, settled, strict=True), start=1)
    return [
        {"position": position, SOURCE_EVENT_ID: each.source_event_id, **answer}
        for position, (each, answer) in pairs
    ]
