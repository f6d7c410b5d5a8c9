"""The one-stop system behind the port: report dossiers and steps, ask for them, read a dossier's state."""

from collections.abc import Mapping, Sequence

import structlog
from pydantic import SecretStr

from adapters.credential import CredentialCache
from adapters.errors import NotAuthorized, PartnerFault, Refused
from adapters.evidence import evidence_of
from adapters.http import HttpChannel, Now
from adapters.json_answer import text_of
from adapters.one_stop import linked_service, wire
from adapters.one_stop.access import JSON_HEADERS, Desk
from adapters.one_stop.answers import Reading, accepted_or_raise, question_failed, read
from adapters.one_stop.faults import Meaning
from adapters.one_stop.settings import OneStopSettings
from adapters.port import (
    Absent,
    Accepted,
    Adapter,
    Announce,
    Evidence,
    News,
    OutboundMessage,
    Repeats,
    Standing,
)

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


def build(settings: OneStopSettings, now: Now) -> Adapter:
    """The adapter with its own channel and session."""
    return OneStop(settings, HttpChannel(settings.http, now), now)


class OneStop:
    """Synchronisation of dossiers and their steps; safe to share between threads."""

    def __init__(self, settings: OneStopSettings, channel: HttpChannel, now: Now) -> None:
        self._settings = settings
        self._channel = channel
        self._sessions: CredentialCache[SecretStr] = CredentialCache(
            Desk(settings, channel, now).obtain, now, channel.pause
        )
        self._linked = linked_service.LinkedService(settings, channel, now)
        self._paths = {
            wire.DOSSIER: settings.dossier_path,
            wire.STEP: settings.step_path,
            wire.LOOK_UP: settings.look_up_path,
        }

    @property
    def repeats(self) -> Repeats:
        """A look-up; a step that is sent twice would stand there twice [I]."""
        return Repeats(asks=True, idempotent=False)

    @property
    def fetch_limit(self) -> int:
        """A look-up names one dossier."""
        return 1

    def send(self, message: OutboundMessage, announce: Announce) -> Accepted:
        """Report a dossier, a step or a linked state; a dossier that is there is repeated as an update."""
        if message.operation == linked_service.STATUS:
            return self._linked.send(message, announce)
        if message.operation == wire.STEP:
            return accepted_or_raise(self._report(message, wire.NO_MODE, announce))
        reading = self._report(message, wire.NEW, announce)
        if reading.meaning is not Meaning.EXISTS:
            return accepted_or_raise(reading)
        update = accepted_or_raise(self._report(message, wire.UPDATE, None))
        return Accepted(update.evidence, already_there=True)

    def ask(self, message: OutboundMessage) -> Standing:
        """Look the dossier up, and for a step the step in it; a linked state at the linked service."""
        if message.operation == linked_service.STATUS:
            return self._linked.ask(message)
        dossier, evidence = self._look_up(message)
        if dossier is None:
            return Absent(evidence)
        if message.operation == wire.STEP:
            status, moment = text_of(message.body["TrangThai"]), text_of(message.body["ThoiDiemXuLy"])
            if wire.find_step(dossier, status, moment) is None:
                return Absent(evidence)
        return Accepted(evidence, already_there=True)

    def fetch(self, outstanding: Sequence[OutboundMessage]) -> Sequence[News]:
        """The state of each dossier, one look-up each."""
        found = ((message, self._look_up(message)[0]) for message in outstanding)
        news = (_news(message, dossier) for message, dossier in found if dossier is not None)
        return [each for each in news if each is not None]

    def close(self) -> None:
        """Let go of connections."""
        self._channel.close()

    def _report(self, message: OutboundMessage, mode: str, announce: Announce | None) -> Reading:
        if message.operation not in {wire.DOSSIER, wire.STEP}:
            raise ValueError(message.operation)
        return self._call(message.operation, mode, message, announce)

    def _look_up(self, message: OutboundMessage) -> tuple[Mapping[str, object] | None, Evidence]:
        reading = self._call(wire.LOOK_UP, wire.NO_MODE, message, None)
        if reading.meaning is Meaning.MISSING:
            return None, reading.evidence
        if reading.meaning is not Meaning.DONE:
            raise question_failed(reading)
        return wire.find_dossier(reading.result, wire.code_of(message)), reading.evidence

    def _call(self, service: str, mode: str, message: OutboundMessage, announce: Announce | None) -> Reading:
        """One exchange; when the session has expired, nothing was applied and it is renewed once."""
        session = self._sessions.get()
        reading = self._exchange(service, mode, message, session.value, announce)
        if reading.meaning is Meaning.NEW_SESSION:
            session = self._sessions.renew(session)
            reading = self._exchange(service, mode, message, session.value, None)
        if reading.meaning is Meaning.NEW_SESSION:
            raise NotAuthorized(reading.evidence)
        return reading

    def _exchange(
        self, service: str, mode: str, message: OutboundMessage, session: SecretStr, announce: Announce | None
    ) -> Reading:
        envelope = wire.Envelope(session.get_secret_value(), self._settings.agency_code)
        if service == wire.LOOK_UP:
            content = envelope.look_up(wire.code_of(message))
        else:
            content = envelope.around(service, mode, message.body)
        self._require_length(service, content)
        answer = self._channel.exchange(
            "POST",
            self._paths[service],
            headers=JSON_HEADERS,
            content=content,
            operation=service,
            announce=announce,
        )
        return read(answer, service, mode)

    def _require_length(self, service: str, content: bytes) -> None:
        limit = self._settings.message_bytes_max
        if len(content) > limit:
            text = (
                f"Gói tin dài {len(content)} byte, vượt {limit}; hãy rút gọn hồ sơ. / "
                f"The message has {len(content)} bytes, more than {limit}; shorten the dossier."
            )
            raise Refused(evidence_of(service, request=content), faults=(PartnerFault(text),))


def _news(message: OutboundMessage, dossier: Mapping[str, object]) -> News | None:
    """How far the dossier is; for a linked state, whose work is done, only that all has ended at the desk."""
    code = text_of(dossier.get("TrangThaiHoSo")) or ""
    if message.operation == linked_service.STATUS and code not in wire.ENDED_AT_THE_DESK:
        return None
    stage = wire.STAGES.get(code)
    if stage is None:
        _log.warning(
            "partner_item_unreadable", operation=wire.LOOK_UP, request_id=message.request_id, status=code
        )
        return None
    step = wire.find_last_step(dossier, code) or {}
    return News(
        request_id=message.request_id,
        stage=stage,
        partner_code=code,
        text=wire.words_of(step, "NoiDungXuLy"),
        occurred_at=wire.moment_of(text_of(step.get("ThoiDiemXuLy"))),
        actor=wire.words_of(step, "NguoiXuLy", "ChucDanh", "PhongBanXuLy"),
    )
