"""The registry's own code lists (danhMuc, generation 1): fetched as they are, believed by nobody yet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

from adapters.errors import ContractBroken, NotAuthorized, Refused
from adapters.http import HttpAnswer, HttpChannel, Now, unusable
from adapters.json_answer import JsonUnreadable, read_json, text_of, write_json
from adapters.national_registry.bus import Bus
from adapters.national_registry.faults import Reaction, faults_in, reaction_to
from adapters.national_registry.settings import NationalRegistrySettings
from adapters.partner_text import storable

OPERATION: Final = "danhMuc"
_TAKEN, _FAILED = "1", "0"
_UNIT_FIELDS: Final = (
    "maDonViHanhChinh",
    "tenDonViHanhChinh",
    "tenDayDuDonViHanhChinh",
    "maDonViHanhChinhCha",
)
_ITEM_FIELDS: Final = ("ma", "ten", "", "")


class CodeListKind(IntEnum):
    """`loaiDanhMuc`: quốc tịch, quốc gia, dân tộc, đơn vị hành chính của tỉnh, giấy tờ tùy thân [S]."""

    NATIONALITIES = 1
    COUNTRIES = 2
    ETHNIC_GROUPS = 3
    UNITS = 4
    IDENTITY_DOCUMENTS = 5


@dataclass(frozen=True, slots=True)
class RegistryCode:
    """One code as the registry tells it; it says nothing of days."""

    code: str
    name: str
    full_name: str | None = None
    parent_code: str | None = None


class CodeListDesk:
    """Asks for whole lists; safe to share between threads."""

    def __init__(self, settings: NationalRegistrySettings, channel: HttpChannel, now: Now) -> None:
        self._path = f"{settings.first_generation_path}/{OPERATION}"
        self._channel = channel
        # Generation 1 knows one token only.
        self._bus = Bus(replace(settings, lgsp_token_path=None), channel, now)

    def fetch(self, kind: CodeListKind) -> tuple[RegistryCode, ...]:
        """Fetch one list, in the registry's order.

        Raises:
            NotAuthorized, Refused, ContractBroken: what the registry says instead.
            NotSent, Busy, OutcomeUnknown: nothing usable came; asking again does no harm.

        """
        answer = self._bus.call(self._path, write_json({"loaiDanhMuc": int(kind)}), OPERATION)
        items = _items_of(answer)
        fields = _UNIT_FIELDS if kind is CodeListKind.UNITS else _ITEM_FIELDS
        codes = tuple(_codes(items, fields))
        if not codes or len(codes) != len(items) or len({each.code for each in codes}) != len(codes):
            raise ContractBroken(answer.evidence())
        return codes

    def close(self) -> None:
        """Let go of connections."""
        self._channel.close()


def build(settings: NationalRegistrySettings, now: Now) -> CodeListDesk:
    """The desk with its own channel and token."""
    return CodeListDesk(settings, HttpChannel(settings.http, now), now)


def _items_of(answer: HttpAnswer) -> list[object]:
    body = answer.json_object
    status = None if body is None else text_of(body.get("status"))
    if body is None or status is None:
        raise unusable(answer)
    if status == _FAILED:
        raise _failure(answer, body)
    items = _list_in(body.get("value"))
    if status != _TAKEN or items is None or not answer.is_success:
        raise ContractBroken(answer.evidence(status))
    return items


def _failure(answer: HttpAnswer, body: Mapping[str, object]) -> NotAuthorized | Refused | ContractBroken:
    code, text = text_of(body.get("errorCode")), text_of(body.get("errorDescription"))
    evidence = answer.evidence(code, text)
    if reaction_to(code) in {Reaction.OPERATOR, Reaction.NEW_TOKEN}:
        return NotAuthorized(evidence)
    return Refused(evidence, faults=faults_in(text or code)) if code or text else ContractBroken(evidence)


def _list_in(value: object) -> list[object] | None:
    """JSON text of a list; a list that is not text is one too."""
    if isinstance(value, str):
        try:
            value = read_json(value.encode())
        except JsonUnreadable:
            return None
    return value if isinstance(value, list) else None


def _codes(items: list[object], fields: tuple[str, ...]) -> Iterator[RegistryCode]:
    """An item without code or name is no code; the caller sees that one is missing."""
    code_field, name_field, full_name_field, parent_field = fields
    for item in items:
        if not isinstance(item, Mapping):
            continue
        code, name = text_of(item.get(code_field)), storable(text_of(item.get(name_field)))
        if code is not None and name is not None:
            full_name = storable(text_of(item.get(full_name_field)))
            yield RegistryCode(code, name, full_name, text_of(item.get(parent_field)))
