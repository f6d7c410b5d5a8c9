"""Ed25519 keys (RFC 8032) as PEM texts, so that any tool can check a bundle's signature."""

import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from pydantic import SecretStr

from gateway.errors import SettingsInvalid

_KEY_ID_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A new key: the private half is a secret, the public half is handed to the destination."""

    private_pem: str
    public_pem: str
    key_id: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs; never shows its key."""

    _key: Ed25519PrivateKey

    @property
    def key_id(self) -> str:
        """Names the key in the manifest."""
        return key_id_of(self._key.public_key())

    @property
    def public_pem(self) -> str:
        """What the destination checks with."""
        return _public_pem(self._key.public_key())

    def sign(self, content: bytes) -> bytes:
        """64 bytes."""
        return self._key.sign(content)


def new_key_pair() -> KeyPair:
    """From the machine's own source of chance."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key()
    return KeyPair(private.decode(), _public_pem(public), key_id_of(public))


def signer_of(
    private_pem: SecretStr | None, section: str = "operations", name: str = "bundle_signing_key"
) -> Signer | None:
    """None when no key is set. Raises `SettingsInvalid`, which never quotes the key."""
    if private_pem is None:
        return None
    try:
        key = load_pem_private_key(private_pem.get_secret_value().encode(), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        problem = (
            f"{section}.{name}: not an Ed25519 private key in PEM. Make one with"
            " `hotich-gateway bundle key new FILE` and set"
            f" HOTICH_{section.upper()}__{name.upper()}_FILE."
            " (Không phải khóa riêng Ed25519 dạng PEM.)"
        )
        raise SettingsInvalid(problems=[problem])
    return Signer(key)


def is_signed_by(public_pem: str, content: bytes, signature: bytes) -> bool | None:
    """None when the text is no Ed25519 public key."""
    try:
        key = load_pem_public_key(public_pem.encode())
    except ValueError:
        return None
    if not isinstance(key, Ed25519PublicKey):
        return None
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True


def key_id_of(key: Ed25519PublicKey) -> str:
    """The beginning of the SHA-256 of its raw bytes."""
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:_KEY_ID_CHARACTERS]


def key_id_of_pem(public_pem: str) -> str | None:
    """None when the text is no Ed25519 public key."""
    try:
        key = load_pem_public_key(public_pem.encode())
    except ValueError:
        return None
    return key_id_of(key) if isinstance(key, Ed25519PublicKey) else None


def _public_pem(key: Ed25519PublicKey) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
