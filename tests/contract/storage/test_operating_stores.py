"""Every store of operators' acts, edits and courier bundles keeps these."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.port import RequestId
from gateway.errors import EventNotFound, RequestRepeated
from gateway.model.delivery import Delivery
from gateway.model.ids import DeliveryId, Destination, EventId
from gateway.model.operating import (
    Act,
    Bundle,
    BundleItem,
    BundleState,
    EarlierRequest,
    EditProposal,
    EventVersion,
    ItemResult,
    OperatorAct,
    ProposalState,
    Scope,
)
from mappings.canonical import dump_stored
from tests.contract.storage.conftest import Backend
from tests.support.submissions import RECEIVED_AT, an_accepted

LATER = RECEIVED_AT + timedelta(hours=1)


def _delivery(backend: Backend, step: str = "one_stop_dossier") -> Delivery:
    new = an_accepted()
    event_id = new.receipt.event_id
    delivery = Delivery(
        delivery_id=DeliveryId(f"{event_id}-{step}"),
        event_id=event_id,
        destination=Destination.ONE_STOP,
        step=step,
        message="dossier",
        subject=None,
        request_id=RequestId(f"GW-{event_id}"),
        facts={},
        planned_at=RECEIVED_AT,
    )
    with backend.database.write() as transaction:
        backend.events.insert(transaction, [new])
        backend.deliveries.insert(transaction, [delivery])
    return delivery


def _version(event_id: EventId, content: bytes, number: int = 2) -> EventVersion:
    return EventVersion(
        event_id=event_id,
        version=number,
        content=content,
        content_sha256="b" * 64,
        based_on_version=number - 1,
        proposed_by="operator-1",
        approved_by="operator-2",
        reason="Sai tên mẹ",
        created_at=LATER,
    )


def test_an_edited_version_stands_beside_the_event_which_stays(backend: Backend) -> None:
    delivery = _delivery(backend)
    event_id = delivery.event_id
    with backend.database.read() as transaction:
        first = backend.events.get(transaction, event_id)
        original = backend.events.content_of(transaction, event_id)
    changed = first.event.model_copy(update={"note": "đã sửa"})
    content = changed.model_dump_json(exclude_none=True).encode()
    with backend.database.write() as transaction:
        backend.events.add_version(transaction, _version(event_id, content))
    with backend.database.read() as transaction:
        assert backend.events.get(transaction, event_id) == first
        assert backend.events.content_of(transaction, event_id) == original
        second = backend.events.get(transaction, event_id, 2)
        assert backend.events.content_of(transaction, event_id, 2) == content
        assert backend.events.list_versions(transaction, event_id) == [_version(event_id, content)]
    assert dump_stored(second.event) == dump_stored(changed)
    assert (second.content_sha256, second.due_at) == ("b" * 64, first.due_at)


def test_a_version_that_does_not_exist_is_an_error(backend: Backend) -> None:
    event_id = _delivery(backend).event_id
    with backend.database.read() as transaction:
        with pytest.raises(EventNotFound):
            backend.events.get(transaction, event_id, 2)
        with pytest.raises(EventNotFound):
            backend.events.content_of(transaction, EventId("nobody"))
        assert backend.events.list_versions(transaction, event_id) == []


def test_a_delivery_changes_its_version_and_its_earlier_number_is_remembered(backend: Backend) -> None:
    delivery = _delivery(backend)
    new_id = RequestId("GW-2")
    with backend.database.write() as transaction:
        assert backend.deliveries.newest_version(transaction, delivery.event_id) == 1
        backend.deliveries.use_version(transaction, delivery.delivery_id, 2, new_id, LATER)
    with backend.database.read() as transaction:
        after = backend.deliveries.get(transaction, delivery.delivery_id)
        earlier = backend.deliveries.earlier_requests(transaction, delivery.delivery_id)
        assert backend.deliveries.newest_version(transaction, delivery.event_id) == 2
    assert after == replace(delivery, version=2, request_id=new_id)
    assert earlier == [EarlierRequest(delivery.delivery_id, delivery.request_id, 1, LATER)]


def _act(delivery: Delivery, name: str = "act-1", request_id: str = "request-1") -> OperatorAct:
    return OperatorAct(
        act_id=name,
        request_id=request_id,
        actor="operator-1",
        act=Act.CONFIRM_DELIVERED,
        delivery_id=delivery.delivery_id,
        event_id=delivery.event_id,
        reason="Đã xem trên hệ thống",
        asked_sha256="a" * 64,
        before_state="held",
        after_state="done",
        before_fence=3,
        happened_at=LATER,
        detail={"evidence": "Công văn 12"},
    )


def test_an_act_is_found_by_who_asked_and_under_which_number(backend: Backend) -> None:
    delivery = _delivery(backend)
    act = _act(delivery)
    with backend.database.write() as transaction:
        backend.acts.insert(transaction, [act])
        backend.acts.insert(transaction, [])
    with backend.database.read() as transaction:
        assert backend.acts.find(transaction, "operator-1", "request-1", delivery.delivery_id) == act
        assert backend.acts.find(transaction, "operator-2", "request-1", delivery.delivery_id) is None
        assert backend.acts.list_of_delivery(transaction, delivery.delivery_id) == [act]


def test_the_same_request_of_the_same_person_is_kept_once(backend: Backend) -> None:
    delivery = _delivery(backend)
    with backend.database.write() as transaction:
        backend.acts.insert(transaction, [_act(delivery)])
    with pytest.raises(RequestRepeated), backend.database.write() as transaction:
        backend.acts.insert(transaction, [_act(delivery, "act-2")])
    with backend.database.write() as transaction:
        backend.acts.insert(transaction, [_act(delivery, "act-3", "request-2")])
    with backend.database.read() as transaction:
        listed = backend.acts.list_of_delivery(transaction, delivery.delivery_id)
    assert [act.act_id for act in listed] == ["act-1", "act-3"]


def test_answers_are_listed_by_id_from_a_position_on(backend: Backend) -> None:
    delivery = _delivery(backend)
    acts = [
        _act(delivery, "act-1", "request-1"),
        replace(_act(delivery, "act-2", "request-2"), act=Act.HOLD, before_state="unknown"),
        replace(_act(delivery, "act-3", "request-3"), act=Act.RELEASE, before_state="queued"),
        replace(_act(delivery, "act-4", "request-4"), act=Act.RELEASE, before_state="unknown"),
        replace(_act(delivery, "act-5", "request-5"), act=Act.EDIT),
    ]
    with backend.database.write() as transaction:
        backend.acts.insert(transaction, acts)
    with backend.database.read() as transaction:
        everything = backend.acts.list_answers(transaction, "", 10)
        assert [each.act_id for each in everything] == ["act-1", "act-4", "act-5"]
        assert [each.act_id for each in backend.acts.list_answers(transaction, "act-1", 1)] == ["act-4"]
        assert backend.acts.list_answers(transaction, "act-5", 10) == []


def test_a_proposal_is_found_listed_and_decided(backend: Backend) -> None:
    delivery = _delivery(backend)
    proposal = EditProposal(
        proposal_id="proposal-1",
        event_id=delivery.event_id,
        delivery_id=delivery.delivery_id,
        scope=Scope.EVENT,
        based_on_version=1,
        content=b"{}",
        content_sha256="c" * 64,
        reason="Sai ngày sinh",
        proposed_by="operator-1",
        proposed_at=RECEIVED_AT,
    )
    newer = replace(proposal, proposal_id="proposal-2", proposed_at=LATER)
    with backend.database.write() as transaction:
        backend.proposals.put(transaction, proposal)
        backend.proposals.put(transaction, newer)
        assert backend.proposals.find(transaction, "proposal-1", for_change=True) == proposal
    decided = replace(
        proposal, state=ProposalState.REJECTED, decided_by="operator-2", decided_at=LATER, decision_reason="x"
    )
    with backend.database.write() as transaction:
        backend.proposals.put(transaction, decided)
    with backend.database.read() as transaction:
        assert backend.proposals.find(transaction, "proposal-1") == decided
        assert backend.proposals.find(transaction, "nobody") is None
        assert backend.proposals.list_by(transaction, None, delivery.event_id, 9) == [newer, decided]
        assert backend.proposals.list_by(transaction, ProposalState.OPEN, None, 9) == [newer]
        assert backend.proposals.list_by(transaction, None, EventId("nobody"), 9) == []
        assert backend.proposals.list_by(transaction, None, None, 1) == [newer]


def _bundle() -> Bundle:
    return Bundle(
        bundle_id="bundle-1",
        destination=Destination.ONE_STOP,
        created_at=RECEIVED_AT,
        created_by="operator-1",
        request_id="request-1",
        asked_sha256="d" * 64,
        reason="Mất kết nối",
        file_sha256="e" * 64,
    )


def _item(delivery: Delivery, ordinal: int = 1) -> BundleItem:
    return BundleItem(
        bundle_id="bundle-1",
        ordinal=ordinal,
        delivery_id=delivery.delivery_id,
        event_id=delivery.event_id,
        request_id=delivery.request_id,
        due_at=LATER,
        file_name="messages/0001.json",
        sha256="f" * 64,
        facts_used=("personal_id.child",),
    )


def test_a_bundle_keeps_its_file_and_its_items(backend: Backend) -> None:
    first, second = _delivery(backend), _delivery(backend)
    items = [_item(first), _item(second, 2)]
    with backend.database.write() as transaction:
        backend.bundles.insert(transaction, _bundle(), b"PK\x00\xff", items)
        assert backend.bundles.find(transaction, "bundle-1", for_change=True) == _bundle()
    with backend.database.read() as transaction:
        assert backend.bundles.find(transaction, "nobody") is None
        assert backend.bundles.file_of(transaction, "bundle-1") == b"PK\x00\xff"
        assert backend.bundles.file_of(transaction, "nobody") is None
        assert backend.bundles.items_of(transaction, "bundle-1") == items
        assert backend.bundles.items_of_delivery(transaction, second.delivery_id) == [items[1]]
        assert backend.bundles.find_by_request(transaction, "operator-1", "request-1") == _bundle()
        assert backend.bundles.find_by_request(transaction, "operator-2", "request-1") is None
        assert backend.bundles.list_all(transaction, 5) == [_bundle()]


def test_a_bundle_is_closed_and_its_items_settled_while_the_file_stays(backend: Backend) -> None:
    delivery = _delivery(backend)
    closed = replace(_bundle(), state=BundleState.CLOSED, closed_at=LATER)
    settled = replace(
        _item(delivery),
        result=ItemResult.REFUSED,
        refusal="Thiếu giấy tờ",
        brought_by="Người đưa",
        settled_at=LATER,
    )
    with backend.database.write() as transaction:
        backend.bundles.insert(transaction, _bundle(), b"PK", [_item(delivery)])
    with backend.database.write() as transaction:
        backend.bundles.put_bundle(transaction, closed)
        backend.bundles.put_item(transaction, settled)
    with backend.database.read() as transaction:
        assert backend.bundles.find(transaction, "bundle-1") == closed
        assert backend.bundles.items_of(transaction, "bundle-1") == [settled]
        assert backend.bundles.file_of(transaction, "bundle-1") == b"PK"


def test_one_request_of_one_person_makes_one_bundle(backend: Backend) -> None:
    with backend.database.write() as transaction:
        backend.bundles.insert(transaction, _bundle(), b"PK", [])
    with pytest.raises(RequestRepeated), backend.database.write() as transaction:
        backend.bundles.insert(transaction, replace(_bundle(), bundle_id="bundle-2"), b"PK", [])
