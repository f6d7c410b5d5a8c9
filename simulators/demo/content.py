"""Is what the systems hold what the communes registered? A few fields that must not be mistaken."""

from collections.abc import Mapping, Sequence
from typing import Any

from simulators.demo.holdings import Holding, Holdings, dossier_key, notice_key, number_key
from simulators.demo.legal_needs import record_key, wants_number
from simulators.local_registry.township import Registered

NAME_FIELDS = {
    "birth": {"child": "nksHoTen", "mother": "meHoTen", "father": "chaHoTen"},
    "marriage": {"husband": "chongHoTen", "wife": "voHoTen"},
    "death": {"deceased": "nktHoTen"},
    "birth_with_recognition": {"child": "nksHoTen", "mother": "meHoTen", "father": "chaHoTen"},
    "guardianship_start": {"guardian": "nghHoTen", "ward": "ndghHoTen"},
    "guardianship_end": {"guardian": "nghHoTen", "ward": "ndghHoTen"},
    "guardianship_change": {"guardian": "nghHoTen", "ward": "ndghHoTen"},
    "guardianship_supervision_start": {"supervisor": "nsghHoTen", "ward": "ndghHoTen"},
    "guardianship_supervision_end": {"supervisor": "nsghHoTen", "ward": "ndghHoTen"},
    "parent_child_recognition": {"parent": "cmHoTen", "child": "ncHoTen"},
    "civil_status_change": {"subject": "ntdHoTen"},
    "court_decision": {"subject": "ntdHoTen", "spouse": "nlqHoTen"},
    "certificate_revocation": {"subject": "ntdHoTen", "spouse": "nlqHoTen"},
    "foreign_divorce_note": {"husband": "chongHoTen", "wife": "voHoTen"},
    "marital_status_certificate": {"subject": "nxnHoTen"},
    "information_confirmation": {"subject": "nxnHoTen"},
    "extract_copy": {"subject": "cbsHoTen"},
    "domestic_adoption": {
        "child": "cnHoTen",
        "adoptive_father": "chaNuoiHoTen",
        "adoptive_mother": "meNuoiHoTen",
    },
}
DEATH_TAKEN_BACK = "death_declaration_cancelled"
OF_NOTED_ACTS = {
    "guardianship": "guardianship_start",
    "parent_child": "parent_child_recognition",
    "parent_determination": "parent_child_recognition",
    "adoption": "domestic_adoption",
    "change": "civil_status_change",
}


def check_content(events: Sequence[Registered], holdings: Holdings) -> list[str]:
    """Names in the registry and in the number request, procedure in the dossier."""
    wrong: list[str] = []
    for event in events:
        record = holdings.find(record_key(event))
        if record is not None:
            wrong += _faults_of_record(event, record)
        asked = holdings.find(number_key(event)) if wants_number(event) else None
        if asked is not None and _joined(asked.body["hoTen"]) != whole_name(event.message["child"]):
            wrong.append(f"{event.source_event_id}: a number was asked for under another name")
        dossier = holdings.find(dossier_key(event))
        if dossier is not None and dossier.body["MaTTHC"] != event.message["dossier"]["procedure_code"]:
            wrong.append(f"{event.source_event_id}: the dossier names another procedure")
        if event.message.get("kind") == DEATH_TAKEN_BACK:
            wrong += _faults_of_taken_back(event, holdings)
    return wrong


def whole_name(person: dict[str, Any]) -> str:
    """Name in capitals, whether the message gives it whole or in parts."""
    name = person["name"]
    parts = (name.get("family"), name.get("middle"), name.get("given"))
    return str(name.get("full") or " ".join(part for part in parts if part)).upper()


def _faults_of_record(event: Registered, record: Holding) -> list[str]:
    return [
        f"{event.source_event_id}: the registry's {field} is not what was registered"
        for role, field in name_fields(event).items()
        if _written(record.record.get(field, ""))
        != (whole_name(event.message[role]) if role in event.message else "")
    ]


def name_fields(event: Registered) -> Mapping[str, str]:
    """Role -> field with the name; a note of an act abroad is a record of the act's own matter."""
    if event.matter != "foreign_act_note":
        return NAME_FIELDS[event.matter]
    act: str = event.message["act"]
    return NAME_FIELDS[OF_NOTED_ACTS.get(act, act)]


def _faults_of_taken_back(event: Registered, holdings: Holdings) -> list[str]:
    """The notice names the one that told the death, so that nobody takes back another death."""
    entry, person = event.message["amends"]["entry"], event.message["subject"]["personal_id"]
    told = holdings.find(notice_key("DEATH", entry, person))
    taken_back = holdings.find(notice_key("DEATH_CANCELLED", entry, person))
    if told is None or taken_back is None or taken_back.body.get("suKienBiThayThe") == told.body["maYeuCau"]:
        return []
    return [f"{event.source_event_id}: what takes the death back does not name the notice that told it"]


def _written(name: str | dict[str, str]) -> str:
    return name if isinstance(name, str) else _joined(name)


def _joined(name: dict[str, str]) -> str:
    return " ".join(part for part in (name.get("Ho"), name.get("ChuDem"), name.get("Ten")) if part).upper()
