"""Generation 1: dossiers with XML text inside, and questions about one dossier at a time."""

from collections.abc import Callable, Sequence
from functools import partial

from adapters.national_registry import first_wire as wire
from adapters.national_registry.bus import Bus
from adapters.national_registry.settings import NationalRegistrySettings
from adapters.national_registry.wire import facts_of
from adapters.port import Absent, Accepted, Announce, News, OutboundMessage, Stage, Standing


class FirstGeneration:
    """What the verbs mean for messages of generation 1; its bus asks for one token only."""

    operation = wire.PUSH

    def __init__(self, settings: NationalRegistrySettings, bus: Bus) -> None:
        self._base_path = settings.first_generation_path
        self._bus = bus

    def send(self, message: OutboundMessage, announce: Announce) -> Accepted:
        """Hand one dossier over; it stays pending until a clerk of the commune has finished it."""
        content = wire.push_content(message)
        self._bus.require_length(content, wire.PUSH, "data")
        return wire.read_push(self._bus.call(self._path(wire.PUSH), content, wire.PUSH, announce))

    def ask(self, message: OutboundMessage) -> Standing:
        """Ask how far the dossier is; error 201 says that the registry does not have it."""
        answer = self._bus.call(self._path(wire.STATUS), wire.question_content(message), wire.STATUS)
        found = wire.find_status(answer)
        if found is None:
            return Absent(answer.evidence())
        return Accepted(answer.evidence(found.code, found.text), already_there=True, pending=True)

    def polls(self, outstanding: Sequence[OutboundMessage]) -> Sequence[Callable[[], Sequence[News]]]:
        """One question a dossier, and for a finished one a second; each raises on its own."""
        return [partial(self._poll, message) for message in outstanding]

    def _poll(self, message: OutboundMessage) -> Sequence[News]:
        content = wire.question_content(message)
        found = wire.find_status(self._bus.call(self._path(wire.STATUS), content, wire.STATUS))
        if found is None:
            return []
        if found.stage is not Stage.COMPLETED:
            return [News(message.request_id, found.stage, found.code, text=found.text)]
        result = wire.find_result(self._bus.call(self._path(wire.RESULT), content, wire.RESULT))
        if result is None:  # a final stage ends the questions: not before the result can be had
            return [News(message.request_id, Stage.PROCESSING, found.code, text=found.text)]
        facts = facts_of(result)
        return [News(message.request_id, Stage.COMPLETED, found.code, text=found.text, facts=facts)]

    def _path(self, operation: str) -> str:
        return f"{self._base_path}/{operation}"
