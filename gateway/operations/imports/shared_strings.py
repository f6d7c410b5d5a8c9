"""The texts that cells of a workbook share: on disk, with those in use in memory."""

import json
import zipfile
from collections import OrderedDict
from tempfile import TemporaryFile
from typing import Final

from gateway.operations.imports.sheet import FileLimits
from gateway.operations.imports.xml_parts import MAIN, elements
from gateway.operations.imports.zip_part import damaged

BLOCK: Final = 256
BLOCKS_IN_MEMORY: Final = 24
BLOCKS_KEPT: Final = 4
"""The first ones hold what every row repeats, such as "Kinh", and are never let go."""
_TEXT: Final = f"{{{MAIN}}}t"
_PHONETIC: Final = f"{{{MAIN}}}rPh"


class SharedStrings:
    """By number; a workbook may have millions of them, mostly used soon after one another."""

    def __init__(self, characters_max: int) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._offsets: list[int] = []
        self._pending: list[str] = []
        self._blocks: OrderedDict[int, list[str]] = OrderedDict()
        self._characters_max = characters_max

    def load(self, archive: zipfile.ZipFile, name: str, limits: FileLimits) -> None:
        """Read the part once, from beginning to end."""
        for item in elements(archive, name, limits, f"{{{MAIN}}}si"):
            texts = (
                text.text or ""
                for text in item.iter(_TEXT)
                if text.getparent().tag != _PHONETIC  # type: ignore[union-attr]  # an element inside `si` has a parent
            )
            # One character more than allowed stays, so that the row is refused for it.
            self._pending.append("".join(texts)[: self._characters_max + 1])
            if len(self._pending) == BLOCK:
                self._flush()
        self._flush()

    def __getitem__(self, number: int) -> str:
        """Raises `ImportRefused` for a number that the workbook lacks."""
        place, index = divmod(number, BLOCK)
        block = self._blocks.get(place)
        if block is None:
            block = self._read(place)
        elif place >= BLOCKS_KEPT:
            self._blocks.move_to_end(place)
        try:
            return block[index]
        except IndexError as error:
            raise _missing() from error

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _flush(self) -> None:
        if self._pending:
            self._offsets.append(self._file.tell())
            self._file.write(json.dumps(self._pending).encode() + b"\n")
            self._pending = []

    def _read(self, place: int) -> list[str]:
        if not 0 <= place < len(self._offsets):
            raise _missing()
        self._file.seek(self._offsets[place])
        block: list[str] = json.loads(self._file.readline())
        self._blocks[place] = block
        if len(self._blocks) > BLOCKS_IN_MEMORY:
            self._blocks.pop(next(key for key in self._blocks if key >= BLOCKS_KEPT))
        return block


def _missing() -> Exception:
    return damaged()
