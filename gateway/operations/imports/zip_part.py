"""A part of a workbook, unpacked piece by piece and never further than the limits: no bomb goes off."""

import zipfile
from typing import Final

from gateway.operations.imports.sheet import FileLimits, ImportRefused, refused

PIECE_BYTES: Final = 256 * 1024
ENTRIES_MAX: Final = 10_000
_SMALL_BYTES: Final = 1024 * 1024
"""Whatever unpacks to less than this harms nobody, whatever its ratio."""


def open_archive(path: str, limits: FileLimits) -> zipfile.ZipFile:
    """Raises `ImportRefused` for what is no workbook, or one that was made to do harm."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise refused("not_a_workbook") from error
    if len(archive.infolist()) > ENTRIES_MAX:
        archive.close()
        raise _bomb()
    for info in archive.infolist():
        if info.file_size > limits.unpacked_bytes_max or _is_bomb(info.file_size, info.compress_size, limits):
            archive.close()
            raise _bomb()
    return archive


class ZipPart:
    """A readable stream that counts what it gives; what an archive says of itself is not believed."""

    def __init__(self, archive: zipfile.ZipFile, name: str, limits: FileLimits) -> None:
        info = archive.getinfo(name)
        self._file = archive.open(info)
        self._packed, self._limits = info.compress_size, limits
        self._given = 0

    def read(self, size: int = -1) -> bytes:
        """Raises `ImportRefused` beyond the limits, or for a damaged archive."""
        try:
            piece = self._file.read(PIECE_BYTES if size < 0 else size)
        except (zipfile.BadZipFile, EOFError, OSError, ValueError) as error:
            raise damaged() from error
        self._given += len(piece)
        if self._given > self._limits.unpacked_bytes_max or _is_bomb(self._given, self._packed, self._limits):
            raise _bomb()
        return piece

    def close(self) -> None:
        """Let go of the part."""
        self._file.close()


def damaged() -> ImportRefused:
    """Some part of the file cannot be read."""
    return refused("file_damaged")


def _is_bomb(unpacked: int, packed: int, limits: FileLimits) -> bool:
    return unpacked > _SMALL_BYTES and unpacked > packed * limits.unpacked_ratio_max


def _bomb() -> ImportRefused:
    return refused("unpacks_to_too_much")
