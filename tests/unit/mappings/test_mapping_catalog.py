"""The catalogue is whole or does not exist, and tells everything that is wrong at once."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from mappings.canonical import EVENT_TYPES
from mappings.catalog import CheckLine, UnknownMessage, check, load_catalog
from mappings.completeness import Partner, find_problems
from mappings.converters import SHARED_CONVERTERS
from mappings.csv_files import MAPPINGS
from mappings.loading import PARTNERS, read_partner
from mappings.one_stop import converters as one_stop
from mappings.rules import Converter
from tests.support.events import ABSENT, a_birth, a_death, a_marriage
from tests.support.mapping_scenes import FACTS, STAGE_FACTS, parsed, refused, translated

CONVERTERS: Mapping[str, Converter] = {**SHARED_CONVERTERS, **one_stop.CONVERTERS}


def problems(
    tmp_path: Path,
    change: Callable[[str], str] = lambda text: text,
    file: str = "birth.csv",
    converters: Mapping[str, Converter] = CONVERTERS,
) -> set[str]:
    """What is found wrong with the one-stop mapping after a change to one of its files."""
    folder = tmp_path / "one_stop"
    shutil.copytree(MAPPINGS / "one_stop", folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = folder / file
    text = change(path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    partner = Partner(read_partner("one_stop", tmp_path), converters, one_stop.CODE_LISTS)
    return {str(problem) for problem in find_problems(partner)}


def without_row(target: str) -> Callable[[str], str]:
    return lambda text: "".join(line for line in text.splitlines(keepends=True) if f",{target}," not in line)


def test_the_mapping_is_complete() -> None:
    lines = check()
    assert {line for line in lines if not line.is_complete} == set()
    assert {(line.destination, line.event_type) for line in lines} == {
        (partner, event_type) for partner in PARTNERS for event_type in EVENT_TYPES
    }


def test_an_unchanged_copy_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path) == set()


@pytest.mark.parametrize(
    ("file", "change", "found"),
    [
        (
            "birth.csv",
            without_row("body.MaHoSo"),
            "birth/dossier (generation 1): the contract requires MaHoSo, and no row fills it",
        ),
        (
            "birth.csv",
            lambda text: text.replace("as_written,refuse", "as_written,omit", 1),
            "the contract requires MaHoSo, and line 2 may leave it out",
        ),
        ("birth.csv", lambda text: text.replace("as_written", "no_such", 1), "there is no converter no_such"),
        (
            "birth.csv",
            lambda text: text.replace("dossier.code", "dossier.kode", 1),
            "the event has no field dossier.kode",
        ),
        (
            "birth.csv",
            lambda text: text.replace("context.stage_at", "context.stage_on", 1),
            "the context has no fact stage_on",
        ),
        (
            "birth.csv",
            lambda text: text.replace("body.Email", "body.EMail", 1),
            "the contract has no field EMail",
        ),
        (
            "birth.csv",
            lambda text: text.replace("=1", "=9", 1),
            "the constant does not fit the contract: not_in_code_list",
        ),
        ("birth.csv", lambda text: text.replace(",refuse,S", ",perhaps,S", 1), "when_missing must be one of"),
        ("birth.csv", lambda text: text.replace(",refuse,S", ",refuse,X", 1), "mark must be S or I"),
        (
            "birth.csv",
            lambda text: text.replace("body.MaTTHC", "MaTTHC", 1),
            "target must begin with body., data. or",
        ),
        (
            "birth.csv",
            lambda text: text.replace("dossier.due_at,local_second", "dossier.due_at + note,local_second", 1),
            "local_second does not take 2 source(s)",
        ),
        (
            "birth.csv",
            lambda text: text.replace("*,,child.sex,,,,", "*,,child.birth_date.year,,,,", 1),
            "child.sex is neither sent in any message nor listed as not sent",
        ),
        ("birth.csv", lambda text: text + "*,,child.sex,,,,\n", "say in note why child.sex is not sent"),
        ("birth.csv", lambda text: text + "*,,child.shoe,,,,x\n", "the event has no field child.shoe"),
        (
            "birth.csv",
            lambda text: text + "*,,dossier.code,,,,x\n",
            "dossier.code is listed as not sent, and is sent",
        ),
        (
            "birth.csv",
            lambda text: text + "dossier,,note,,,,x\n",
            "a row without target concerns every message",
        ),
        (
            "birth.csv",
            lambda text: text + "dosier,body.MaHoSo,dossier.code,as_written,refuse,S,\n",
            "messages.csv has no message dosier",
        ),
        (
            "birth.csv",
            lambda text: text + "dossier,body.MaHoSo,dossier.code,as_written,refuse,S,\n",
            "body.MaHoSo is filled 2 times",
        ),
        (
            "birth.csv",
            lambda text: text.replace(",=1,,", ",=1,as_written,", 1),
            "a constant takes no converter",
        ),
        (
            "messages.csv",
            lambda text: text.replace("birth,dossier,", "birth,dossier2,", 1),
            "birth/dossier2 (generation 1): there are no rows",
        ),
        (
            "messages.csv",
            lambda text: text.replace("DongBoHoSoMC,event", "NoContract,event", 1),
            "its contract cannot be read",
        ),
        (
            "messages.csv",
            lambda text: text.replace(",stage,", ",whenever,", 1),
            "request_scope must be one of",
        ),
        (
            "messages.csv",
            lambda text: text + "baptism,*,1,,,,,,I,x\n",
            "no event type baptism",
        ),
        (
            "messages.csv",
            lambda text: text + "birth,*,0,,,,,,I,\n",
            "say in note why nothing is sent",
        ),
        (
            "messages.csv",
            lambda text: text + "birth,*,0,,,,,,I,not yet\n",
            "generation 1 must begin the day after generation 0 ends",
        ),
        (
            "messages.csv",
            lambda text: text.replace("birth,dossier,1,,,", "birth,dossier,1,2020-01-01,,", 1),
            "all messages of generation 1 must have the same days",
        ),
        (
            "messages.csv",
            lambda text: text.replace(",1,,,", ",1,,2030-12-31,"),
            "generation 1 is the newest and must have no valid_to",
        ),
        (
            "messages.csv",
            lambda text: text.replace("birth,dossier,1,,,", "birth,dossier,1,tomorrow,,", 1),
            "valid_from and valid_to must be days like 2025-07-01",
        ),
        (
            "messages.csv",
            lambda text: text + text.splitlines()[1] + "\n",
            "birth/dossier/1 appears 2 times",
        ),
    ],
)
def test_what_is_missing_or_wrong_is_named(
    tmp_path: Path, file: str, change: Callable[[str], str], found: str
) -> None:
    told = problems(tmp_path, change, file)
    assert any(found in problem for problem in told), told


def test_everything_is_named_at_once(tmp_path: Path) -> None:
    def change(text: str) -> str:
        return without_row("body.MaHoSo")(text).replace("body.Email", "body.EMail", 1)

    found = problems(tmp_path, change)
    assert len(found) >= 3
    assert {each.split(":")[0] for each in found} == {
        "one_stop/birth/dossier (generation 1)",
        "one_stop/birth/progress (generation 1)",
    }


def test_a_code_list_that_lacks_a_term_is_found() -> None:
    lists = {**one_stop.CODE_LISTS, "stage_words": ("received", "lost"), "colours": ("red",)}
    partner = Partner(read_partner("one_stop"), CONVERTERS, lists)
    assert {problem.text for problem in find_problems(partner)} == {
        "codes.csv: the list stage_words has no code for lost",
        "codes.csv: no list colours",
    }


def test_a_line_with_problems_is_not_complete() -> None:
    assert CheckLine("one_stop", "birth", "dossier", "1", ()).is_complete
    assert not CheckLine("one_stop", "birth", "dossier", "1", ("x",)).is_complete


def test_the_catalogue_knows_the_messages_of_each_matter() -> None:
    catalog = load_catalog()
    assert catalog.messages("birth", "national_registry") == ("record", "personal_id_update")
    assert catalog.messages("birth", "population_db") == ("personal_id_request",)
    assert set(catalog.messages("marriage", "population_db")) == {
        f"{what}_{who}" for what in ("notice", "lookup", "verify") for who in ("husband", "wife")
    }
    assert catalog.messages("death", "one_stop") == ("dossier", "progress", "linked_status")
    assert catalog.messages("death", "nobody") == ()


def test_a_message_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(UnknownMessage) as caught:
        load_catalog().get("birth", "one_stop", "notice_child")
    assert str(caught.value) == "one_stop/birth/notice_child"


def test_a_text_that_the_partner_would_refuse_is_refused_here_with_our_field() -> None:
    long_name = "NGUYỄN " * 14
    event = a_birth(registration__performed_by={"name": long_name})
    (violation,) = refused(event, "one_stop", "progress", {**STAGE_FACTS, "officer": ""})
    assert (violation.path, violation.code) == ("registration.performed_by", "mapping_too_long")
    assert "NguoiXuLy" in violation.message_vi
    assert "50" in violation.message_en


def test_all_violations_of_a_message_are_told_together() -> None:
    event = a_birth(
        child__nationality="XX", mother__ethnic_group_code="99", child__birth_date={"certainty": "unknown"}
    )
    found = {(each.path, each.code) for each in refused(event, "national_registry", "record")}
    assert found == {
        ("child.nationality", "mapping_code_unknown"),
        ("mother.ethnic_group_code", "mapping_code_unknown"),
        ("child.birth_date", "mapping_missing"),
    }


def test_a_violation_never_quotes_a_person() -> None:
    event = a_birth(requester__relation="Mẹ", requester__identity_paper__number="B/1.-" + "9" * 15)
    event["requester"]["name"] = {"full": "ß" * 60}
    found = refused(event, "national_registry", "record")
    assert [(each.path, each.code) for each in found] == [("requester.name", "mapping_too_long")]
    assert all("SSS" not in each.message_vi + each.message_en for each in found)


def test_unknown_parents_leave_no_trace_in_the_record() -> None:
    event = a_birth(mother=ABSENT, father=ABSENT, unknown=["mother", "father"])
    record = translated(event, "national_registry", "record").body["data"]
    assert isinstance(record, Mapping)
    assert record["nksLoaiKhaiSinh"] == "4"
    assert [name for name in record if name.startswith(("me", "cha"))] == []
    request = translated(event, "population_db", "personal_id_request").body
    assert {"me", "cha"} & set(request) == set()


def test_a_known_number_goes_into_the_record_and_a_late_one_into_the_update() -> None:
    facts = {**FACTS, "personal_id.child": "099326000021"}
    record = translated(a_birth(), "national_registry", "record", facts).body["data"]
    assert isinstance(record, Mapping)
    assert record["nksSoDDCN"] == "099326000021"
    update = translated(a_birth(), "national_registry", "personal_id_update", facts)
    assert update.body["module"] == "TDCC"
    bare = translated(a_birth(), "national_registry", "record").body["data"]
    assert isinstance(bare, Mapping)
    assert "nksSoDDCN" not in bare


def test_numbers_learnt_for_spouses_go_to_the_right_one() -> None:
    facts = {"personal_id.husband": "099095000031", "personal_id.wife": "099196000032"}
    event = a_marriage(husband__personal_id=ABSENT, wife__personal_id=ABSENT)
    record = translated(event, "national_registry", "record", facts).body["data"]
    assert isinstance(record, Mapping)
    assert (record["chongSoDDCN"], record["voSoDDCN"]) == ("099095000031", "099196000032")
    notice = translated(event, "population_db", "notice_wife", facts)
    assert notice.body["soDinhDanh"] == "099196000032"
    assert notice.routing == {"subject": "wife"}


def test_a_look_up_needs_an_officer() -> None:
    (violation,) = refused(a_death(), "population_db", "lookup_deceased", {})
    assert violation.path == "context.officer_id"


def test_an_authority_of_no_day_is_refused_for_every_partner_that_needs_it() -> None:
    found = refused(a_birth(registration__authority_code="99999"), "national_registry", "record")
    assert [(each.path, each.code) for each in found] == [
        ("registration.authority_code", "mapping_unit_unknown")
    ]


def test_the_event_of_a_translation_is_not_changed() -> None:
    event = parsed(a_birth())
    before = event.model_dump_json()
    translated(a_birth(), "national_registry", "record")
    assert event.model_dump_json() == before
