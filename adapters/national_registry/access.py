"""The two tokens of the provincial bus."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import SecretStr

from adapters.credential import Credential
from adapters.errors import NotAuthorized, OutcomeUnknown
from adapters.http import HttpChannel, Now, unusable
from adapters.json_answer import text_of
from adapters.national_registry.settings import NationalRegistrySettings

LGSP_HEADER = "lgspaccesstoken"
_HEADER_VALUE = re.compile(r"[\x21-\x7e]{1,8192}")
_CLIENT_REFUSED = frozenset({"invalid_client", "unauthorized_client", "invalid_grant", "access_denied"})
"""RFC 6749 section 5.2; sent with status 400 or 401."""
_SECONDS = re.compile(r"\d{1,9}(\.\d*)?")


@dataclass(frozen=True, slots=True)
class Tokens:
    """Never shown: the values print as stars."""

    bearer: SecretStr
    lgsp: SecretStr | None

    def headers(self) -> dict[str, str]:
        """Headers that every call carries."""
        named = {
            "Authorization": f"Bearer {self.bearer.get_secret_value()}",
            "Content-Type": "application/json",
        }
        if self.lgsp is not None:
            named[LGSP_HEADER] = self.lgsp.get_secret_value()
        return named


class TokenDesk:
    """Fetches both tokens with the client's name and secret."""

    def __init__(self, settings: NationalRegistrySettings, channel: HttpChannel, now: Now) -> None:
        self._settings = settings
        self._channel = channel
        self._now = now

    def obtain(self) -> Credential[Tokens]:
        """Both tokens, good until the first of them must be renewed. Raises any AdapterError."""
        bearer, good_until = self._token(self._settings.token_path)
        if self._settings.lgsp_token_path is None:
            return Credential(Tokens(bearer, None), good_until)
        lgsp, lgsp_until = self._token(self._settings.lgsp_token_path)
        return Credential(Tokens(bearer, lgsp), min(good_until, lgsp_until))

    def _token(self, path: str) -> tuple[SecretStr, datetime]:
        asked_at = self._now()
        answer = self._channel.exchange(
            "POST",
            path,
            headers={
                "Authorization": self._basic(),
                "Content-Type": "application/x-www-form-urlencoded",
            },
            content=b"grant_type=client_credentials",
            operation="token",
        )
        body = answer.json_object
        token = None if body is None else text_of(body.get("access_token"))
        if body is not None and text_of(body.get("error")) in _CLIENT_REFUSED:
            raise NotAuthorized(answer.evidence(partner_code=text_of(body.get("error"))))
        if body is None or token is None or not answer.is_success:
            raise unusable(answer)
        if not _HEADER_VALUE.fullmatch(token):
            raise OutcomeUnknown(answer.evidence())
        return SecretStr(token), asked_at + timedelta(seconds=self._seconds_to_keep(body))

    def _seconds_to_keep(self, body: Mapping[str, object]) -> float:
        stated = text_of(body.get("expires_in")) or ""
        life = float(stated) if _SECONDS.fullmatch(stated) else self._settings.token_seconds
        return max(life - self._settings.token_margin_seconds, life / 2)

    def _basic(self) -> str:
        pair = f"{self._settings.client_id}:{self._settings.client_secret.get_secret_value()}"
        return "Basic " + base64.b64encode(pair.encode()).decode("ascii")
