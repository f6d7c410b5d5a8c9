"""What signs receipts, built from settings."""

from gateway.bootstrap.stores import Stores, StoreTransaction
from gateway.operations.bundle_key import Signer, signer_of
from gateway.operations.receipts import ReceiptDesk, ReceiptSigner
from gateway.settings import Settings
from gateway.storage.sql.webhooks import SqlSigningKeys


def receipt_signer(settings: Settings) -> ReceiptSigner | None:
    """None when no key is set. Raises `SettingsInvalid`."""
    signer = _signer(settings)
    return None if signer is None else ReceiptSigner(signer)


def receipt_desk(stores: Stores, settings: Settings) -> ReceiptDesk[StoreTransaction]:
    """Checks receipts and tells the public keys. Raises `SettingsInvalid`."""
    return ReceiptDesk(stores.database, stores.events, SqlSigningKeys(), _signer(settings))


def _signer(settings: Settings) -> Signer | None:
    return signer_of(settings.receipts.signing_key, "receipts", "signing_key")
