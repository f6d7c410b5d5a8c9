"""Public keys by which receipts are checked, those of the past too."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The public half of a key that signs or has signed."""

    key_id: str
    public_pem: str
    first_used_at: datetime
