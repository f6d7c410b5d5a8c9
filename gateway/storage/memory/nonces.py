"""Used nonces in memory."""

from datetime import datetime

from gateway.model.ids import ClientId
from retry_queue.memory.transactions import MemoryTransaction


class MemoryNonces:
    """Until they expire."""

    def __init__(self) -> None:
        self._used: dict[tuple[ClientId, str], datetime] = {}

    def use(
        self,
        transaction: MemoryTransaction,
        client_id: ClientId,
        nonce_sha256: str,
        expires_at: datetime,
        now: datetime,
    ) -> bool:
        """True the first time."""
        for known in [known for known, end in self._used.items() if end <= now]:
            transaction.drop(self._used, known)
        if (client_id, nonce_sha256) in self._used:
            return False
        transaction.put(self._used, (client_id, nonce_sha256), expires_at)
        return True
