"""The contract files agree with each other: messages, code lists, samples, schema, WSDL."""

import csv
import json
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import zeep
from lxml import etree

from simulators.contract import ADAPTERS, contract_of, read_rows
from simulators.shape import find_faults
from tests.unit.simulators.calls import sample

COLUMNS = ["field", "kind", "max_length", "format", "code_list", "required", "mark", "source"]
SYSTEMS = ("national_registry", "population_db", "one_stop")
MESSAGE_FILES = sorted(ADAPTERS.glob("*/contract/messages/*.csv"))
CODE_FILES = sorted(ADAPTERS.glob("*/contract/codes/*.csv"))
POPULATION = ADAPTERS / "population_db" / "contract"
XSD = "{http://www.w3.org/2001/XMLSchema}"
ITEMS = {"TraCuuHoSo": None, "DongBoHoSoMC": "DongBoHoSoMC", "CapNhatTienDoHoSoMC": "CapNhatTienDoHoSoMC"}


def short(path: Path) -> str:
    return f"{path.parts[-4]}/{path.stem}"


@pytest.mark.parametrize("path", MESSAGE_FILES, ids=short)
def test_message_files_have_the_fixed_columns_and_unique_fields(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    assert header == COLUMNS
    assert all(len(row) == len(COLUMNS) for row in rows)
    assert len({row[0] for row in rows}) == len(rows) > 0
    assert {row[6] for row in rows} <= {"S", "I"}


@pytest.mark.parametrize("path", MESSAGE_FILES, ids=short)
def test_every_code_list_a_message_names_exists_and_every_parent_is_described(path: Path) -> None:
    contract = contract_of(path.parts[-4])
    fields = contract.message(path.stem)
    containers = {field.path for field in fields if field.kind in {"object", "list"}}
    for field in fields:
        assert not field.code_list or contract.codes(field.code_list)
        assert not field.parent or field.parent.removesuffix("[]") in containers


@pytest.mark.parametrize("path", MESSAGE_FILES, ids=short)
def test_what_makes_a_field_required_stands_beside_it(path: Path) -> None:
    fields = contract_of(path.parts[-4]).message(path.stem)
    beside = {(field.parent, field.name) for field in fields}
    for field in fields:
        assert {(field.parent, name) for name in field.required_with} <= beside


@pytest.mark.parametrize("path", CODE_FILES, ids=short)
def test_code_lists_have_no_code_twice_and_mark_every_row(path: Path) -> None:
    rows = read_rows(path)
    key = next(iter(rows[0]))
    keys = [row[key] for row in rows] if key != "service" else [json.dumps(row) for row in rows]
    assert len(keys) == len(set(keys)) > 0
    assert all(row["mark"] in {"S", "I"} for row in rows)


@pytest.mark.parametrize("message", sorted({*contract_of("national_registry").codes("module"), "remark"}))
def test_every_registry_module_has_a_message_a_result_and_samples(message: str) -> None:
    contract = contract_of("national_registry")
    assert contract.message(message)
    assert contract.message(f"result_{message}")
    samples = sorted((contract.folder / "samples").glob(f"{message}*.json"))
    assert samples
    for path in samples:
        assert find_faults(contract, message, sample("national_registry", path.name)) == [], path.name


def test_the_registry_s_operation_lists_every_message() -> None:
    contract = contract_of("national_registry")
    operations = json.loads((contract.folder / "operations.json").read_text(encoding="utf-8"))["operations"]
    listed = operations["nhanHoSoDKHT"]["data_messages"]
    assert set(listed) == {*contract.codes("module"), "remark"}


def test_only_a_remark_has_the_field_that_tells_a_remark() -> None:
    contract = contract_of("national_registry")
    messages = {*contract.codes("module"), "remark"}
    with_module = {
        name for name in messages if any(field.path == "module" for field in contract.message(name))
    }
    assert with_module == {"remark"}


def test_the_linked_service_s_samples_follow_their_files() -> None:
    contract = contract_of("one_stop")
    pairs = {
        "capNhatTrangThaiHoSoDVCLTHoTich": "capNhatTrangThaiHoSoDVCLTHoTich",
        "linked_token": "linked_token",
        "linked_token_answer": "linked_token_answer",
        "linked_answer_success": "linked_answer",
        "linked_answer_order": "linked_answer",
        "linked_dossier": "linked_dossier",
    }
    for name, message in pairs.items():
        assert find_faults(contract, message, sample("one_stop", f"{name}.json")) == [], name


def test_the_three_status_ladders_use_the_codes_of_their_systems() -> None:
    one_stop = contract_of("one_stop")
    known = {
        "registry_status": contract_of("national_registry").codes("registration_status"),
        "one_stop_status": one_stop.codes("dossier_status"),
        "linked_status": one_stop.codes("linked_status"),
    }
    for row in one_stop.table("status_ladder"):
        for column, codes in known.items():
            assert not row[column] or row[column] in codes, (row["step"], column)
    told = {row["registry_status"] for row in one_stop.table("status_ladder")}
    assert known["registry_status"] <= told


def test_every_kind_of_notice_has_a_sample() -> None:
    texts = [
        path.read_text(encoding="utf-8") for path in (POPULATION / "samples").glob("thongBaoHoTich*.xml")
    ]
    for kind in contract_of("population_db").codes("event_kind"):
        assert any(f">{kind}<" in text for text in texts), kind


def test_the_registry_s_other_samples_follow_their_files() -> None:
    contract = contract_of("national_registry")
    pairs = {
        "push.json": "envelope",
        "poll.json": "poll",
        "push_answer_taken.json": "push_answer",
        "push_answer_received_already.json": "push_answer",
    }
    for name, message in pairs.items():
        assert find_faults(contract, message, sample("national_registry", name)) == []


@pytest.mark.parametrize("service", ITEMS)
def test_one_stop_samples_follow_their_message_files(service: str) -> None:
    contract = contract_of("one_stop")
    sent = sample("one_stop", f"{service}.json")
    assert find_faults(contract, "envelope", sent) == []
    for item in sent.get("data", []):
        assert find_faults(contract, service, item) == []


def test_no_sample_holds_a_person_from_a_real_place() -> None:
    def numbers(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for key, inner in value.items():
                if isinstance(inner, str) and key.endswith(("SoDDCN", "SoDinhDanh", "soDinhDanh")):
                    yield inner
                yield from numbers(inner)
        if isinstance(value, list):
            for inner in value:
                yield from numbers(inner)

    found = [
        number
        for path in ADAPTERS.glob("*/contract/samples/*.json")
        for number in numbers(json.loads(path.read_text(encoding="utf-8")))
    ]
    assert found
    assert all(number.startswith("099") for number in found)


def test_the_population_samples_are_valid_in_both_forms() -> None:
    schema = etree.XMLSchema(etree.parse(str(POPULATION / "xsd" / "dancuquocgia.xsd")))
    citizens = etree.XMLSchema(etree.parse(str(POPULATION / "xsd" / "dancu-1.0.xsd")))
    forms = []
    for path in sorted((POPULATION / "samples").glob("*.xml")):
        payload = etree.parse(str(path)).getroot()[0][0]
        assert schema.validate(payload), f"{path.name}: {schema.error_log}"
        for collection in payload.findall("{http://www.mic.gov.vn/dancu/1.0}CongdanCollection"):
            alone = etree.fromstring(etree.tostring(collection))
            assert citizens.validate(alone), f"{path.name}: {citizens.error_log}"
            forms.append(path.stem)
    assert len(forms) == 3


@pytest.mark.parametrize("path", sorted((POPULATION / "messages").glob("*.csv")), ids=lambda path: path.stem)
def test_the_population_message_files_say_what_the_schema_says(path: Path) -> None:
    rows = {row["field"]: row for row in read_rows(path)}
    described = dict(_schema_fields(path.stem))
    assert list(rows) == list(described)
    for field, (is_required, is_many, length) in described.items():
        assert rows[field]["required"] == ("yes" if is_required else "no"), field
        assert (rows[field]["kind"] == "list") is is_many, field
        assert rows[field]["max_length"] == length, field


@pytest.mark.parametrize(
    ("list_name", "type_name"),
    [("event_kind", "EventKind"), ("sex", "Sex"), ("changed_field", "ChangedField")],
)
def test_code_lists_hold_the_values_of_the_schema(list_name: str, type_name: str) -> None:
    root = etree.parse(str(POPULATION / "xsd" / "dancuquocgia.xsd")).getroot()
    values = root.findall(f"{XSD}simpleType[@name='{type_name}']//{XSD}enumeration")
    assert {str(each.get("value")) for each in values} == contract_of("population_db").codes(list_name)


def test_the_wsdl_loads_offline_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        client = zeep.Client(str(POPULATION / "dancuquocgia.wsdl"))  # type: ignore[no-untyped-call]  # zeep carries no types
    operations = set(client.service._operations)  # noqa: SLF001 - zeep has no public list of operations
    assert operations == {
        "TraCuuThongTinCongDan",
        "XacThucThongTinCongDan",
        "capSoDinhDanh",
        "thongBaoHoTich",
    }


@pytest.mark.parametrize("system", SYSTEMS)
def test_each_contract_folder_says_that_it_is_not_the_official_contract(system: str) -> None:
    folder = contract_of(system).folder
    assert "not the official contract" in (folder / "README.md").read_text(encoding="utf-8")
    assert "never the official contract" in (folder / "operations.json").read_text(encoding="utf-8")


Described = tuple[bool, bool, str]  # required, repeated, longest


def _schema_fields(element: str) -> Iterator[tuple[str, Described]]:
    root = etree.parse(str(POPULATION / "xsd" / "dancuquocgia.xsd")).getroot()
    types = {str(each.get("name")): each for each in root if each.tag != f"{XSD}element"}
    start = root.find(f"{XSD}element[@name='{element}']")
    assert start is not None
    holder = _type_of(start, types)
    assert holder is not None
    yield from _walk(holder, types, "")


def _type_of(element: etree._Element, types: dict[str, etree._Element]) -> etree._Element | None:
    named = (element.get("type") or "").partition(":")[2]
    return types.get(named) if named else element.find(f"{XSD}complexType")


def _walk(
    holder: etree._Element, types: dict[str, etree._Element], prefix: str
) -> Iterator[tuple[str, Described]]:
    in_order = [each for group in holder for each in group if group.tag in {f"{XSD}sequence", f"{XSD}choice"}]
    for element in in_order:
        path = f"{prefix}{element.get('name')}"
        parent = element.getparent()
        is_choice = parent is not None and parent.tag == f"{XSD}choice"
        is_many = element.get("maxOccurs") is not None
        type_ = _type_of(element, types)
        is_leaf = type_ is None or type_.tag == f"{XSD}simpleType"
        limit = None if type_ is None or not is_leaf else type_.find(f".//{XSD}maxLength")
        length = "" if limit is None else str(limit.get("value"))
        yield path, (element.get("minOccurs") != "0" and not is_choice, is_many, length)
        if type_ is not None and not is_leaf:
            yield from _walk(type_, types, f"{path}[]." if is_many else f"{path}.")
