"""The partners' message contracts, read as data: what a field may hold, checked before anything leaves."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from mappings.csv_files import CONTRACTS, read_rows
from mappings.rules import JsonValue

_COLUMNS: Final = ("field", "kind", "max_length", "format", "code_list", "required", "mark", "source")
_WITH: Final = "with:"
_PATTERNS: Final[Mapping[str, str]] = {
    "dd.MM.yyyy": r"[0-9]{2}\.[0-9]{2}\.[0-9]{4}",
    "MM.yyyy": r"[0-9]{2}\.[0-9]{4}",
    "dd/MM/yyyy": r"[0-9]{2}/[0-9]{2}/[0-9]{4}",
    "MM/yyyy": r"[0-9]{2}/[0-9]{4}",
    "dd/MM/yyyy HH:mm:ss": r"[0-9]{2}/[0-9]{2}/[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2}",
    "HH:mm": r"[0-9]{2}:[0-9]{2}",
    "yyyy": r"[0-9]{4}",
    "yyyyMM": r"[0-9]{6}",
    "yyyyMMdd": r"[0-9]{8}",
    "yyyy-MM-dd": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "yyyyMMddHHmmss": r"[0-9]{14}",
    "base64": r"[0-9A-Za-z+/]*={0,2}",
    "json": r"[\s\S]*",
}


@dataclass(frozen=True, slots=True)
class ContractField:
    """One field as the contract describes it."""

    path: str
    kind: str
    length_max: int | None
    pattern: re.Pattern[str] | None
    format: str
    codes: frozenset[str] | None
    required: bool
    required_with: tuple[str, ...] = ()
    """Last names of fields beside it; it is required once any of them is there."""

    @property
    def has_parts(self) -> bool:
        """An object or a list."""
        return self.kind == "object" or self.kind == "list"  # noqa: PLR1714 - asked a hundred times a message

    def takes(self, value: JsonValue) -> bool:
        """Whether this is a text that the field takes: the quick look at what is nearly always so."""
        if not isinstance(value, str) or self.kind == "number":
            return False
        if self.length_max is not None and len(value) > self.length_max:
            return False
        if self.codes is not None and value not in self.codes:
            return False
        return self.pattern is None or self.pattern.fullmatch(value) is not None


@dataclass(frozen=True, slots=True)
class Contract:
    """One message of one partner: fields by dotted path, in the order of the contract."""

    name: str
    fields: Mapping[str, ContractField]
    by_parent: Mapping[str, Mapping[str, ContractField]]
    """Fields directly below an object, by last name; "" is the message, `x[]` an element of the list `x`."""

    def children(self, path: str) -> Mapping[str, ContractField]:
        """Fields directly below, in the order of the contract."""
        return self.by_parent.get(path, {})


def _by_parent(fields: Iterable[ContractField]) -> Mapping[str, Mapping[str, ContractField]]:
    found: dict[str, dict[str, ContractField]] = {}
    for field in fields:
        parent, _, name = field.path.rpartition(".")
        found.setdefault(parent, {})[name] = field
    return found


@dataclass(frozen=True, slots=True)
class Breach:
    """One value that the partner would refuse."""

    path: str
    kind: str
    """`missing`, `too_long`, `wrong_format`, `not_in_code_list`, `wrong_kind` or `unknown_field`."""
    limit: str = ""


def _pattern(text: str) -> re.Pattern[str] | None:
    if not text:
        return None
    if text.startswith("regex:"):
        return re.compile(text.removeprefix("regex:"))
    return re.compile("|".join(f"(?:{_PATTERNS[part]})" for part in text.split("|")))


@cache
def _codes(folder: Path, name: str) -> frozenset[str]:
    lines = (folder / "codes" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    header, *rows = lines
    column = header.split(",").index("code")
    if column != 0:
        raise ValueError(name)
    return frozenset(row.split(",", 1)[0].strip('"') for row in rows if row)


def contracts_beside(mappings: Path, partner: str) -> Path:
    """Where the contracts of a folder of mappings lie: its own beside it, else those of this release."""
    beside = mappings.parent / CONTRACTS.name
    return beside if (beside / partner / "contract").is_dir() else CONTRACTS


@cache
def load_contract(partner: str, name: str, contracts: Path = CONTRACTS) -> Contract:
    """Read the contract of one message.

    Raises:
        TableBroken: its columns are others.
        FileNotFoundError: there is none of this name.

    """
    folder = contracts / partner / "contract"
    fields: dict[str, ContractField] = {}
    for row in read_rows(folder / "messages" / f"{name}.csv", _COLUMNS):
        required = row["required"]
        if required not in {"yes", "no"} and not required.startswith(_WITH):
            raise row.broken("required")
        try:
            pattern = _pattern(row["format"])
        except (KeyError, re.error) as error:
            raise row.broken(row["format"]) from error
        fields[row["field"]] = ContractField(
            path=row["field"],
            kind=row["kind"],
            length_max=int(row["max_length"]) if row["max_length"] else None,
            pattern=pattern,
            format=row["format"],
            codes=_codes(folder, row["code_list"]) if row["code_list"] else None,
            required=required == "yes",
            required_with=tuple(required.removeprefix(_WITH).split("|"))
            if required.startswith(_WITH)
            else (),
        )
    return Contract(name, fields, _by_parent(fields.values()))


def tells_any(body: Mapping[str, JsonValue], names: Iterable[str]) -> bool:
    """Whether one of these fields holds anything."""
    return any(not _is_absent(body.get(name)) for name in names)


def _is_absent(value: JsonValue) -> bool:
    return value is None or value == ""


def breaches(contract: Contract, body: Mapping[str, JsonValue], path: str = "") -> Iterator[Breach]:
    """Go through everything the partner would refuse in this object."""
    known = contract.children(path)
    for name in body:
        if name not in known:
            yield Breach(f"{path}.{name}".lstrip("."), "unknown_field")
    for name, field in known.items():
        value = body.get(name)
        if value is None or value == "":
            if field.required or (field.required_with and tells_any(body, field.required_with)):
                yield Breach(field.path, "missing")
        elif field.has_parts:
            yield from inner_breaches(contract, field, value)
        elif not field.takes(value):
            breach = _simple_breach(field, value)
            if breach is not None:
                yield breach


def fits(field: ContractField, value: JsonValue) -> bool:
    """Whether the partner would take this value of a field without parts."""
    return field.takes(value) or _simple_breach(field, value) is None


def inner_breaches(contract: Contract, field: ContractField, value: JsonValue) -> Iterator[Breach]:
    """Go through everything the partner would refuse in an object or a list."""
    if field.kind == "list":
        yield from _list_breaches(contract, field, value)
    elif isinstance(value, Mapping):
        yield from breaches(contract, value, field.path)
    else:
        yield Breach(field.path, "wrong_kind", "object")


def _simple_breach(field: ContractField, value: JsonValue) -> Breach | None:
    if field.kind == "number":
        if isinstance(value, bool) or not isinstance(value, int):
            return Breach(field.path, "wrong_kind", "number")
        return find_text_breach(field, str(value))
    if isinstance(value, str):
        return find_text_breach(field, value)
    return Breach(field.path, "wrong_kind", "text")


def _list_breaches(contract: Contract, field: ContractField, value: JsonValue) -> Iterator[Breach]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        yield Breach(field.path, "wrong_kind", "list")
        return
    if not contract.children(f"{field.path}[]"):
        return  # the contract does not look into these elements
    for element in value:
        if isinstance(element, Mapping):
            yield from breaches(contract, element, f"{field.path}[]")
        else:
            yield Breach(field.path, "wrong_kind", "object")


def find_text_breach(field: ContractField, text: str) -> Breach | None:
    """What the partner would have against this text."""
    if field.length_max is not None and len(text) > field.length_max:
        return Breach(field.path, "too_long", str(field.length_max))
    if field.pattern is not None and field.pattern.fullmatch(text) is None:
        return Breach(field.path, "wrong_format", field.format)
    if field.codes is not None and text not in field.codes:
        return Breach(field.path, "not_in_code_list")
    return None


def in_contract_order(
    contract: Contract, body: Mapping[str, JsonValue], path: str = ""
) -> Mapping[str, JsonValue]:
    """Put fields into the order of the contract; where a partner reads XML, the order matters."""
    order = contract.children(path)
    ordered: dict[str, JsonValue] = {name: body[name] for name in order if name in body}
    if len(ordered) < len(body):
        ordered |= {name: value for name, value in body.items() if name not in order}
    for name, value in ordered.items():
        if not isinstance(value, str) and isinstance(value, Mapping) and name in order:
            ordered[name] = in_contract_order(contract, value, order[name].path)
    return ordered
