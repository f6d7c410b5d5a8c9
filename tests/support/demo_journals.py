"""Journals, answers and planted faults of a demonstration that went well; tests then spoil them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from simulators.demo.holdings import read_holdings
from simulators.demo.judgement import Case, Evidence, judge
from simulators.demo.posting import Outbox, Posted, RefusedMessage
from simulators.demo.scheme import devise
from simulators.demo.settings import DemoSettings
from simulators.demo.verdict import Verdict
from simulators.local_registry.client import Answer
from simulators.local_registry.mistakes import plant
from simulators.local_registry.township import Registered, invent

START = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
MODULES = {"birth": "KS", "marriage": "KH", "death": "KT"}
NAMES = {
    "birth": {"child": "nksHoTen", "mother": "meHoTen", "father": "chaHoTen"},
    "marriage": {"husband": "chongHoTen", "wife": "voHoTen"},
    "death": {"deceased": "nktHoTen"},
}
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
        _deliver(scenes, event, lacking)
    _answer_mistakes(scenes)
    return scenes


def _deliver(scenes: Scenes, event: Registered, lacking: set[str]) -> None:
    at = event.registered_at + timedelta(seconds=DELIVERY_SECONDS)
    has_number = event.matter == "birth" and "population_db" not in lacking
    if "population_db" not in lacking:
        _population(scenes, event, at)
    if "national_registry" not in lacking:
        # Without a number the record goes when the wait is over.
        wait = 0.0 if has_number or event.matter != "birth" else scenes.case.settings.number_wait_seconds
        record = _record(event) | ({"nksSoDDCN": NUMBER} if has_number else {})
        linked = "LT" if "linked_code" in event.message.get("dossier", {}) else ""
        body = {"module": f"{linked}{MODULES[event.matter]}", "data": record}
        scenes.hold("national_registry", "nhanHoSoDKHT", body, at + timedelta(seconds=wait))
    if event.dossier_code and "one_stop" not in lacking:
        body = {
            "MaHoSo": event.dossier_code,
            "MaTTHC": event.message["dossier"]["procedure_code"],
        }
        scenes.hold("one_stop", "DongBoHoSoMC", body, at)
        if "national_registry" not in lacking:
            _steps(scenes, event, at)


def _population(scenes: Scenes, event: Registered, at: datetime) -> None:
    entry = event.message["registration"]
    if event.matter == "birth":
        body = {
            "maDonVi": entry["authority_code"],
            "soDangKy": entry["number"],
            "hoTen": {"Ten": whole_name(event.message["child"])},
        }
        scenes.hold("population_db", "capSoDinhDanh", body, at, number=NUMBER)
        return
    kind, roles = (
        ("MARRIAGE", ("husband", "wife")) if event.matter == "marriage" else ("DEATH", ("deceased",))
    )
    for role in roles:
        person = event.message[role]
        if person["nationality"] != "VN":
            continue
        number = (
            person.get("personal_id") or scenes.case.township.unstated[person["identity_paper"]["number"]]
        )
        body = {
            "maDonVi": entry["authority_code"],
            "quyenSo": entry["volume"],
            "soDangKy": entry["number"],
            "soDinhDanh": number,
            "loaiSuKien": kind,
        }
        scenes.hold("population_db", "thongBaoHoTich", body, at)


def _record(event: Registered) -> Json:
    entry = event.message["registration"]
    names = {
        wire: whole_name(event.message[role])
        for role, wire in NAMES[event.matter].items()
        if role in event.message
    }
    return {
        "noiDangKy": entry["authority_code"],
        "quyenSo": entry["volume"],
        "so": entry["number"],
        **names,
    }


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


def whole_name(person: Mapping[str, Any]) -> str:
    """Name in capitals, given whole or in parts."""
    name = person["name"]
    return str(name.get("full") or " ".join((name["family"], name["middle"], name["given"]))).upper()


def _answer(status: int, body: Json) -> Answer:
    return Answer(status, json.dumps(body).encode(), body, 1)
