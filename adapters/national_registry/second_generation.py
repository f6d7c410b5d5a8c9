"""Generation 2: dossiers with JSON text inside, polled three at a time, one module of one province a call."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice

import structlog

from adapters.national_registry import wire
from adapters.national_registry.answers import read_poll, read_push
from adapters.national_registry.bus import Bus
from adapters.national_registry.settings import NationalRegistrySettings
from adapters.port import Absent, Accepted, Announce, News, OutboundMessage, Stage, Standing

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class SecondGeneration:
    """What the verbs mean for messages of generation 2."""

    operation = wire.PUSH

    def __init__(self, settings: NationalRegistrySettings, bus: Bus) -> None:
        self._settings = settings
        self._bus = bus

    def send(self, message: OutboundMessage, announce: Announce) -> Accepted:
        """Push one dossier; it stays pending until a clerk of the commune has finished it."""
        content = wire.push_content(message)
        self._bus.require_length(content, wire.PUSH, "fileDinhKem")
        return read_push(self._bus.call(self._settings.push_path, content, wire.PUSH, announce))

    def ask(self, message: OutboundMessage) -> Standing:
        """Look the dossier up. Absent is no proof, but pushing again is safe: a repeat is recognised."""
        question, code = wire.question_of(message), wire.code_of(message)
        answer = self._bus.call(self._settings.poll_path, wire.poll_content(question, [code]), wire.POLL)
        found = [item for item in read_poll(answer) if item.stage is not None and item.concerns(message)]
        if not found:
            return Absent(answer.evidence())
        return Accepted(answer.evidence(found[0].status, found[0].text), already_there=True, pending=True)

    def polls(self, outstanding: Sequence[OutboundMessage]) -> Sequence[Callable[[], Sequence[News]]]:
        """The calls that ask about all of them; each raises on its own."""
        by_question: dict[wire.Question, list[OutboundMessage]] = {}
        for message in outstanding:
            by_question.setdefault(wire.question_of(message), []).append(message)
        return [
            partial(self._poll, question, portion)
            for question, messages in by_question.items()
            for portion in _portions(messages, self._settings.codes_per_poll)
        ]

    def _poll(self, question: wire.Question, messages: Sequence[OutboundMessage]) -> Sequence[News]:
        codes = sorted({wire.code_of(message) for message in messages})
        answer = self._bus.call(self._settings.poll_path, wire.poll_content(question, codes), wire.POLL)
        items = read_poll(answer)
        found = ((message, item) for item in items for message in messages if item.concerns(message))
        return [news for message, item in found if (news := _news(message, item)) is not None]


def _portions(messages: Sequence[OutboundMessage], size: int) -> Sequence[Sequence[OutboundMessage]]:
    rest = iter(messages)
    return list(iter(lambda: list(islice(rest, size)), []))


def _news(message: OutboundMessage, item: wire.PollItem) -> News | None:
    if item.stage is None:
        _log.warning(
            "partner_item_unreadable", operation=wire.POLL, request_id=message.request_id, status=item.status
        )
        return None
    return News(
        request_id=message.request_id,
        stage=item.stage,
        partner_code=item.status or "",
        text=item.text,
        occurred_at=item.occurred_at,
        actor=item.actor,
        facts=wire.facts_of(item.result) if item.stage is Stage.COMPLETED else {},
    )
