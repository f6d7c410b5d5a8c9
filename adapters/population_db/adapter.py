"""The national population database behind the three verbs of the port.

`maYeuCau` names the request and a repeat returns the first outcome [I]: to ask is to repeat.
"""

from collections.abc import Mapping, Sequence
from typing import assert_never

from adapters.errors import (
    AdapterError,
    Busy,
    ContractBroken,
    NotAuthorized,
    NotSent,
    OutcomeUnknown,
    Refused,
)
from adapters.evidence import evidence_of
from adapters.http import HttpChannel, Now
from adapters.population_db import faults, wire
from adapters.population_db.citizen import read_citizens
from adapters.population_db.settings import PopulationDatabaseSettings
from adapters.population_db.wire import NumberStatus, Operation
from adapters.port import Accepted, Adapter, Announce, JsonValue, News, OutboundMessage, Repeats, Stage
from adapters.soap import BodyUnfit, SoapClient, SoapFault, SoapPayload, fault_error


class PopulationDatabase:
    """One account at the population database; safe to share between threads."""

    def __init__(self, settings: PopulationDatabaseSettings, channel: HttpChannel, now: Now) -> None:
        self._settings = settings
        self._channel = channel
        self._client = SoapClient(channel, wire.contract(), settings.service_url)
        self._now = now

    @property
    def repeats(self) -> Repeats:
        """The question is the same request again: it gets the first answer [I]."""
        return Repeats(asks=True, idempotent=True)

    @property
    def fetch_limit(self) -> int:
        """One call each, one after the other."""
        return self._settings.fetch_requests_max

    def send(self, message: OutboundMessage, announce: Announce) -> Accepted:
        """Hand over the message; the credentials are made anew for each call."""
        return self._call(message, announce)

    def ask(self, message: OutboundMessage) -> Accepted:
        """Repeat with the same `maYeuCau`; raises as `send` does. What was never held is applied now."""
        return self._call(message, None)

    def fetch(self, outstanding: Sequence[OutboundMessage]) -> Sequence[News]:
        """News of numbers that were to follow. One that cannot be asked about does not hide the others' news.

        Raises the first error only when there is no news at all.
        """
        news: list[News] = []
        errors: list[AdapterError] = []
        for message in outstanding[: self.fetch_limit]:
            if message.operation != Operation.ISSUE_NUMBER:
                continue
            try:
                news.append(self._news_of(message))
            except AdapterError as error:
                errors.append(error)
                if _concerns_destination(error):
                    break
        if errors and not news:
            raise errors[0]
        return news

    def close(self) -> None:
        """Let go of the connections of all threads."""
        self._channel.close()

    def _news_of(self, message: OutboundMessage) -> News:
        try:
            standing = self._call(message, None)
        except Refused as refusal:
            text = refusal.evidence.partner_text if refusal.evidence else None
            code = refusal.evidence.partner_code if refusal.evidence else None
            return News(
                message.request_id, Stage.REFUSED, code or refusal.reason, text=text, facts=refusal.facts
            )
        return News(
            message.request_id,
            Stage.PROCESSING if standing.pending else Stage.COMPLETED,
            standing.evidence.partner_code or "",
            text=standing.evidence.partner_text,
            facts=standing.facts,
        )

    def _call(self, message: OutboundMessage, announce: Announce | None) -> Accepted:
        """One call; when the credentials are refused nothing was applied, and they are made anew once."""
        try:
            return self._exchange(message, announce)
        except NotAuthorized:
            return self._exchange(message, None)

    def _exchange(self, message: OutboundMessage, announce: Announce | None) -> Accepted:
        try:
            reply = self._client.call(
                message.operation,
                self._body_of(message),
                headers=wire.request_headers(self._settings, self._now()),
                announce=announce,
            )
        except BodyUnfit as unfit:
            raise Refused(evidence_of(message.operation), faults=unfit.faults) from unfit
        match reply:
            case SoapFault():
                raise fault_error(reply)
            case SoapPayload():
                return _settle(message, reply)
            case never:
                assert_never(never)

    def _body_of(self, message: OutboundMessage) -> Mapping[str, JsonValue]:
        """A look-up that names no unit asks for ours."""
        unit_code = self._settings.unit_code
        if unit_code is None or message.operation not in {Operation.LOOK_UP, Operation.VERIFY}:
            return message.body
        return {"MaDonVi": unit_code, **message.body}


def build(settings: PopulationDatabaseSettings, now: Now) -> Adapter:
    """The adapter with its own channel; the contract is read now, so a broken installation shows at start."""
    return PopulationDatabase(settings, HttpChannel(settings.http, now), now)


def _settle(message: OutboundMessage, reply: SoapPayload) -> Accepted:
    operation = Operation(message.operation)
    try:
        match operation:
            case Operation.ISSUE_NUMBER:
                return faults.settle_number(wire.read_number_answer(reply.element), reply.http)
            case Operation.NOTICE:
                return faults.settle_notice(wire.read_notice_answer(reply.element), reply.http)
            case Operation.LOOK_UP:
                asked = message.body.get("SoDinhDanh")
                return faults.settle_look_up(read_citizens(reply.element), asked, reply.http)
            case Operation.VERIFY:
                return faults.settle_verification(
                    agrees=wire.read_verification(reply.element), http=reply.http
                )
            case never:
                assert_never(never)
    except wire.AnswerUnknown as unknown:
        raise ContractBroken(reply.http.evidence(unknown.word)) from unknown


def _concerns_destination(error: AdapterError) -> bool:
    """Whether the next request would meet the same: not so after a technical fault of one request."""
    if isinstance(error, Busy):
        code = error.evidence.partner_code if error.evidence else None
        return code is None or not code.startswith(NumberStatus.TECHNICAL_FAULT)
    return isinstance(error, NotSent | OutcomeUnknown | NotAuthorized)
