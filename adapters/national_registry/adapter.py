"""The national registry behind the port: push a dossier, ask for it, collect what clerks did with it."""

from collections.abc import Sequence
from itertools import islice

import structlog

from adapters.credential import CredentialCache
from adapters.errors import AdapterError, NotAuthorized, PartnerFault, Refused
from adapters.evidence import evidence_of
from adapters.http import HttpAnswer, HttpChannel, Now
from adapters.national_registry import wire
from adapters.national_registry.access import TokenDesk, Tokens
from adapters.national_registry.answers import asks_for_new_token, read_poll, read_push
from adapters.national_registry.settings import NationalRegistrySettings
from adapters.port import Absent, Accepted, Adapter, Announce, News, OutboundMessage, Repeats, Standing

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


def build(settings: NationalRegistrySettings, now: Now) -> Adapter:
    """The adapter with its own channel and tokens."""
    return NationalRegistry(settings, HttpChannel(settings.http, now), now)


class NationalRegistry:
    """Generation 2 of the registry's interface; safe to share between threads."""

    def __init__(self, settings: NationalRegistrySettings, channel: HttpChannel, now: Now) -> None:
        self._settings = settings
        self._channel = channel
        self._tokens: CredentialCache[Tokens] = CredentialCache(
            TokenDesk(settings, channel, now).obtain, now, channel.pause
        )

    @property
    def repeats(self) -> Repeats:
        """A poll by dossier code; a dossier pushed twice is recognised [S]."""
        return Repeats(asks=True, idempotent=True)

    @property
    def fetch_limit(self) -> int:
        """One poll's worth of codes."""
        return self._settings.codes_per_poll

    def send(self, message: OutboundMessage, announce: Announce) -> Accepted:
        """Push one dossier; it stays pending until a clerk of the commune has finished it."""
        _require_push(message)
        content = wire.push_content(message)
        self._require_length(content)
        answer = self._call(self._settings.push_path, content, wire.PUSH, announce)
        return read_push(answer)

    def ask(self, message: OutboundMessage) -> Standing:
        """Look the dossier up. Absent is no proof, but pushing again is safe: a repeat is recognised."""
        _require_push(message)
        question, code = wire.question_of(message), wire.code_of(message)
        answer = self._call(self._settings.poll_path, wire.poll_content(question, [code]), wire.POLL)
        found = [item for item in read_poll(answer) if item.stage is not None and item.concerns(message)]
        if not found:
            return Absent(answer.evidence())
        return Accepted(answer.evidence(found[0].status, found[0].text), already_there=True, pending=True)

    def fetch(self, outstanding: Sequence[OutboundMessage]) -> Sequence[News]:
        """Poll, one module of one province a call; raises only if every poll failed."""
        news: list[News] = []
        failures: list[AdapterError] = []
        polls = list(_polls(outstanding, self._settings.codes_per_poll))
        for question, messages in polls:
            try:
                news += self._poll(question, messages)
            except AdapterError as error:
                failures.append(error)
                _log.warning("partner_poll_failed", operation=wire.POLL, outcome=type(error).__name__)
        if failures and len(failures) == len(polls):
            raise failures[0]
        return news

    def close(self) -> None:
        """Let go of connections."""
        self._channel.close()

    def _poll(self, question: wire.Question, messages: Sequence[OutboundMessage]) -> list[News]:
        codes = sorted({wire.code_of(message) for message in messages})
        answer = self._call(self._settings.poll_path, wire.poll_content(question, codes), wire.POLL)
        items = read_poll(answer)
        found = ((message, item) for item in items for message in messages if item.concerns(message))
        return [news for message, item in found if (news := _news(message, item)) is not None]

    def _call(
        self, path: str, content: bytes, operation: str, announce: Announce | None = None
    ) -> HttpAnswer:
        """One exchange; when the tokens are refused, nothing was applied and they are renewed once."""
        tokens = self._tokens.get()
        answer = self._exchange(path, content, operation, tokens.value, announce)
        if asks_for_new_token(answer):
            tokens = self._tokens.renew(tokens)
            answer = self._exchange(path, content, operation, tokens.value, None)
        if asks_for_new_token(answer):
            raise NotAuthorized(answer.evidence())
        return answer

    def _exchange(
        self, path: str, content: bytes, operation: str, tokens: Tokens, announce: Announce | None
    ) -> HttpAnswer:
        return self._channel.exchange(
            "POST", path, headers=tokens.headers(), content=content, operation=operation, announce=announce
        )

    def _require_length(self, content: bytes) -> None:
        limit = self._settings.message_bytes_max
        if len(content) > limit:
            text = (
                f"Gói tin dài {len(content)} byte, vượt {limit}; hãy giảm dung lượng tệp đính kèm. / "
                f"The message has {len(content)} bytes, more than {limit}; make the attachments smaller."
            )
            raise Refused(
                evidence_of(wire.PUSH, request=content), faults=(PartnerFault(text, "fileDinhKem"),)
            )


def _require_push(message: OutboundMessage) -> None:
    if message.operation != wire.PUSH:
        raise ValueError(message.operation)


def _polls(
    outstanding: Sequence[OutboundMessage], codes_per_poll: int
) -> Sequence[tuple[wire.Question, Sequence[OutboundMessage]]]:
    by_question: dict[wire.Question, list[OutboundMessage]] = {}
    for message in outstanding:
        by_question.setdefault(wire.question_of(message), []).append(message)
    return [
        (question, portion)
        for question, messages in by_question.items()
        for portion in _portions(messages, codes_per_poll)
    ]


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
        facts=item.facts,
    )
