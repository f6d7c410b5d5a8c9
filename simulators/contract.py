"""Contract files read as data: what a message may hold. Own code, shared with no adapter."""

import csv
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ADAPTERS = Path(__file__).resolve().parent.parent / "adapters"
KINDS = frozenset({"text", "date", "code", "number", "object", "list"})
_WITH = "with:"


class ContractFileBroken(Exception):
    """A contract file cannot be used."""

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(f"{path}: {fault}")


@dataclass(frozen=True, slots=True)
class Field:
    """One row of a message file; the columns are explained in the contract's README."""

    path: str
    kind: str
    length_max: int | None
    format: str
    code_list: str
    is_required: bool
    required_with: tuple[str, ...] = ()
    """Fields beside it, any of which makes it required."""

    @property
    def parent(self) -> str:
        """Path of the object or list that holds this field; empty at the top."""
        return self.path.rpartition(".")[0]

    @property
    def name(self) -> str:
        """Last part of the path."""
        return self.path.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Contract:
    """The contract folder of one system."""

    folder: Path

    def message(self, name: str) -> tuple[Field, ...]:
        """Fields of one message, in the file's order."""
        return read_message(self.folder / "messages" / f"{name}.csv")

    def codes(self, name: str) -> frozenset[str]:
        """Codes of one list."""
        return read_codes(self.folder / "codes" / f"{name}.csv")

    def table(self, name: str) -> tuple[dict[str, str], ...]:
        """Rows of one file in `codes/`."""
        return read_rows(self.folder / "codes" / f"{name}.csv")

    def limit(self, name: str) -> int:
        """A number from `limits` in `operations.json`."""
        return int(read_limits(self.folder / "operations.json")[name])


def contract_of(system: str) -> Contract:
    """Contract folder that lies beside the adapter of that system."""
    folder = ADAPTERS / system / "contract"
    if not folder.is_dir():
        raise ContractFileBroken(folder, "no such folder")
    return Contract(folder)


@cache
def read_rows(path: Path) -> tuple[dict[str, str], ...]:
    """Rows of a CSV file with a header; read once."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def read_codes(path: Path) -> frozenset[str]:
    """Column `code` of a code list; read once."""
    return frozenset(row["code"] for row in read_rows(path))


@cache
def read_limits(path: Path) -> dict[str, Any]:
    """`limits` of an operations file; read once."""
    limits: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["limits"]
    return limits


@cache
def read_message(path: Path) -> tuple[Field, ...]:
    """Fields of a message file; raises `ContractFileBroken` on a row that cannot be understood."""
    return tuple(_field(row, path) for row in read_rows(path))


def _field(row: dict[str, str], path: Path) -> Field:
    required = row["required"]
    if row["kind"] not in KINDS or not (required in {"yes", "no"} or required.startswith(_WITH)):
        raise ContractFileBroken(path, f"{row['field']}: unknown kind or required")
    return Field(
        path=row["field"],
        kind=row["kind"],
        length_max=int(row["max_length"]) if row["max_length"] else None,
        format=row["format"],
        code_list=row["code_list"],
        is_required=required == "yes",
        required_with=tuple(required.removeprefix(_WITH).split("|")) if required.startswith(_WITH) else (),
    )
