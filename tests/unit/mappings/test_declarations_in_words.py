"""Every matter before its registration, in the words of registry and one-stop shop: no entry, and no gap."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from mappings.canonical import Declaration, OpenField
from mappings.catalog import TranslatedMessage, TranslationContext, load_catalog
from mappings.explanation import SAMPLE_CONTEXT

EXAMPLES: Final = sorted((Path(__file__).parents[3] / "examples" / "events").glob("*.json"))
OPEN: Final[tuple[OpenField, ...]] = (
    "registration.registered_at",
    "registration.number",
    "registration.volume",
    "registration.kind",
)
STAGES: Final = ("received", "supplement_asked", "processing", "completed", "refused")
LINKED_STATES: Final = ("taken_in", "accepted", "forwarded", "supplement_asked", "completed", "refused")
FACTS: Final = {name: text for name, text in SAMPLE_CONTEXT.facts.items() if not name.startswith("linked")}


def _declared(path: Path) -> Declaration | None:
    """The example as it would be declared; None where it has no dossier."""
    event: dict[str, Any] = json.loads(path.read_text("utf-8"))
    if "dossier" not in event:
        return None
    received_at = event["registration"]["registered_at"]
    event["dossier"].setdefault("received_at", received_at)
    fields = [
        field for field in OPEN if field != "registration.kind" or event["registration"]["kind"] != "remark"
    ]
    if event["registration"]["kind"] == "remark":
        fields = ["registration.registered_at"]
    for field in fields:
        if not (field == "registration.kind" and event["event_type"] == "foreign_act_note"):
            event["registration"].pop(field.partition(".")[2], None)
    return Declaration.model_validate(
        {"event_type": "declaration", "received_at": received_at, "open": list(fields), "declared": event}
    )


DECLARED: Final = {path.stem: found for path in EXAMPLES if (found := _declared(path)) is not None}


def _said(
    declaration: Declaration, destination: str, message: str, generation: str, **facts: str
) -> TranslatedMessage:
    context = TranslationContext("GW-1", {**FACTS, **facts}, SAMPLE_CONTEXT.now)
    made = load_catalog().translate_in(generation, declaration, destination, message, context)
    assert isinstance(made, TranslatedMessage), made
    return made


@pytest.mark.parametrize("name", DECLARED)
def test_the_record_says_no_entry(name: str) -> None:
    declaration = DECLARED[name]
    catalog = load_catalog()
    event_type = declaration.declared.event_type
    records = [
        (message, generation)
        for message, generation in catalog.versions(event_type, "national_registry")
        if message.startswith("record") and not message.endswith(("recognition", "end"))
    ]
    wanted = f"record_{getattr(declaration.declared, 'act', '')}"
    for message, generation in records:
        if message not in {"record", "record_birth", "record_start"} and message != wanted:
            continue
        if event_type == "foreign_act_note" and message != wanted:
            continue
        body = dict(_said(declaration, "national_registry", message, generation).body["data"])  # type: ignore[arg-type]  # an object
        assert not {"so", "quyenSo", "ngayDangKy", "ngayGhiChu"} & body.keys()
        assert "None" not in json.dumps(body, ensure_ascii=False)


@pytest.mark.parametrize("name", DECLARED)
@pytest.mark.parametrize("stage", STAGES)
def test_the_one_stop_shop_is_told_every_stage(name: str, stage: str) -> None:
    declaration = DECLARED[name]
    (generation,) = {each for _, each in load_catalog().versions(declaration.declared.event_type, "one_stop")}
    dossier = _said(declaration, "one_stop", "dossier", generation)
    told = _said(declaration, "one_stop", "progress", generation, stage=stage)
    numbered = _said(declaration, "one_stop", "progress", generation, stage=stage, registration_number="41")
    assert "None" not in json.dumps([dossier.body, told.body], ensure_ascii=False)
    assert "số 41" in str(numbered.body["NoiDungXuLy"])
    assert "số 41" not in str(told.body["NoiDungXuLy"])


@pytest.mark.parametrize("state", LINKED_STATES)
def test_the_linked_service_is_told_every_state(state: str) -> None:
    linked = {
        name: each
        for name, each in DECLARED.items()
        if each.dossier is not None and each.dossier.linked_code is not None
    }
    assert linked
    for declaration in linked.values():
        (generation,) = {
            each for _, each in load_catalog().versions(declaration.declared.event_type, "one_stop")
        }
        told = _said(declaration, "one_stop", "linked_status", generation, linked_state=state)
        assert "None" not in json.dumps(told.body, ensure_ascii=False)
        assert told.body["thoiGianThucHien"]
