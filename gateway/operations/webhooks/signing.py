"""Signatures and secrets of the Standard Webhooks (symmetric, `v1`), and secrets sealed at rest."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from gateway.errors import SettingsInvalid
from gateway.model.ids import RandomBytes

PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32
BAD_KEYS: Final = (
    "webhooks.sealing_keys: not the keys that `hotich-gateway webhook key new FILE` makes. Set"
    " HOTICH_WEBHOOKS__SEALING_KEYS_FILE=FILE. (Khóa mã hóa không đúng dạng.)"
)


def new_secret(random_bytes: RandomBytes) -> str:
    """`whsec_` and 32 bytes in base64: what the receiver is told once."""
    return PREFIX + base64.b64encode(random_bytes(SECRET_BYTES)).decode()


def headers_of(message_id: str, body: bytes, secrets: Sequence[str], now: datetime) -> dict[str, str]:
    """The three headers of the specification; each secret that is good now signs."""
    timestamp = str(int(now.timestamp()))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(message_id, timestamp, body, secret) for secret in secrets),
    }


def _signature(message_id: str, timestamp: str, body: bytes, secret: str) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.new(
        key, b".".join((message_id.encode(), timestamp.encode(), body)), hashlib.sha256
    ).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


class SealBroken(ValueError):
    """None of the keys that are set opens this secret."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Encrypts secrets for the database; the first key seals, all of them open."""

    _keys: MultiFernet

    def close(self, secret: str) -> str:
        """What may be stored."""
        return self._keys.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """Raises `SealBroken`."""
        try:
            return self._keys.decrypt(sealed.encode()).decode()
        except InvalidToken as broken:
            raise SealBroken(SealBroken.__doc__) from broken


def seal_of(keys: SecretStr | None) -> Seal | None:
    """None when no key is set: then there are no webhooks. Raises `SettingsInvalid`, which quotes nothing."""
    if keys is None:
        return None
    try:
        named = [Fernet(each.strip()) for each in keys.get_secret_value().split(",")]
    except (ValueError, binascii.Error):
        raise SettingsInvalid(problems=[BAD_KEYS]) from None
    return Seal(MultiFernet(named))


def new_sealing_key() -> str:
    """From the machine's own source of chance."""
    return Fernet.generate_key().decode()
