"""The session of the one-stop system."""

from dataclasses import dataclass
from datetime import timedelta

from pydantic import SecretStr

from adapters.credential import Credential
from adapters.errors import NotAuthorized
from adapters.http import HttpChannel, Now, unusable
from adapters.json_answer import text_of, write_json
from adapters.one_stop.faults import SUCCESS_CODES
from adapters.one_stop.settings import OneStopSettings

JSON_HEADERS = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Desk:
    """Logs in with the gateway's account."""

    settings: OneStopSettings
    channel: HttpChannel
    now: Now

    def obtain(self) -> Credential[SecretStr]:
        """A new session. Raises any AdapterError; NotAuthorized for every code but success."""
        asked_at = self.now()
        settings = self.settings
        account = {"username": settings.username, "password": settings.password.get_secret_value()}
        answer = self.channel.exchange(
            "POST", settings.login_path, headers=JSON_HEADERS, content=write_json(account), operation="login"
        )
        body = answer.json_object
        code = None if body is None else text_of(body.get("error_code"))
        if body is None or code is None or not answer.is_success:
            raise unusable(answer)
        if code not in SUCCESS_CODES:
            raise NotAuthorized(answer.evidence(code, text_of(body.get("message"))))
        session = text_of(body.get("session"))
        if session is None:
            raise unusable(answer)
        return Credential(SecretStr(session), asked_at + timedelta(seconds=settings.session_seconds))
