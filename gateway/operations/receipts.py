"""Receipts that can be checked later: signing, public keys also of the past, and what speaks against one."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from gateway.model.ids import EventId
from gateway.model.receipts import ALGORITHM, SIGNATURE, receipt_document, signed_bytes
from gateway.model.signing import SigningKey
from gateway.model.submission import ReceiptSignature
from gateway.operations.bundle_key import Signer, is_signed_by
from gateway.storage.ports import Database, Events
from gateway.storage.webhook_ports import SigningKeys

TransactionT = TypeVar("TransactionT")


class ReceiptVerdict(StrEnum):
    """What can be said of a receipt by its signature alone."""

    GENUINE = "genuine"
    UNSIGNED = "unsigned"
    """From a time or a gateway without a key; only the gateway itself can say whether it gave it."""
    UNKNOWN_KEY = "unknown_key"
    CHANGED = "changed"
    """Changed since it was signed, or signed by somebody else."""
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class ReceiptCheck:
    """The verdict, and by which key."""

    verdict: ReceiptVerdict
    key_id: str | None = None


@dataclass(frozen=True, slots=True)
class ReceiptSigner:
    """Signs receipts; never shows its key."""

    signer: Signer

    def __call__(self, content: bytes) -> ReceiptSignature:
        """Some 50 microseconds."""
        value = base64.b64encode(self.signer.sign(content)).decode()
        return ReceiptSignature(self.signer.key_id, ALGORITHM, value)


def check_receipt(document: object, public_keys: Mapping[str, str]) -> ReceiptCheck:
    """Measure the receipt by public keys (key id -> PEM); needs neither network nor database."""
    if not isinstance(document, Mapping) or not isinstance(document.get("event_id"), str):
        return ReceiptCheck(ReceiptVerdict.MALFORMED)
    signature = document.get(SIGNATURE)
    if signature is None:
        return ReceiptCheck(ReceiptVerdict.UNSIGNED)
    read = _read(signature)
    if read is None:
        return ReceiptCheck(ReceiptVerdict.MALFORMED)
    key_id, value = read
    public_pem = public_keys.get(key_id)
    if public_pem is None:
        return ReceiptCheck(ReceiptVerdict.UNKNOWN_KEY, key_id)
    is_good = is_signed_by(public_pem, signed_bytes(document), value)
    return ReceiptCheck(ReceiptVerdict.GENUINE if is_good else ReceiptVerdict.CHANGED, key_id)


def _read(signature: object) -> tuple[str, bytes] | None:
    if not isinstance(signature, Mapping) or signature.get("algorithm") != ALGORITHM:
        return None
    key_id, value = signature.get("key_id"), signature.get("value")
    if not isinstance(key_id, str) or not isinstance(value, str):
        return None
    try:
        return key_id, base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None


def key_set(keys: Mapping[str, SigningKey], current: str | None) -> dict[str, Any]:
    """A JSON Web Key Set (RFC 7517, RFC 8037) with each key also as PEM."""
    return {
        "keys": [
            {
                "kty": "OKP",
                "crv": ALGORITHM,
                "kid": key.key_id,
                "use": "sig",
                "alg": "EdDSA",
                "x": _raw_base64url(key.public_pem),
                "pem": key.public_pem,
                "first_used_at": key.first_used_at.isoformat(),
                "is_current": key.key_id == current,
            }
            for key in keys.values()
        ]
    }


def public_keys_in(document: object) -> dict[str, str] | None:
    """Key id -> PEM of a saved key set; None when it is none."""
    keys = document.get("keys") if isinstance(document, Mapping) else None
    if not isinstance(keys, list):
        return None
    return {
        key["kid"]: key["pem"]
        for key in keys
        if isinstance(key, Mapping) and isinstance(key.get("kid"), str) and isinstance(key.get("pem"), str)
    }


def _raw_base64url(public_pem: str) -> str:
    raw = load_pem_public_key(public_pem.encode()).public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class ReceiptDesk(Generic[TransactionT]):
    """Knows every key that ever signed, and what was really given."""

    database: Database[TransactionT]
    events: Events[TransactionT]
    keys: SigningKeys[TransactionT]
    signer: Signer | None

    def remember_key(self, now: datetime) -> None:
        """So that its receipts can be checked after it has been replaced. Raises `StorageUnavailable`."""
        if self.signer is None:
            return
        with self.database.write() as transaction:
            self.keys.add(transaction, SigningKey(self.signer.key_id, self.signer.public_pem, now))

    def key_set(self) -> dict[str, Any]:
        """All public keys, the current one marked."""
        with self.database.read() as transaction:
            keys = self.keys.list_all(transaction)
        return key_set(keys, self.signer.key_id if self.signer else None)

    def check(self, document: object) -> ReceiptCheck:
        """By the keys that are kept here."""
        with self.database.read() as transaction:
            keys = self.keys.list_all(transaction)
        return check_receipt(document, {key_id: key.public_pem for key_id, key in keys.items()})

    def is_as_given(self, event_id: EventId, document: Mapping[str, Any]) -> bool:
        """Whether this very receipt was given for the event."""
        with self.database.read() as transaction:
            kept = self.events.find_receipt(transaction, event_id)
        return kept is not None and receipt_document(kept) == dict(document)
