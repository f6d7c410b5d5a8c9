"""Calls over the provincial bus: tokens in every call, renewed once when they are refused."""

from adapters.credential import CredentialCache
from adapters.errors import NotAuthorized, PartnerFault, Refused
from adapters.evidence import evidence_of
from adapters.http import HttpAnswer, HttpChannel, Now
from adapters.national_registry.access import TokenDesk, Tokens
from adapters.national_registry.answers import asks_for_new_token
from adapters.national_registry.settings import NationalRegistrySettings
from adapters.port import Announce


class Bus:
    """One way to the registry; safe to share between threads."""

    def __init__(self, settings: NationalRegistrySettings, channel: HttpChannel, now: Now) -> None:
        self._message_bytes_max = settings.message_bytes_max
        self._channel = channel
        self._tokens: CredentialCache[Tokens] = CredentialCache(
            TokenDesk(settings, channel, now).obtain, now, channel.pause
        )

    def call(self, path: str, content: bytes, operation: str, announce: Announce | None = None) -> HttpAnswer:
        """One exchange; when the tokens are refused, nothing was applied and they are renewed once."""
        tokens = self._tokens.get()
        answer = self._exchange(path, content, operation, tokens.value, announce)
        if asks_for_new_token(answer):
            tokens = self._tokens.renew(tokens)
            answer = self._exchange(path, content, operation, tokens.value, None)
            if asks_for_new_token(answer):
                raise NotAuthorized(answer.evidence())
        return answer

    def require_length(self, content: bytes, operation: str, field: str) -> None:
        """Raises `Refused`, naming the field that makes a message too long."""
        limit = self._message_bytes_max
        if len(content) > limit:
            text = (
                f"Gói tin dài {len(content)} byte, vượt {limit}; hãy giảm dung lượng {field}. / "
                f"The message has {len(content)} bytes, more than {limit}; make {field} smaller."
            )
            raise Refused(evidence_of(operation, request=content), faults=(PartnerFault(text, field),))

    def _exchange(
        self, path: str, content: bytes, operation: str, tokens: Tokens, announce: Announce | None
    ) -> HttpAnswer:
        return self._channel.exchange(
            "POST", path, headers=tokens.headers(), content=content, operation=operation, announce=announce
        )
