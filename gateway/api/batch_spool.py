"""Results on their way to a client that may read late: little in memory, the rest in a nameless file."""

import asyncio
from tempfile import SpooledTemporaryFile
from typing import Final

_IN_MEMORY_BYTES: Final = 1024 * 1024
_PIECE_BYTES: Final = 65_536


class ResultSpool:
    """First in, first out, on one event loop; most HTTP clients read only after they have sent everything."""

    def __init__(self, bytes_max: int) -> None:
        self._file = SpooledTemporaryFile(_IN_MEMORY_BYTES)  # noqa: SIM115 - closed by `close`
        self._bytes_max = bytes_max
        self._written = self._read = 0
        self._is_ended = False
        self._changed = asyncio.Event()
        self._has_room = asyncio.Event()
        self._has_room.set()

    async def put(self, result: bytes) -> None:
        """Append; waits while too much is unread."""
        await self._has_room.wait()
        self._file.seek(self._written)
        self._file.write(result)
        self._written += len(result)
        if self._written - self._read >= self._bytes_max:
            self._has_room.clear()
        self._changed.set()

    def end(self) -> None:
        """Nothing follows."""
        self._is_ended = True
        self._changed.set()

    async def take(self) -> bytes:
        """The next piece, as soon as there is one; empty at the end."""
        while self._read == self._written and not self._is_ended:
            self._changed.clear()
            await self._changed.wait()
        self._file.seek(self._read)
        piece = self._file.read(_PIECE_BYTES)
        self._read += len(piece)
        if self._read == self._written:
            self._file.seek(0)
            self._file.truncate()
            self._written = self._read = 0
        if self._written - self._read < self._bytes_max:
            self._has_room.set()
        return piece

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
