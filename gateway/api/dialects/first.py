"""Generation 1: dossiers with XML text inside, and questions about one dossier, one day or one list."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from gateway.api.authenticate import Caller
from gateway.api.dialects import wire
from gateway.api.dialects.answers import FIRST
from gateway.api.dialects.bodies import JsonObject, NotReadable
from gateway.api.dialects.desk import Act, Desk, add_operations
from gateway.api.dialects.journeys import FoundDossier, number_of_event
from gateway.api.dialects.lists import code_list
from gateway.api.dialects.pushes import missing, read_first_push, said
from gateway.api.dialects.results import result_of, told_entry
from gateway.api.dialects.standing import COMPLETED, standing_of
from gateway.model.delivery import StoredEvent
from mappings.canonical import matter_of
from mappings.codes import UnitLevel, find_unit
from mappings.national_registry.reading.spelling import Unreadable, read_day
from mappings.national_registry.reading.tables import modules, name_of_module

_DIGITS_MAX: Final = 19
_PROVINCE_DIGITS: Final = 2


def first_router(desk: Desk) -> APIRouter:
    """Seven operations at every path where the registry's clients look for them."""
    router = APIRouter(tags=["dialects"])
    generation = FirstGeneration(desk)
    acts: Mapping[str, tuple[str, Act]] = {
        wire.PUSH_FIRST: ("Hand over one dossier, XML in data (đăng ký hộ tịch)", generation.push),
        wire.CODE_LISTS: ("A code list of the day (danh mục)", generation.code_lists),
        wire.STATUS: ("How far one dossier is (trạng thái hồ sơ)", generation.status),
        wire.RESULT: ("The result of one dossier (kết quả đăng ký)", generation.result),
        wire.CHANGED: ("What changed on a day (danh sách hồ sơ đăng ký)", generation.changed),
        wire.RECORD: ("One record by its number (tra hồ sơ)", generation.record),
        wire.RECORDS: ("Several records by their numbers (tra danh sách hồ sơ)", generation.records),
    }
    add_operations(router, desk, FIRST, wire.FIRST_PATHS, acts)
    return router


@dataclass(frozen=True, slots=True)
class FirstGeneration:
    """The operations."""

    desk: Desk

    async def push(self, sent: JsonObject, caller: Caller) -> JSONResponse:
        """One dossier; the record is XML text in `data`."""
        dossier = await run_in_threadpool(read_first_push, sent)
        return await self.desk.push(FIRST, dossier, caller)

    async def code_lists(self, sent: JsonObject, _caller: Caller) -> JSONResponse:
        """Nationalities, countries, ethnic groups, units, identity papers."""
        found = await run_in_threadpool(code_list, said(sent, "loaiDanhMuc"), self.desk.today())
        return _refused(wire.DATA_TYPE_INVALID) if found is None else FIRST.done(found)

    async def status(self, sent: JsonObject, caller: Caller) -> JSONResponse:
        """1 received, 2 supplement asked, 3 being handled, 4 registered."""
        found = await self._find(sent, caller)
        if found is None:
            return _refused(wire.RECORD_NOT_FOUND)
        standing = standing_of(found.journey)
        told = {"status": int(standing.in_first_generation), "value": standing.text}
        return JSONResponse({**told, "event_id": found.stored.event_id})

    async def result(self, sent: JsonObject, caller: Caller) -> JSONResponse:
        """The entry as JSON text, when the registry has finished."""
        found = await self._find(sent, caller)
        if found is None:
            return _refused(wire.RECORD_NOT_FOUND)
        if standing_of(found.journey).number != COMPLETED:
            return _refused(wire.RECORD_UNCOMPLETE)
        told = {**_identity(found.stored), **result_of(found), **_book_of(found)}
        return FIRST.done(_as_text(told), event_id=found.stored.event_id)

    async def changed(self, sent: JsonObject, caller: Caller) -> JSONResponse:
        """Every event of a module that changed on a day, by number and office."""
        module, day = name_of_module(said(sent, "module")), _day_in(sent)
        if module not in modules():
            return _refused(wire.DATA_TYPE_INVALID)
        found = await run_in_threadpool(self.desk.changes.of_day, module, day, caller)
        return FIRST.done(_as_text([_identity(stored) for stored in found]))

    async def record(self, sent: JsonObject, caller: Caller) -> JSONResponse:
        """One record; its `maHoSo` is a number here."""
        return await self._records([said(sent, "maHoSo")], said(sent, "module"), caller)

    async def records(self, sent: JsonObject, caller: Caller) -> JSONResponse:
        """Several records of one province."""
        province = find_unit(said(sent, "maTinh").zfill(_PROVINCE_DIGITS), self.desk.today())
        if province is None or province.level is not UnitLevel.PROVINCE:
            return _refused(wire.PROVINCE_INCORRECT)
        numbers = sent.get("dsMaHoSo")
        if not isinstance(numbers, list) or len(numbers) > wire.RECORDS_PER_CALL_MAX:
            raise NotReadable(missing("dsMaHoSo", f"1–{wire.RECORDS_PER_CALL_MAX} số"))
        return await self._records([str(each) for each in numbers], said(sent, "module"), caller)

    async def _records(self, texts: Sequence[str], module: str, caller: Caller) -> JSONResponse:
        numbers = [
            int(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX
        ]
        found = await run_in_threadpool(self.desk.dossiers.find_numbers, numbers, caller)
        wanted = name_of_module(module)
        shown = [self._shown(stored) for stored in found if self.desk.changes.is_of_module(stored, wanted)]
        return FIRST.done(_as_text(shown)) if shown else _refused(wire.RECORD_NOT_FOUND)

    def _shown(self, stored: StoredEvent) -> dict[str, object]:
        """The record as our own mapping writes it; where it cannot, the entry alone."""
        record = self.desk.record_of(matter_of(stored.event)) or {}
        return {**_identity(stored), **record, **_book(stored)}

    async def _find(self, sent: JsonObject, caller: Caller) -> FoundDossier | None:
        code, office = said(sent, "maHoSo"), said(sent, "maDonVi")
        if not code or not office:
            raise NotReadable(missing("maHoSo" if not code else "maDonVi", "mã như khi gửi hồ sơ"))
        return await run_in_threadpool(self.desk.dossiers.find, code, None, office, caller)


def _identity(stored: StoredEvent) -> dict[str, object]:
    """`id` is ours and keeps; the office as this generation writes it, a number."""
    office = stored.event.registration.authority_code
    return {
        "id": number_of_event(stored.event_id),
        "maDonVi": int(office) if office.isascii() and office.isdigit() else office,
    }


def _book_of(found: FoundDossier) -> dict[str, object]:
    """Of a declaration whose event is still being made: as the registry has told it."""
    if found.is_registered:
        return _book(found.stored)
    entry = told_entry(found)
    names = {"so": "soDangKy", "quyenSo": "quyenSo", "trangSo": "trangSo"}
    return {ours: entry[theirs] for ours, theirs in names.items() if theirs in entry}


def _book(stored: StoredEvent) -> dict[str, object]:
    place = stored.event.registration
    told = {"so": place.number, "quyenSo": place.volume, "trangSo": place.page}
    return {name: value for name, value in told.items() if value is not None}


def _day_in(sent: JsonObject) -> date:
    try:
        return read_day(sent.get("ngayCapNhat"))
    except Unreadable as broken:
        raise NotReadable(missing("ngayCapNhat", "yyyy-MM-dd")) from broken


def _refused(number: int) -> JSONResponse:
    return FIRST.refused(number, wire.NAMES[number])


def _as_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
