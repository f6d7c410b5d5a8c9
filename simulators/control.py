"""The control port: journals, fault plan, register of people, time. Not part of any contract."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from simulators.clock import Clock
from simulators.exchange_values import Reply, Request, json_reply
from simulators.fault_plan_file import FaultPlanBroken, parse_plan, plan_as_json
from simulators.faults import FaultPlan
from simulators.formats import NotStrictJson, parse_json
from simulators.partner import Partner
from simulators.planting import FaultBook
from simulators.population_db.database import PopulationDatabase
from simulators.population_db.people import Person, PersonNotUsable

BODY_BYTES_MAX = 16 * 1024 * 1024


class NotUnderstood(Exception):
    """The control request cannot be carried out; answered with 400 and the faults."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = list(faults)


class Control:
    """Answers the control port; `plan_changed` is called after the plan in force has changed."""

    def __init__(
        self,
        partners: Sequence[Partner],
        population: PopulationDatabase,
        book: FaultBook,
        clock: Clock,
        plan_changed: Callable[[], None],
    ) -> None:
        self._partners = {partner.name: partner for partner in partners}
        self._population = population
        self._book = book
        self._clock = clock
        self._plan_changed = plan_changed
        self._doors: Mapping[tuple[str, str], Callable[[Request], Reply]] = {
            ("GET", "/ready"): lambda _: json_reply({"ready": True}),
            ("GET", "/journal"): self._journal,
            ("GET", "/journal/summary"): self._summary,
            ("GET", "/faults"): lambda _: json_reply(plan_as_json(self._book.plan)),
            ("PUT", "/faults"): self._set_faults,
            ("DELETE", "/faults"): self._clear_faults,
            ("GET", "/faults/planted"): self._planted,
            ("GET", "/people"): self._everyone,
            ("POST", "/people"): self._preload,
            ("POST", "/clock/advance"): self._advance,
            ("POST", "/reset"): self._reset,
        }

    def respond(self, request: Request) -> Reply:
        """Answer one request."""
        door = self._doors.get((request.method, request.path))
        if door is None:
            known = sorted(f"{method} {path}" for method, path in self._doors)
            return json_reply({"errors": ["no such resource"], "known": known}, 404)
        try:
            return door(request)
        except NotUnderstood as error:
            return json_reply({"errors": error.faults}, 400)

    def _journal(self, request: Request) -> Reply:
        system = request.query.get("system", "")
        after = request.query.get("after", "0")
        if system not in self._partners:
            raise NotUnderstood([f"system: must be one of {', '.join(self._partners)}"])
        if not after.isdigit():
            raise NotUnderstood(["after: must be a position"])
        return json_reply(self._partners[system].journal.as_json(int(after)))

    def _summary(self, _: Request) -> Reply:
        return json_reply({name: partner.journal.summary() for name, partner in self._partners.items()})

    def _set_faults(self, request: Request) -> Reply:
        try:
            plan = parse_plan(_content(request), self._book.plan.seed)
        except FaultPlanBroken as error:
            raise NotUnderstood(error.faults) from error
        self._book.set_plan(plan)
        self._plan_changed()
        return json_reply(plan_as_json(plan))

    def _clear_faults(self, _: Request) -> Reply:
        self._book.set_plan(FaultPlan(self._book.plan.seed))
        self._plan_changed()
        return json_reply(plan_as_json(self._book.plan))

    def _planted(self, request: Request) -> Reply:
        system = request.query.get("system")
        found = [each.as_json() for each in self._book.list_planted() if system in {None, each.system}]
        return json_reply({"planted": found})

    def _everyone(self, _: Request) -> Reply:
        return json_reply({"people": [person.as_json() for person in self._population.everyone()]})

    def _preload(self, request: Request) -> Reply:
        content = _content(request)
        people = content.get("people") if isinstance(content, dict) else None
        if not isinstance(people, list):
            raise NotUnderstood(["the body must be an object with a list `people`"])
        try:
            self._population.preload([Person.from_json(values) for values in people])
        except PersonNotUsable as error:
            raise NotUnderstood([str(error)]) from error
        return json_reply({"preloaded": len(people)})

    def _advance(self, request: Request) -> Reply:
        content = _content(request)
        seconds = content.get("seconds") if isinstance(content, dict) else None
        if not isinstance(seconds, int | float) or isinstance(seconds, bool) or seconds < 0:
            raise NotUnderstood(["seconds: must be a number, not negative"])
        self._clock.advance(seconds)
        self._plan_changed()
        return json_reply({"now": self._clock.now().isoformat()})

    def _reset(self, _: Request) -> Reply:
        self._book.reset()
        for partner in self._partners.values():
            partner.reset()
        self._plan_changed()
        return json_reply({"reset": True})


def _content(request: Request) -> Any:  # noqa: ANN401 - JSON may be anything; callers look
    try:
        return parse_json(request.body)
    except NotStrictJson as error:
        raise NotUnderstood([str(error)]) from error
