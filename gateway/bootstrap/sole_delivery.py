"""From one SQLite file one gateway delivers, with however many processes; the next waits until all are gone.

`take_over` ends every lease. A process of the predecessor that had just committed "about to send" could then
send although the newcomer has asked the destination and been told that nothing came. A fence does not help
there: it is looked at before the commit, the bytes leave after it. So a file beside the database is locked,
and a lock belongs to the file as opened: the gateway's further processes inherit it open, and it stays locked
until the last of them has ended, however it ended.
"""

import os
import time
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from gateway.bootstrap.stores import Stores
from gateway.errors import DeliveredElsewhere
from gateway.observability.logging import get_log
from gateway.settings import Settings
from gateway.storage.sql.side_lock import open_lock, try_lock
from gateway.storage.sql.sqlite import SqliteDatabase

log = get_log("bootstrap.sole_delivery")

POLL_SECONDS: Final = 0.05


class SoleDelivery:
    """The right to deliver from one file."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}-delivering")
        self._file: int | None = None

    @property
    def files(self) -> tuple[int, ...]:
        """What further processes must inherit; none before it is taken."""
        return () if self._file is None else (self._file,)

    def take(self, wait_seconds: float) -> None:
        """Wait for the predecessor. Raises `DeliveredElsewhere` when it does not end in time."""
        file = open_lock(self._path)
        deadline = time.monotonic() + wait_seconds
        if not try_lock(file):
            log.warning("delivery.predecessor_still_there", wait_seconds=wait_seconds)
            while not try_lock(file):
                if time.monotonic() > deadline:
                    os.close(file)
                    raise DeliveredElsewhere(file=self._path.name, waited_seconds=wait_seconds)
                time.sleep(POLL_SECONDS)
        self._file = file

    def give_back(self) -> None:
        """Ours is closed; it is free when the further processes have ended, too."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)


def sole_delivery(stores: Stores, settings: Settings) -> SoleDelivery | None:
    """None on PostgreSQL: there nobody takes over, and leases run out."""
    if not isinstance(stores.database, SqliteDatabase):
        return None
    return SoleDelivery(Path(make_url(settings.database_url).database or "").absolute())
