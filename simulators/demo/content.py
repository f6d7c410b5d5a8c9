"""Is what the systems hold what the communes registered? A few fields that must not be mistaken."""

from collections.abc import Sequence
from typing import Any

from simulators.demo.holdings import Holding, Holdings, dossier_key, number_key, record_key
from simulators.local_registry.township import Registered

NAME_FIELDS = {
    "birth": {"child": "nksHoTen", "mother": "meHoTen", "father": "chaHoTen"},
    "marriage": {"husband": "chongHoTen", "wife": "voHoTen"},
    "death": {"deceased": "nktHoTen"},
}


def check_content(events: Sequence[Registered], holdings: Holdings) -> list[str]:
    """Names in the registry and in the number request, procedure in the dossier."""
    wrong: list[str] = []
    for event in events:
        record = holdings.find(record_key(event))
        if record is not None:
            wrong += _faults_of_record(event, record)
        asked = holdings.find(number_key(event)) if event.matter == "birth" else None
        if asked is not None and _joined(asked.body["hoTen"]) != whole_name(event.message["child"]):
            wrong.append(f"{event.source_event_id}: a number was asked for under another name")
        dossier = holdings.find(dossier_key(event))
        if dossier is not None and dossier.body["MaTTHC"] != event.message["dossier"]["procedure_code"]:
            wrong.append(f"{event.source_event_id}: the dossier names another procedure")
    return wrong


def whole_name(person: dict[str, Any]) -> str:
    """Name in capitals, whether the message gives it whole or in parts."""
    name = person["name"]
    parts = (name.get("family"), name.get("middle"), name.get("given"))
    return str(name.get("full") or " ".join(part for part in parts if part)).upper()


def _faults_of_record(event: Registered, record: Holding) -> list[str]:
    return [
        f"{event.source_event_id}: the registry's {field} is not what was registered"
        for role, field in NAME_FIELDS[event.matter].items()
        if record.record.get(field, "") != (whole_name(event.message[role]) if role in event.message else "")
    ]


def _joined(name: dict[str, str]) -> str:
    return " ".join(part for part in (name.get("Ho"), name.get("ChuDem"), name.get("Ten")) if part).upper()
