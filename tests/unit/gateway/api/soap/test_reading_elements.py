"""Elements become the JSON that REST would have got, and every slip is named with its place."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from adapters.hardened_xml import Element
from gateway.api.soap.answer_shapes import PAIRS
from gateway.api.soap.event_shapes import event_shape
from gateway.api.soap.handed_in import HandedIn, read_handed_in
from gateway.api.soap.operations import any_event_shape, operations
from gateway.api.soap.reading import read_record, read_text
from gateway.api.soap.references import References
from gateway.api.soap.shapes import NAMESPACE, Base, Member, Record, Scalar
from gateway.api.soap.writing import write_record
from mappings.canonical import EVENT_TYPES, parse_event, sample_event
from tests.support.soap_messages import plain_members, registering
from tests.support.source_tree import ROOT

EXAMPLES = sorted((ROOT / "examples" / "events").glob("*.json"))
XSI = "http://www.w3.org/2001/XMLSchema-instance"
BIRTH = "RegisterBirth"


def _without_nothing(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """XML has one way to say that there is nothing: not to say it."""
    if isinstance(value, dict):
        return {
            name: _without_nothing(each) for name, each in value.items() if each is not None and each != []
        }
    return [_without_nothing(each) for each in value] if isinstance(value, list) else value


def _sent(element: Element) -> Element:
    """Over the wire and back."""
    return etree.fromstring(etree.tostring(element))


def _handed_in(inner: str, operation: str = BIRTH) -> HandedIn:
    question = etree.fromstring(f'<{operation} xmlns="{NAMESPACE}" xmlns:xsi="{XSI}">{inner}</{operation}>')
    return read_handed_in(question, operations()[operation].request, References(question))


def _event_of(handed: HandedIn) -> dict[str, Any]:
    assert handed.body is not None
    event: dict[str, Any] = json.loads(handed.body)
    return event


def _found(handed: HandedIn) -> set[tuple[str, str]]:
    return {(finding.code, "/".join(map(str, finding.path))) for finding in handed.findings}


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_each_sample_comes_back_as_it_was(event_type: str) -> None:
    sample = sample_event(event_type)
    question = _sent(registering(sample))
    handed = read_handed_in(
        question, operations()[etree.QName(question).localname].request, References(question)
    )
    assert handed.findings == ()
    assert _event_of(handed) == _without_nothing(sample)
    assert parse_event(_event_of(handed)) == parse_event(sample)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_published_example_comes_back_as_it_was(path: Path) -> None:
    event = json.loads(path.read_text(encoding="utf-8"))
    question = _sent(registering(event))
    handed = read_handed_in(
        question, operations()[etree.QName(question).localname].request, References(question)
    )
    assert (handed.findings, _event_of(handed)) == ((), _without_nothing(event))


@given(
    text=st.text(
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
        min_size=1,
        max_size=50,
    ),
    copies=st.integers(-(10**15), 10**15),
    mobile=st.booleans(),
)
def test_any_text_number_and_flag_comes_back(text: str, copies: int, *, mobile: bool) -> None:
    event = {"event_type": "birth", "note": text, "copies_requested": copies, "mobile": mobile}
    question = _sent(registering(event))
    handed = read_handed_in(question, operations()[BIRTH].request, References(question))
    assert _event_of(handed) == event


@pytest.mark.parametrize(
    ("text", "base", "value"),
    [
        (" 2 ", Base.INT, 2),
        ("+07", Base.INT, 7),
        ("-1", Base.INT, -1),
        ("2.0", Base.INT, "2.0"),
        ("zwei", Base.INT, "zwei"),
        ("9" * 40, Base.INT, "9" * 40),
        ("1", Base.BOOLEAN, True),
        (" false\n", Base.BOOLEAN, False),
        ("True", Base.BOOLEAN, "True"),
        ("2026-11-04+07:00", Base.DATE, "2026-11-04"),
        ("2026-11-04Z", Base.DATE, "2026-11-04"),
        ("04/11/2026", Base.DATE, "04/11/2026"),
        (" 2026-11-04T01:02:03Z ", Base.DATE_TIME, "2026-11-04T01:02:03Z"),
        ("JVBE\r\n Ri0x", Base.BASE64, "JVBERi0x"),
        ("  hai  ", Base.STRING, "  hai  "),
    ],
)
def test_a_text_becomes_its_kind_of_value_or_stays_a_text(text: str, base: Base, value: object) -> None:
    assert read_text(text, Scalar(base)) == value
    assert type(read_text(text, Scalar(base))) is type(value)


def test_blanks_around_a_word_of_a_list_say_nothing() -> None:
    assert read_text("\n male ", Scalar(Base.STRING, values=("male",))) == "male"


def test_nil_and_absent_are_the_same() -> None:
    handed = _handed_in('<birth><note xsi:nil="true"/><mother xsi:nil="1"/></birth>')
    assert (_event_of(handed), handed.findings) == ({"event_type": "birth"}, ())


def test_the_order_of_elements_carries_no_meaning() -> None:
    one = _handed_in("<birth><source_event_id>A</source_event_id><note>b</note></birth>")
    other = _handed_in("<birth><note>b</note><source_event_id>A</source_event_id></birth>")
    assert _event_of(one) == _event_of(other)
    assert other.findings == ()


def test_items_of_a_list_need_not_stand_together() -> None:
    handed = _handed_in("<birth><unknown>mother</unknown><note>b</note><unknown>father</unknown></birth>")
    assert _event_of(handed)["unknown"] == ["mother", "father"]


def test_an_unknown_element_is_left_to_the_rules_as_an_unknown_field() -> None:
    handed = _handed_in("<birth><child><hobby>x</hobby><pets><dog>1</dog></pets></child></birth>")
    assert _event_of(handed)["child"] == {"hobby": "x", "pets": {"dog": "1"}}


def test_an_element_that_belongs_elsewhere_is_left_to_the_rules() -> None:
    handed = _handed_in("<birth><full>LÊ THỬ</full><child><name>LÊ THỬ</name></child></birth>")
    assert _event_of(handed)["full"] == "LÊ THỬ"
    assert ("text_between_elements", "child/name") in _found(handed)


def test_elements_inside_a_text_are_left_to_the_rules() -> None:
    assert _event_of(_handed_in("<birth><note><b>x</b></note></birth>"))["note"] == {"b": "x"}


@pytest.mark.parametrize(
    ("inner", "code", "place"),
    [
        ("<birth><note>a</note><note>b</note></birth>", "key_repeated", "note"),
        ("<birth>left over<note>a</note></birth>", "text_between_elements", ""),
        ("<birth><child>x<sex>male</sex></child></birth>", "text_between_elements", "child"),
        ('<birth lang="vi"/>', "attribute_unknown", "@lang"),
        ('<birth><note lang="vi">a</note></birth>', "attribute_unknown", "note/@lang"),
        ('<birth xmlns=""><note>a</note></birth>', "element_of_other_namespace", ""),
        (
            '<birth><child xmlns="urn:x"><sex>male</sex></child></birth>',
            "element_of_other_namespace",
            "child",
        ),
        ("<birth><event_type>death</event_type></birth>", "not_in_list", "event_type"),
        ("<death/>", "field_unknown", "death"),
        ("<death/>", "one_event_each", ""),
        ("", "one_event_each", ""),
        ('<birth><child href="#nowhere"/></birth>', "reference_unresolved", "child"),
        (
            '<birth><child href="#a"><sex>male</sex></child><mother id="a"/></birth>',
            "reference_unresolved",
            "child",
        ),
    ],
)
def test_what_only_xml_can_get_wrong_is_named_with_its_place(inner: str, code: str, place: str) -> None:
    assert (code, place) in _found(_handed_in(inner))


def test_a_foreign_namespace_is_told_once_for_all_that_it_contains() -> None:
    handed = _handed_in(
        '<birth xmlns="urn:x"><child><sex>male</sex><name><full>A</full></name></child></birth>'
    )
    assert [finding.code for finding in handed.findings] == ["element_of_other_namespace"]
    assert _event_of(handed)["child"] == {"sex": "male", "name": {"full": "A"}}


def test_one_item_of_many_holds_exactly_one_event() -> None:
    item = etree.fromstring(f'<event xmlns="{NAMESPACE}"><birth/><death/></event>')
    handed = read_handed_in(item, any_event_shape(), References(item))
    assert ("one_event_each", "") in _found(handed)
    assert handed.body is None


def test_the_key_is_read_beside_the_event() -> None:
    handed = _handed_in("<birth/><idempotency_key>k-1</idempotency_key>")
    assert handed.idempotency_key == "k-1"


def test_a_key_that_is_no_text_is_no_key() -> None:
    assert _handed_in("<birth/><idempotency_key><a>1</a></idempotency_key>").idempotency_key == ""


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ('id="ref1"', 'href="#ref1"'),
        (
            'xmlns:c="http://www.w3.org/2003/05/soap-encoding" c:id="ref1"',
            'xmlns:c="http://www.w3.org/2003/05/soap-encoding" c:ref="#ref1"',
        ),
    ],
    ids=["SOAP 1.1", "SOAP 1.2"],
)
def test_a_value_that_php_wrote_once_is_read_in_both_places(first: str, again: str) -> None:
    place = "<province_code>08</province_code>"
    handed = _handed_in(
        f"<birth><mother><residence><place {first}>{place}</place></residence></mother>"
        f"<father><residence><place {again}/></residence></father></birth>"
    )
    event = _event_of(handed)
    assert event["father"]["residence"] == event["mother"]["residence"] == {"place": {"province_code": "08"}}
    assert handed.findings == ()


def test_references_cannot_go_round() -> None:
    handed = _handed_in('<birth><child id="a"><name href="#a"/></child></birth>')
    assert handed.body is not None
    assert len(handed.body) < 1_000


def test_references_cannot_make_a_small_message_huge() -> None:
    attachment = f'<attachments id="a"><title>{"x" * 100_000}</title></attachments>'
    again = '<attachments href="#a"/>' * 50
    handed = _handed_in(f"<birth>{attachment}{again}</birth>")
    assert handed.body is not None
    assert len(handed.body) < 1_500_000
    assert "reference_unresolved" in {code for code, _ in _found(handed)}


def test_texts_under_a_partners_own_names_are_written_with_their_names() -> None:
    attempts = Record("A", (Member("faults", PAIRS, is_required=False, is_list=True),))
    element = write_record("a", attempts, {"faults": [{"field": "hoTen", "text": "sai"}]})
    assert plain_members(element) == {
        "faults": [
            {
                "line": ["field: hoTen; text: sai"],
                "entry": [{"name": ["field"], "value": ["hoTen"]}, {"name": ["text"], "value": ["sai"]}],
            }
        ]
    }


def test_a_record_is_written_without_what_xml_cannot_carry() -> None:
    element = write_record("birth", event_shape("birth"), {"note": "a\x00b\x0b￿", "mobile": True})
    read = read_record(_sent(element), event_shape("birth"), References(element))
    assert read.values == {"note": "a�b��", "mobile": True}
