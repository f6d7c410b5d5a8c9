"""The linked-service software (dịch vụ công liên thông): states of dossiers, told in an enforced order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import quote

from pydantic import SecretStr

from adapters.credential import Credential, CredentialCache
from adapters.errors import NotAuthorized
from adapters.http import HttpAnswer, HttpChannel, Now, unusable
from adapters.json_answer import text_of, write_json
from adapters.one_stop.access import JSON_HEADERS
from adapters.one_stop.answers import Reading, accepted_or_raise, question_failed
from adapters.one_stop.faults import Meaning, meaning_of_linked
from adapters.one_stop.settings import OneStopSettings
from adapters.port import Absent, Accepted, Announce, OutboundMessage, Standing

STATUS: Final = "capNhatTrangThaiHoSoDVCLTHoTich"
DOSSIER: Final = "hosolienthong"
RESULT_AVAILABLE: Final = "4"
"""After this state only the hand-over at the desk is still to come."""
SUPPLEMENT_ASKED: Final = "2"
REFUSED: Final = "6"
_UNAUTHORIZED: Final = 401


@dataclass(frozen=True, slots=True)
class LinkedDesk:
    """Gets tokens with the pair that the status service has for itself [S]."""

    settings: OneStopSettings
    channel: HttpChannel
    now: Now

    def obtain(self) -> Credential[SecretStr]:
        """A new token. Raises any AdapterError; NotAuthorized when the pair is not known there."""
        asked_at = self.now()
        name, secret = self.settings.linked_pair
        answer = self.channel.exchange(
            "POST",
            self.settings.linked_token_path,
            headers=JSON_HEADERS,
            content=write_json({"SecretId": name, "SecretPass": secret.get_secret_value()}),
            operation="linked_token",
        )
        body = answer.json_object
        if answer.status == _UNAUTHORIZED:
            raise NotAuthorized(answer.evidence(None, _sentence(body or {})))
        token = None if body is None or not answer.is_success else text_of(body.get("token"))
        if token is None or not token.isascii():  # nothing that could stand in a header
            raise unusable(answer)
        return Credential(SecretStr(token), asked_at + timedelta(seconds=self.settings.session_seconds))


class LinkedService:
    """Tells one state a call. Safe to share between threads."""

    def __init__(self, settings: OneStopSettings, channel: HttpChannel, now: Now) -> None:
        self._settings = settings
        self._channel = channel
        self._tokens: CredentialCache[SecretStr] = CredentialCache(
            LinkedDesk(settings, channel, now).obtain, now, channel.pause
        )

    def send(self, message: OutboundMessage, announce: Announce) -> Accepted:
        """Tell the state; that of a result stays pending until the result is handed over at the desk."""
        content = write_json(message.body)
        reading = self._call("POST", self._settings.linked_status_path, STATUS, content, announce)
        status = text_of(message.body["trangThai"])
        if reading.meaning is Meaning.REFUSED_BEFORE and status == REFUSED:
            return Accepted(reading.evidence, already_there=True)
        accepted = accepted_or_raise(reading)
        return Accepted(
            accepted.evidence,
            already_there=accepted.already_there,
            pending=status == RESULT_AVAILABLE,
        )

    def ask(self, message: OutboundMessage) -> Standing:
        """Whether the dossier shows the state; a supplement, which may come again, with its time."""
        path = f"{self._settings.linked_dossier_path}/{quote(str(message.body['soHoSoLT']), safe='')}"
        reading = self._call("GET", path, DOSSIER, None, None)
        if reading.meaning is Meaning.MISSING:
            return Absent(reading.evidence)
        if reading.meaning is not Meaning.DONE:
            raise question_failed(reading)
        status = text_of(message.body["trangThai"])
        moment = text_of(message.body["thoiGianThucHien"]) if status == SUPPLEMENT_ASKED else None
        if not _shows(reading.result, status, moment):
            return Absent(reading.evidence)
        return Accepted(reading.evidence, already_there=True, pending=status == RESULT_AVAILABLE)

    def _call(
        self, method: str, path: str, operation: str, content: bytes | None, announce: Announce | None
    ) -> Reading:
        """One exchange; a token that has expired is renewed once, because nothing was applied."""
        token = self._tokens.get()
        reading = self._exchange(method, path, operation, content, token.value, announce)
        if reading.meaning is Meaning.NEW_SESSION:
            token = self._tokens.renew(token)
            reading = self._exchange(method, path, operation, content, token.value, None)
        if reading.meaning is Meaning.NEW_SESSION:
            raise NotAuthorized(reading.evidence)
        return reading

    def _exchange(
        self,
        method: str,
        path: str,
        operation: str,
        content: bytes | None,
        token: SecretStr,
        announce: Announce | None,
    ) -> Reading:
        headers = {**JSON_HEADERS, "Authorization": f"Bearer {token.get_secret_value()}"}
        answer = self._channel.exchange(
            method, path, headers=headers, content=content, operation=operation, announce=announce
        )
        return read(answer)


def read(answer: HttpAnswer) -> Reading:
    """What an answer says: its sentence decides, the states of a dossier speak for themselves."""
    body = answer.json_object or {}
    states = _states(body)
    code, text = text_of(body.get("status")), _sentence(body)
    if answer.status == _UNAUTHORIZED:
        meaning = Meaning.NEW_SESSION
    elif states is not None and answer.is_success:
        meaning = Meaning.DONE
    else:
        meaning = meaning_of_linked(text, is_refusal=body.get("errors") is not None)
    if meaning is Meaning.DONE and not answer.is_success:
        meaning = Meaning.SILENT
    return Reading(answer, meaning, code, text, states)


def _sentence(body: Mapping[str, object]) -> str | None:
    """What `errors` says, a text or an object of lists by field [S]; without errors the title."""
    errors = body.get("errors")
    if isinstance(errors, Mapping):
        lists = (each if isinstance(each, list) else [each] for each in errors.values())
        return "; ".join(found for inner in lists for each in inner if (found := text_of(each))) or None
    return text_of(body.get("title")) if errors is None else text_of(errors)


def _states(body: Mapping[str, object]) -> list[object] | None:
    dossier = body.get("data")
    found = dossier.get("danhSachTrangThai") if isinstance(dossier, Mapping) else None
    return found if isinstance(found, list) else None


def _shows(states: object, status: str | None, moment: str | None) -> bool:
    for state in states if isinstance(states, list) else []:
        if not isinstance(state, Mapping) or text_of(state.get("trangThai")) != status:
            continue
        if moment is None or text_of(state.get("thoiGianThucHien")) == moment:
            return True
    return False
