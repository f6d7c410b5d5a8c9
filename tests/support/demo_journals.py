"""Journals, answers and planted faults of a demonstration that went well; tests then spoil them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from simulators.demo.content import name_fields, whole_name
from simulators.demo.holdings import Key, read_holdings
from simulators.demo.judgement import Case, Evidence, judge
from simulators.demo.legal_needs import record_key, settled_by_person, wants_number
from simulators.demo.needs import needs_of
from simulators.demo.posting import Outbox, Posted, RefusedMessage
from simulators.demo.scheme import devise
from simulators.demo.settings import DemoSettings
from simulators.demo.verdict import Verdict
from simulators.local_registry.client import Answer
from simulators.local_registry.mistakes import plant
from simulators.local_registry.township import Registered, invent

START = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
Json = dict[str, Any]
DELIVERY_SECONDS, NUMBER = 3.0, "099226000123"
DESTINATIONS = ("national_registry", "population_db", "one_stop")


def make_case(events: int = 60, seed: int = 1) -> Case:
    """Events, mistakes and faults as a run would choose them."""
    settings = DemoSettings(events=events, seed=seed)
    township = invent(seed, events, START, settings.posting_seconds)
    return Case(settings, township, plant(seed, township.registered), devise(township.registered, settings))


@dataclass
class Scenes:
    """Everything that a good run leaves behind, open to be spoiled."""

    case: Case
    records: dict[str, list[Json]] = field(default_factory=lambda: {name: [] for name in DESTINATIONS})
    repeats: dict[str, list[Json]] = field(default_factory=lambda: {name: [] for name in DESTINATIONS})
    refused: dict[str, list[Json]] = field(default_factory=lambda: {name: [] for name in DESTINATIONS})
    planted: list[Json] = field(default_factory=list)
    attention: list[Json] = field(default_factory=list)
    states: dict[str, dict[str, int]] = field(default_factory=lambda: {name: {} for name in DESTINATIONS})
    outbox: Outbox = field(default_factory=Outbox)

    def judge(self) -> Verdict:
        """Judge what is there now."""
        journals = {
            name: {
                "records": [
                    {**each, "position": place} for place, each in enumerate(self.records[name], start=1)
                ],
                "repeats": self.repeats[name],
                "refused": self.refused[name],
            }
            for name in DESTINATIONS
        }
        view = {"attention": self.attention, "destinations": [self._place(name) for name in DESTINATIONS]}
        return judge(self.case, Evidence(self.outbox, read_holdings(journals), self.planted, view))

    def find(self, system: str, wanted: Callable[[Json], bool]) -> Json:
        """First record of a system that is wanted."""
        return next(each for each in self.records[system] if wanted(each))

    def hold(self, system: str, operation: str, body: Json, at: datetime, **facts: object) -> None:
        """Append a record."""
        entry = {"kind": "held", "operation": operation, "identity": "", "body": body, "facts": facts}
        self.records[system].append({**entry, "received_at": at.isoformat()})

    def _place(self, name: str) -> Json:
        states = dict(self.states[name])
        held = sum(each["destination"] == name for each in self.attention)
        if held:
            states["held"] = held
        listed = [{"state": state, "deliveries": count} for state, count in states.items()]
        return {"destination": name, "states": listed, "hold_reason": None}


def good_scenes(events: int = 60, seed: int = 1) -> Scenes:
    """A run that went as it should, with its planted faults obeyed."""
    scenes = Scenes(make_case(events, seed))
    excused = {(each.source_event_id, each.system): each for each in scenes.case.scheme.excuses}
    for number, event in enumerate(scenes.case.township.registered):
        receipt = {"event_id": f"e-{number}", "accepted_at": event.registered_at.isoformat()}
        answer = _answer(202, receipt)
        scenes.outbox.events[event.source_event_id] = Posted(event.source_event_id, answer)
        lacking = {system for name, system in excused if name == event.source_event_id}
        for system in lacking:
            excuse = excused[event.source_event_id, system]
            scenes.planted.append(
                {"system": system, "kind": excuse.kind, "subject": excuse.match, "identity": ""}
            )
            scenes.attention.append(
                {"event_id": f"e-{number}", "destination": system, "step": "step", "reason": "refused"}
            )
        if settled_by_person(event):
            waits = {"step": "subject_notice", "reason": "refused.new_number_needed"}
            scenes.attention.append({"event_id": f"e-{number}", "destination": "population_db", **waits})
        _deliver(scenes, event, lacking)
    _answer_mistakes(scenes)
    return scenes


def _deliver(scenes: Scenes, event: Registered, lacking: set[str]) -> None:
    at = event.registered_at + timedelta(seconds=DELIVERY_SECONDS)
    lacks_number = wants_number(event) and "population_db" in lacking
    for need in needs_of([event], scenes.case.township.unstated, []):
        if need.system in lacking:
            continue
        # Without a number the record goes when the wait is over.
        is_late = need.key == record_key(event) and lacks_number
        wait = scenes.case.settings.number_wait_seconds if is_late else 0.0
        operation, body, facts = _said(event, need.key)
        if need.key == record_key(event) and wants_number(event) and not lacks_number:
            body["data"]["nksSoDDCN"] = NUMBER
        scenes.hold(need.system, operation, body, at + timedelta(seconds=wait), **facts)
    if event.dossier_code and not lacking & {"one_stop", "national_registry"}:
        _steps(scenes, event, at)
        _linked_states(scenes, event, at)


def _said(event: Registered, key: Key) -> tuple[str, Json, Json]:
    """The message that puts something under this key: operation, body, what the journal notes beside it."""
    match key:
        case ("population_db", "number", office, number):
            name = {"Ten": whole_name(event.message["child"])}
            return "capSoDinhDanh", {"maDonVi": office, "soDangKy": number, "hoTen": name}, {"number": NUMBER}
        case ("population_db", "notice", kind, office, volume, number, person):
            entry = {"maDonVi": office, "quyenSo": volume, "soDangKy": number}
            body = {**entry, "soDinhDanh": person, "loaiSuKien": kind, "maYeuCau": f"{kind}/{person}"}
            replaced = {"suKienBiThayThe": f"DEATH/{person}"} if kind == "DEATH_CANCELLED" else {}
            return "thongBaoHoTich", {**body, **replaced}, {}
        case ("one_stop", "dossier", code):
            procedure = event.message["dossier"]["procedure_code"]
            return "DongBoHoSoMC", {"MaHoSo": code, "MaTTHC": procedure}, {}
        case _:
            module, record = _record(event, key)
            return "nhanHoSoDKHT", {"module": module, "data": record}, {}


def _record(event: Registered, key: Key) -> tuple[str, Json]:
    names = {
        wire: whole_name(event.message[role])
        for role, wire in name_fields(event).items()
        if role in event.message
    }
    match key:
        case (_, "record", module, office, volume, number):
            return module, {"noiDangKy": office, "quyenSo": volume, "so": number, **names}
        case (_, "remark", book, office, volume, number, paper):
            entry = {"donViGoc": office, "quyenSoGoc": volume, "soDangKyGoc": number}
            return book, {"module": book, **entry, "soVanBan": paper, **names}
        case (_, _, book, office, volume, number):
            entry = {"noiDangKyHSGoc": office, "quyenDangKyHSGoc": volume, "soDangKyHSGoc": number}
            return "TDCC", {"nghiepVuDK": book, **entry, **names}
    raise AssertionError(key)


def _linked_states(scenes: Scenes, event: Registered, at: datetime) -> None:
    linked_code = event.message["dossier"].get("linked_code")
    if linked_code is None:
        return
    decision = scenes.case.scheme.clerk_decisions.get(event.source_event_id)
    for status in ("1", "3", "7", {None: "4", 2: "2", 6: "6"}[decision]):
        body = {"soHoSoLT": linked_code, "trangThai": status}
        scenes.hold("one_stop", "capNhatTrangThaiHoSoDVCLTHoTich", body, at + timedelta(seconds=1))


def _steps(scenes: Scenes, event: Registered, at: datetime) -> None:
    decision = scenes.case.scheme.clerk_decisions.get(event.source_event_id)
    final = {None: "9", 2: "5", 6: "3"}[decision]
    for status, remark in (("4", "received"), ("4", "processing"), (final, "outcome")):
        step = {"MaHoSo": event.dossier_code, "TrangThai": status, "NoiDungXuLy": remark}
        scenes.hold("one_stop", "CapNhatTienDoHoSoMC", step, at + timedelta(seconds=1))


def _answer_mistakes(scenes: Scenes) -> None:
    mistakes, outbox = scenes.case.mistakes, scenes.outbox
    for broken in mistakes.broken:
        errors = [{"pointer": pointer} for pointer in sorted(broken.pointers)]
        outbox.broken.append(RefusedMessage(broken, _answer(422, {"errors": errors})))
    for event in mistakes.repeated:
        first = outbox.events[event.source_event_id].answer
        again = Answer(200, first.content, first.body, 1)
        outbox.repeats.append(Posted(event.source_event_id, again))
    for message in (mistakes.changed, mistakes.renamed):
        outbox.conflicts.append(Posted(message["source_event_id"], _answer(409, {"code": "conflict"})))


def _answer(status: int, body: Json) -> Answer:
    return Answer(status, json.dumps(body).encode(), body, 1)
