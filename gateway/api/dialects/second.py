"""Generation 2: dossiers with JSON text and files inside, and the poll for results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from gateway.api.authenticate import Caller
from gateway.api.dialects import wire
from gateway.api.dialects.answers import SECOND
from gateway.api.dialects.bodies import JsonObject
from gateway.api.dialects.desk import Act, Desk, add_operations
from gateway.api.dialects.journeys import FoundDossier
from gateway.api.dialects.pushes import RECORD, read_second_push, said
from gateway.api.dialects.results import dossier_codes, result_of
from gateway.api.dialects.standing import COMPLETED, standing_of
from gateway.api.events import PREPARED_INLINE_BYTES_MAX
from mappings.canonical import VIETNAM_TIME
from mappings.codes import find_province_of
from mappings.national_registry.reading.tables import modules, name_of_module
from mappings.places import office_of_authority

_CODE_CHARACTERS_MAX: Final = 100


def second_router(desk: Desk) -> APIRouter:
    """Push and poll, at the paths of before and after 1 July 2025."""
    router = APIRouter(tags=["dialects"])
    generation = SecondGeneration(desk)
    acts: Mapping[str, tuple[str, Act]] = {
        wire.PUSH_SECOND: ("Hand over one dossier, JSON in data (nhận hồ sơ hộ tịch)", generation.push),
        wire.POLL: ("Results of several dossiers (lấy kết quả)", generation.poll),
    }
    add_operations(router, desk, SECOND, wire.SECOND_PATHS, acts)
    return router


@dataclass(frozen=True, slots=True)
class SecondGeneration:
    """The operations."""

    desk: Desk

    async def push(self, sent: JsonObject, caller: Caller) -> JSONResponse:
        """One dossier; the record is JSON text in `data`."""
        text = sent.get(RECORD)
        is_long = isinstance(text, str) and len(text) > PREPARED_INLINE_BYTES_MAX
        dossier = await run_in_threadpool(read_second_push, sent) if is_long else read_second_push(sent)
        return await self.desk.push(SECOND, dossier, caller)

    async def poll(self, sent: JsonObject, caller: Caller) -> JSONResponse:
        """What became of the dossiers; one that we do not have is missing in the answer [S]."""
        module, codes = name_of_module(said(sent, "module")), sent.get("maDinhDanhHoSo")
        asked = [codes] if isinstance(codes, str) else codes
        is_list = isinstance(asked, list) and 0 < len(asked) <= wire.CODES_PER_POLL_MAX
        if module not in modules() or not is_list or not isinstance(asked, list):
            return SECOND.refused(wire.DATA_TYPE_INVALID, wire.NAMES[wire.DATA_TYPE_INVALID])
        wanted = [str(code)[:_CODE_CHARACTERS_MAX] for code in asked]
        items = await run_in_threadpool(self._items, wanted, module, caller)
        return JSONResponse({"status": 1, "statusDescription": wire.DONE, "value": items})

    def _items(self, codes: Sequence[str], module: str, caller: Caller) -> list[dict[str, object]]:
        found = (self.desk.dossiers.find(code, module, "", caller) for code in dict.fromkeys(codes))
        return [_item(each, module) for each in found if each is not None]


def _item(found: FoundDossier, module: str) -> dict[str, object]:
    event, standing = found.stored.event, standing_of(found.journey)
    office = event.registration.authority_code
    day = event.registration.registered_at.astimezone(VIETNAM_TIME).date()
    province = find_province_of(office, day)
    linked, code = dossier_codes(event)
    performed_by = event.registration.performed_by
    item: dict[str, object] = {
        "maDonVi": office,
        "maTinh": None if province is None else province.code,
        "module": module,
        "maHoSoLT": linked,
        "maHoSoMCDT": code,
        "errors": None,
        "ghiChu": None,
        "noiDungXuLy": standing.text,
        "trangThai": standing.number,
        "thoiGianThucHien": standing.moment,
        "nguoiXuLy": None if performed_by is None else performed_by.name,
        "chucDanh": None if performed_by is None else performed_by.title,
        "phongBanXuLy": office_of_authority(office, day),
        "hanBoSungHoSo": None,
        "event_id": found.stored.event_id,
    }
    if standing.number == COMPLETED:
        item["ketQuaXuLy"] = result_of(found)
    return item
