"""A declaration that the registry refuses is corrected and sent again, like any event; its frame stays."""

import secrets
from datetime import datetime
from typing import Any

import httpx
import pytest

from gateway.bootstrap.declaring import build_registering
from gateway.bootstrap.surroundings import Surroundings
from gateway.model.ids import EventId
from gateway.storage.ports import Role
from mappings.catalog import load_catalog
from tests.support.acting import act, put_into
from tests.support.dialects import (
    AUTUMN,
    GIA_LAI,
    LINKED_BIRTH,
    SECOND,
    client_on,
    post,
    registry_finished,
    second_push,
)
from tests.support.edge_desk import Badge, EdgeDesk, expect_problem

WRONG_NAME = {**LINKED_BIRTH, "meHoTen": "PHẠM THỊ VÍ DU"}
RIGHT_NAME = {"/declared/mother/name": {"full": "PHẠM THỊ VÍ DỤ"}}
ENTRY = {
    "registration_date": "2025-10-06",
    "registration_number": "41",
    "registration_volume": "01/2025",
}


def _refused(desk: EdgeDesk) -> tuple[dict[str, Any], str, Badge]:
    """Receipt and delivery of a declaration that the registry has refused, and who may correct it."""
    answer = post(desk, f"{SECOND}/nhanHoSoDKHT", second_push(WRONG_NAME), client_on(desk, AUTUMN))
    receipt = dict(answer.json()["receipt"])
    to_registry = (each for each in receipt["deliveries"] if each["destination"] == "national_registry")
    delivery_id = next(to_registry)["delivery_id"]
    put_into(desk, delivery_id, "held", reason="refused.content")
    operator = desk.badge("operator-of-the-province", Role.OPERATOR, Role.CONSUMER, authorities=GIA_LAI)
    return receipt, delivery_id, operator


def _edit(
    desk: EdgeDesk,
    delivery_id: str,
    badge: Badge,
    **body: Any,  # noqa: ANN401 - any JSON value
) -> httpx.Response:
    return act(desk, delivery_id, "edit", badge, **body)


def _faults(answer: httpx.Response) -> set[tuple[str, str]]:
    document = expect_problem(answer, 422, "edit_invalid")
    return {(each["pointer"], each["code"]) for each in document["errors"]}


def test_it_is_edited_and_sent_again_without_an_entry(desk_on_both: EdgeDesk) -> None:
    desk = desk_on_both
    receipt, delivery_id, operator = _refused(desk)
    edited = _edit(desk, delivery_id, operator, set=RIGHT_NAME)
    assert edited.status_code == httpx.codes.OK, edited.text
    view = edited.json()
    assert (view["status"], view["version"]) == ("applied", 2)
    (message,) = view["messages"]
    (change,) = message["changes"]
    assert change["sides"] == {"before": "PHẠM THỊ VÍ DU", "after": "PHẠM THỊ VÍ DỤ"}
    page = desk.call("GET", f"/api/v1/deliveries/{delivery_id}", operator).json()
    assert page["delivery"]["state"] in {"queued", "waiting"}
    due_at = datetime.fromisoformat(page["delivery"]["due_at"])
    assert due_at == datetime.fromisoformat(receipt["due_at"])


def test_the_event_is_made_of_what_was_edited(desk: EdgeDesk) -> None:
    receipt, delivery_id, operator = _refused(desk)
    assert _edit(desk, delivery_id, operator, set=RIGHT_NAME).status_code == httpx.codes.OK
    registry_finished(desk, receipt, entry=ENTRY)
    desk.clock.advance(60)
    stores = desk.gateway.stores
    around = Surroundings(desk.clock, lambda: 0.5, secrets.token_bytes)
    assert build_registering(around, desk.gateway.settings, stores, load_catalog(), lambda: None).run() == 1
    declared = EventId(receipt["event_id"])
    with stores.database.read() as transaction:
        course = stores.declarations.find_all(transaction, [declared])[declared]
        assert course.registered_event_id is not None
        event = stores.events.get(transaction, course.registered_event_id).event
    assert event.parties()["mother"].name.whole == "PHẠM THỊ VÍ DỤ"


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/received_at", "2025-10-01T08:00:00+07:00"),
        ("/open", ["registration.number"]),
        ("/event_type", "birth"),
        ("/declared/event_type", "death"),
        ("/declared/source_event_id", "KS/other"),
        ("/declared/dossier/code", "H21.129-250705-9999"),
        ("/declared/registration/authority_code", "23942"),
        ("/declared/registration/number", "41"),
        ("/declared/registration/registered_at", "2025-10-06T08:00:00+07:00"),
    ],
)
def test_what_says_which_dossier_it_is_and_what_is_open_cannot_be_edited(
    desk: EdgeDesk, pointer: str, value: object
) -> None:
    _, delivery_id, operator = _refused(desk)
    refused = _edit(desk, delivery_id, operator, set={pointer: value})
    assert (pointer, "edit_changes_identity") in _faults(refused)


def test_every_rule_is_applied_again_at_its_place(desk: EdgeDesk) -> None:
    _, delivery_id, operator = _refused(desk)
    wrong = {"/declared/child/sex": "x", "/declared/mother/sex": "male"}
    found = {pointer for pointer, _ in _faults(_edit(desk, delivery_id, operator, set=wrong))}
    assert "/declared/child/sex" in found
    assert all(pointer.startswith("/declared/") for pointer in found)


def test_a_party_is_neither_added_nor_removed(desk: EdgeDesk) -> None:
    _, delivery_id, operator = _refused(desk)
    patch = [{"op": "remove", "path": "/declared/mother"}]
    found = _faults(_edit(desk, delivery_id, operator, patch=patch))
    assert ("/declared/mother", "edit_changes_parties") in found
