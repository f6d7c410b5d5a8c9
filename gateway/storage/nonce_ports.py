"""What remembering of nonces is asked of the storage; memory and SQL pass one contract suite."""

from datetime import datetime
from typing import Protocol, TypeVar

from gateway.model.ids import ClientId

TransactionT_contra = TypeVar("TransactionT_contra", contravariant=True)


class Nonces(Protocol[TransactionT_contra]):
    """Which nonces were used, for as long as a message that bears them could still be taken for new."""

    def use(
        self,
        transaction: TransactionT_contra,
        client_id: ClientId,
        nonce_sha256: str,
        expires_at: datetime,
        now: datetime,
    ) -> bool:
        """Whether this is the first use; what expired before `now` is forgotten on the way."""
        ...
