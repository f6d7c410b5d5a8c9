"""What our own mapping writes in the registry's words, the façade reads back: the same message again."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from pydantic import ValidationError

from adapters.national_registry.first_wire import record_xml
from gateway.api.dialects.xml_record import read_record
from mappings.canonical import dump_event, parse_event
from mappings.catalog import TranslatedMessage, TranslationContext, load_catalog
from mappings.national_registry.reading.dossier import Dossier, Reading, read_dossier
from mappings.national_registry.reading.tables import find_form
from tests.support.dialects import golden, golden_cases

PARTNER = "national_registry"
ENVELOPES = {"1": ("maHoSo", "maHoSo"), "2": ("maHoSoMCDT", "maHoSoLT")}
CASES = [
    pytest.param(each, path, id=f"{each}-{path.stem}") for each in ENVELOPES for path in golden_cases(each)
]

# What the message of a generation has no field for although the event requires it: the sender is told the
# field, generation 2's where 1 has none.
SILENT: Mapping[tuple[str, str], set[str]] = {
    ("2", "birth_with_recognition"): {"requester.relation"},
    ("1", "birth_with_recognition"): {"requester.relation", "parent.residence.kind"},
    ("1", "foreign_act_note_parent"): {"parent.residence.kind"},
    ("1", "parent_child_recognition"): {"parent.residence.kind", "child.residence.kind"},
}
# One event of ours tells of two entries; each of its messages is read as an event of its own.
OTHER_EVENT = {
    "birth_with_recognition": {"record_birth": "birth", "record_recognition": "parent_child_recognition"},
    "guardianship_change": {"record_start": "guardianship_start", "record_end": "guardianship_end"},
    "domestic_adoption": {"remark": "court_decision"},
    "foreign_divorce_note": {"remark": "court_decision"},
}


def _read(generation: str, path: Path) -> tuple[dict[str, Any], dict[str, Any], Reading]:
    body, event, arrived_at = golden(path)
    code, linked = ENVELOPES[generation]
    record = read_record(body["data"]) if generation == "1" else body["data"]
    dossier = Dossier(
        module=body["module"],
        authority=body["maDonVi"],
        code=body[code],
        linked_code=body[linked],
        taken_in=body["ngayTiepNhan"],
        record=record,
        files=body.get("fileDinhKem"),
        generation=generation,
    )
    return body, event, read_dossier(dossier, arrived_at)


def _silent(generation: str, path: Path) -> set[str]:
    if path.stem.startswith("birth_with_recognition") and path.stem.endswith("record_birth"):
        return set()
    found = [
        facts for (each, name), facts in SILENT.items() if each == generation and path.stem.startswith(name)
    ]
    return found[0] if found else set()


def _missing(reading: Reading) -> set[str]:
    """What the event lacks; whatever else is wrong with it comes along, so that nothing can hide."""
    try:
        parse_event(reading.event)
    except ValidationError as error:
        return {
            ".".join(map(str, each["loc"][1:]))
            if each["type"] == "missing"
            else f"{each['type']}: {each['loc']}"
            for each in error.errors()
        }
    return set()


def _again(generation: str, body: Mapping[str, Any], reading: Reading) -> Mapping[str, Any]:
    event = parse_event(reading.event)
    record = read_record(body["data"]) if generation == "1" else body["data"]
    form = find_form(body["module"], record)
    assert form is not None
    context = TranslationContext("GW-1", {}, event.registration.registered_at)
    made = load_catalog().translate_in(generation, event, PARTNER, form.message, context)
    assert isinstance(made, TranslatedMessage), made
    told = json.loads(json.dumps(made.body))
    return {**told, "data": record_xml(told["data"])} if generation == "1" else told


@pytest.mark.parametrize(("generation", "path"), CASES)
def test_a_message_of_ours_read_and_written_again_is_the_same(generation: str, path: Path) -> None:
    body, _, reading = _read(generation, path)
    silent = _silent(generation, path)
    assert _missing(reading) == silent
    assert {fault.code for fault in reading.faults} <= {"dialect_field_missing"}
    if silent:
        assert all(reading.field_of(each) for each in silent)
        return
    assert reading.faults == ()
    again = _again(generation, body, reading)
    changed = {name for name in {*body, *again} if body.get(name) != again.get(name)}
    if path.stem.endswith(".remark"):  # a remark that went beside a record names the record's dossier
        assert changed <= {"maHoSoLT", "maHoSoMCDT", "ngayTiepNhan", "data"}
    elif generation == "1" and body["maHoSo"] != again["maHoSo"]:
        raise AssertionError(path.stem)
    elif path.stem.startswith("birth_twin") and generation == "1":
        # Generation 1 does not say that the dossier is a linked one, whose birthplace has no unit of its own.
        assert changed == {"data"}
        assert _fields(again["data"]) - _fields(body["data"]) == {"nksNoiSinhDVHC"}
    else:
        assert changed == set()


def _fields(xml: str) -> set[str]:
    return {str(each.tag) for each in etree.fromstring(xml)[0]}


@pytest.mark.parametrize(("generation", "path"), [case for case in CASES if case.values[0] == "2"])
def test_what_is_read_is_what_the_event_said(generation: str, path: Path) -> None:
    _, event, reading = _read(generation, path)
    _, _, message = path.stem.rpartition(".")
    if _silent(generation, path):
        return
    read, said = dump_event(parse_event(reading.event)), dump_event(parse_event(event))
    event_type = OTHER_EVENT.get(said["event_type"], {}).get(message, said["event_type"])
    assert read["event_type"] == event_type
    if event_type == said["event_type"]:
        assert list(_contradictions(said, read)) == []


def _contradictions(said: Any, read: Any, path: str = "") -> Iterator[str]:  # noqa: ANN401 - JSON values
    """Leaves that are read as something else than was said; names are compared as whole names."""
    if isinstance(read, dict):
        for name, value in read.items():
            yield from _contradictions_of_field(said, name, value, f"{path}.{name}" if path else name)
    elif isinstance(read, list):
        if len(read) != len([each for each in said if not _is_withdrawn(each)]):
            yield path
    elif said != read and not (path.endswith(".certainty") and (said, read) == ("by_rule", "exact")):
        # The dialect writes a day by rule as that day; a part that is not known it leaves out.
        yield path


def _contradictions_of_field(said: Any, name: str, value: Any, here: str) -> Iterator[str]:  # noqa: ANN401 - JSON values
    if here in BY_RULE or name == "unknown":
        return
    if name == "name" and isinstance(value, dict):
        if _whole(value) != _whole(said["name"]):
            yield here
    elif name in said:
        yield from _contradictions(said[name], value, here)
    elif value not in ([], {}, False) and here not in NOT_SAID:
        yield here


BY_RULE = {
    "source_event_id",  # module and dossier code
    "registration.registered_at",  # the dialect has only the day
    "dossier.procedure_code",  # the first procedure of the matter
    "extract.electronic",  # no message has a field for it
    "consents",  # nor for them
    "foreign_element",  # told by nationalities, residences and the act abroad
}
NOT_SAID = {"established_on"}


def _whole(name: Mapping[str, str]) -> str:
    parts = (name.get(part) for part in ("family", "middle", "given"))
    return (name.get("full") or " ".join(part for part in parts if part)).upper()


def _is_withdrawn(item: object) -> bool:
    return isinstance(item, dict) and item.get("withdrawn") is True
