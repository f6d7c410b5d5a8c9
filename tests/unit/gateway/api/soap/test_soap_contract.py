"""The WSDL says all that the model knows, in the small language that every toolkit reads."""

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from lxml import etree
from pydantic import BaseModel

from adapters.hardened_xml import Element
from gateway.api.receipts import COMPONENT_SCHEMAS
from gateway.api.soap.answer_shapes import journey_shape, problem_shape, receipt_shape, violation_shape
from gateway.api.soap.event_shapes import event_shape
from gateway.api.soap.operations import operations
from gateway.api.soap.schema import XSD, schema_element
from gateway.api.soap.shapes import NAMESPACE
from gateway.api.soap.writing import write_record
from gateway.api.soap.wsdl import WSDL, wsdl_document
from mappings.canonical import EVENT_TYPES, sample_event
from tests.support.source_tree import ROOT

XS = f"{{{XSD}}}"
W = f"{{{WSDL}}}"
SOAP_11 = "{http://schemas.xmlsoap.org/wsdl/soap/}"
SOAP_12 = "{http://schemas.xmlsoap.org/wsdl/soap12/}"
READ_EVERYWHERE = {
    "schema",
    "simpleType",
    "complexType",
    "sequence",
    "element",
    "restriction",
    "enumeration",
    "pattern",
    "minLength",
    "maxLength",
    "minInclusive",
    "maxInclusive",
    "annotation",
    "documentation",
}


@pytest.fixture(scope="module")
def schema() -> Element:
    return etree.fromstring(etree.tostring(schema_element()))


@pytest.fixture(scope="module")
def wsdl() -> Element:
    return etree.fromstring(wsdl_document("http://127.0.0.1/soap/registry"))


def _models(kind: Any, found: dict[str, type[BaseModel]]) -> dict[str, type[BaseModel]]:  # noqa: ANN401 - any annotation
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if found.setdefault(kind.__name__, kind) is kind:
            for info in kind.model_fields.values():
                _models(info.annotation, found)
        return found
    for inner in get_args(kind):
        _models(inner, found)
    return found


def _every_model() -> dict[str, type[BaseModel]]:
    found: dict[str, type[BaseModel]] = {}
    for model in EVENT_TYPES.values():
        _models(model, found)
    return found


def _has_to_be_empty(model: type[BaseModel], field: str) -> bool:
    return any(getattr(rule, "max_length", None) == 0 for rule in model.model_fields[field].metadata)


def _types(schema: Element) -> dict[str, Element]:
    return {str(each.get("name")): each for each in schema.iterchildren(f"{XS}complexType")}


def _elements(part: Element) -> Iterator[Element]:
    yield from part.iterfind(f"{XS}sequence/{XS}element")


def test_every_field_of_the_model_is_an_element_in_the_order_of_the_model(schema: Element) -> None:
    types, models = _types(schema), _every_model()
    assert len(models) > 80
    for name, model in models.items():
        wanted = [field for field in model.model_fields if not _has_to_be_empty(model, field)]
        assert [each.get("name") for each in _elements(types[name])] == wanted, name


def test_what_the_model_requires_the_schema_requires(schema: Element) -> None:
    types = _types(schema)
    for name, model in _every_model().items():
        for element in _elements(types[name]):
            field = str(element.get("name"))
            info = model.model_fields[field]
            is_optional = element.get("minOccurs") == "0"
            assert is_optional == (not info.is_required() or field == "event_type"), (name, field)


def test_a_model_is_changed_with_its_schema() -> None:
    """Breaks when `event_shape` no longer follows the model: each sample uses most of it."""
    for event_type, model in EVENT_TYPES.items():
        members = set(event_shape(event_type).by_name)
        assert {field for field in model.model_fields if not _has_to_be_empty(model, field)} == members


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_every_sample_is_valid_by_the_schema(event_type: str, schema: Element) -> None:
    name = f"Register{event_shape(event_type).name}"
    question = write_record(name, operations()[name].request, {event_type: sample_event(event_type)})
    etree.XMLSchema(schema).assertValid(etree.fromstring(etree.tostring(question)))


def test_the_schema_refuses_what_the_model_refuses(schema: Element) -> None:
    event = sample_event("birth") | {"copies_requested": -1}
    question = write_record("RegisterBirth", operations()["RegisterBirth"].request, {"birth": event})
    assert not etree.XMLSchema(schema).validate(etree.fromstring(etree.tostring(question)))


def test_only_words_that_every_toolkit_reads(schema: Element) -> None:
    assert {etree.QName(each).localname for each in schema.iter(etree.Element)} <= READ_EVERYWHERE
    assert not schema.xpath("//*[@nillable or @substitutionGroup or @mixed or @abstract or @ref]")
    assert schema.get("elementFormDefault") == "qualified"


def test_no_type_is_a_list_and_nothing_else(schema: Element) -> None:
    """.NET makes an array of arrays of it, and cannot compile what it made."""
    for name, part in _types(schema).items():
        (first, *more) = _elements(part)
        assert more or first.get("maxOccurs", "1") == "1", name


def test_every_description_of_the_model_is_in_the_schema(schema: Element) -> None:
    told = {each.text for each in schema.iter(f"{XS}documentation")}
    for model in _every_model().values():
        for field, info in model.model_fields.items():
            if not _has_to_be_empty(model, field):
                assert info.description in told, field


def test_patterns_keep_no_anchors(schema: Element) -> None:
    patterns = [str(each.get("value")) for each in schema.iter(f"{XS}pattern")]
    assert patterns
    assert not [each for each in patterns if re.match(r"^\^|.*\$$", each)]


def test_the_receipt_and_the_problem_hold_what_rest_documents() -> None:
    receipt, problem = COMPONENT_SCHEMAS["receipt"], COMPONENT_SCHEMAS["problem"]
    assert set(receipt_shape().by_name) == set(receipt["properties"])
    assert set(problem["properties"]) <= set(problem_shape().by_name)
    remark = receipt["properties"]["warnings"]["items"]["properties"]
    assert set(violation_shape().by_name) == set(remark)


def test_the_journey_is_typed_down_to_the_sentence_in_both_languages() -> None:
    story = journey_shape().by_name["deliveries"].kind
    assert {"state", "why", "due_at", "attempts"} <= set(story.by_name)  # type: ignore[union-attr]  # it is a record
    why = story.by_name["why"].kind  # type: ignore[union-attr]  # as just above
    assert set(why.by_name) == {"vi", "en"}  # type: ignore[union-attr]  # as just above


def test_there_is_an_operation_for_each_type_and_for_each_question(wsdl: Element) -> None:
    names = [each.get("name") for each in wsdl.iterfind(f"{W}portType/{W}operation")]
    registering = [f"Register{model.__name__}" for model in EVENT_TYPES.values()]
    assert names == [*registering, "RegisterMany", "GetEventStatus", "FindEvents", "FetchChanges"]


def test_both_bindings_are_document_literal_with_one_part_a_message(wsdl: Element) -> None:
    for soap, port in ((SOAP_11, "RegistrySoap11"), (SOAP_12, "RegistrySoap12")):
        (binding,) = wsdl.xpath(f"//*[local-name()='binding'][@name='{port}']")
        assert binding.find(f"{soap}binding").get("style") == "document"
        assert {each.get("use") for each in binding.iter(f"{soap}body", f"{soap}fault")} == {"literal"}
        actions = [each.get("soapAction") for each in binding.iter(f"{soap}operation")]
        assert len(set(actions)) == len(operations())
    for message in wsdl.iterfind(f"{W}message"):
        (part,) = message
        assert part.get("element", "").startswith("tns:")
        assert "type" not in part.attrib


def test_every_message_names_an_element_that_is_declared(wsdl: Element) -> None:
    declared = {each.get("name") for each in wsdl.iterfind(f".//{XS}schema/{XS}element")}
    named = {str(each.get("element")).removeprefix("tns:") for each in wsdl.iterfind(f"{W}message/{W}part")}
    assert named == declared
    assert wsdl.get("targetNamespace") == NAMESPACE


def test_one_version_alone_is_given_to_tools_that_know_no_other() -> None:
    alone = etree.fromstring(wsdl_document("http://127.0.0.1/", "1.1"))
    assert [each.get("name") for each in alone.iterfind(f"{W}binding")] == ["RegistrySoap11"]
    assert not [*alone.iter(f"{SOAP_12}*")]


def test_an_address_that_is_no_xml_stays_an_address() -> None:
    document = etree.fromstring(wsdl_document('http://x/"><evil a="&'))
    assert {each.get("location") for each in document.iter("{*}address")} == {'http://x/"><evil a="&'}


def test_the_wsdl_in_the_documentation_is_the_one_that_is_served() -> None:
    kept = (ROOT / "docs" / "reference" / "registry.wsdl").read_bytes()
    assert kept == wsdl_document("http://127.0.0.1:8080/soap/registry"), (
        "run `python -m tools.reference_pages`"
    )
