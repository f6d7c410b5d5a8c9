from datetime import timedelta

from adapters.port import (
    FACT_PERSONAL_ID,
    FACT_REGISTRATION_DATE,
    FACT_REGISTRATION_NUMBER,
    Accepted,
    News,
    RequestId,
    Stage,
)
from gateway.model.delivery import StoredEvent, Watch
from gateway.model.ids import Destination
from retry_queue.states import State
from tests.support.declarations import a_declaration
from tests.support.events import ABSENT, a_birth
from tests.support.house import DOSSIER, NUMBER_REQUEST, RECORD, House
from tests.support.partner import EVIDENCE

REGISTRY, POPULATION, ONE_STOP = (
    Destination.NATIONAL_REGISTRY,
    Destination.POPULATION_DB,
    Destination.ONE_STOP,
)
NUMBER = "099312345678"


def a_watched_record(house: House, event: dict[str, object] | None = None) -> tuple[StoredEvent, Watch]:
    stored = house.accept(event or a_birth(), RECORD, DOSSIER)
    house.partners[REGISTRY].answers = [Accepted(EVIDENCE, pending=True)]
    house.deliver(REGISTRY)
    (watch,) = house.watches(stored.event_id)
    return stored, watch


def news(stage: Stage, text: str | None = None, **facts: str) -> News:
    return News(RequestId("GW-1"), stage, partner_code="3", text=text, actor="Trần Văn Mẫu", facts=facts)


def test_a_new_stage_is_kept_told_and_passed_on() -> None:
    house = House()
    event, watch = a_watched_record(house)
    assert house.news_desk.record(watch, news(Stage.PROCESSING, "Đang xử lý"), house.now)
    (after,) = house.watches(event.event_id)
    assert (after.stage, after.text) == ("processing", "Đang xử lý")
    assert "stage.changed" in house.changes()
    assert "one_stop_progress.processing" in house.steps(event.event_id)


def test_stages_reach_the_one_stop_shop_in_the_order_they_came() -> None:
    house = House()
    event, watch = a_watched_record(house)
    for stage in (Stage.PROCESSING, Stage.COMPLETED):
        house.news_desk.record(watch, news(stage), house.now)
        (watch,) = house.watches(event.event_id)
    for _ in range(4):
        house.deliver(ONE_STOP)
    told = [message.body.get("stage") for message in house.sent(ONE_STOP)]
    assert told == [None, "received", "processing", "completed"]


def test_the_same_stage_again_is_no_news() -> None:
    house = House()
    event, watch = a_watched_record(house)
    house.news_desk.record(watch, news(Stage.PROCESSING), house.now)
    (watch,) = house.watches(event.event_id)
    before = house.changes()
    assert not house.news_desk.record(watch, news(Stage.PROCESSING), house.now)
    assert house.changes() == before


def test_a_stage_heard_of_twice_is_passed_on_once() -> None:
    house = House()
    event, watch = a_watched_record(house)
    house.news_desk.record(watch, news(Stage.PROCESSING), house.now)
    house.news_desk.record(watch, news(Stage.PROCESSING), house.now)
    assert house.steps(event.event_id).count("one_stop_progress.processing") == 1


def test_that_the_record_was_received_is_not_told_a_second_time() -> None:
    house = House()
    event, watch = a_watched_record(house)
    house.news_desk.record(watch, news(Stage.RECEIVED, "Chờ tiếp nhận"), house.now)
    assert house.steps(event.event_id).count("one_stop_progress.received") == 1


def test_a_final_stage_ends_the_watch() -> None:
    house = House()
    event, watch = a_watched_record(house)
    house.news_desk.record(watch, news(Stage.COMPLETED), house.now)
    (after,) = house.watches(event.event_id)
    assert after.next_fetch_at is None


def test_a_declaration_that_is_registered_without_an_entry_told_is_asked_about_on() -> None:
    house = House()
    event, watch = a_watched_record(house, a_declaration(a_birth()))
    house.news_desk.record(watch, news(Stage.COMPLETED), house.now)
    (after,) = house.watches(event.event_id)
    assert (after.stage, after.next_fetch_at) == ("completed", house.now + timedelta(seconds=30))
    house.news_desk.record(after, news(Stage.COMPLETED, **{FACT_REGISTRATION_NUMBER: "41"}), house.now)
    (after,) = house.watches(event.event_id)
    assert after.next_fetch_at is not None
    told = news(Stage.COMPLETED, **{FACT_REGISTRATION_DATE: "2026-11-18"})
    assert house.news_desk.record(after, told, house.now)
    (after,) = house.watches(event.event_id)
    assert after.next_fetch_at is None
    assert house.facts(event.event_id).keys() == {FACT_REGISTRATION_NUMBER, FACT_REGISTRATION_DATE}
    assert house.steps(event.event_id).count("one_stop_progress.completed") == 1


def test_an_entry_that_was_told_before_the_stage_ends_the_watch_with_it() -> None:
    house = House()
    event, watch = a_watched_record(house, a_declaration(a_birth()))
    early = news(Stage.PROCESSING, **{FACT_REGISTRATION_DATE: "2026-11-18"})
    house.news_desk.record(watch, early, house.now)
    (after,) = house.watches(event.event_id)
    assert after.next_fetch_at is not None
    house.news_desk.record(after, news(Stage.COMPLETED), house.now)
    (after,) = house.watches(event.event_id)
    assert after.next_fetch_at is None


def test_a_refused_declaration_awaits_no_entry() -> None:
    house = House()
    event, watch = a_watched_record(house, a_declaration(a_birth()))
    house.news_desk.record(watch, news(Stage.REFUSED, "Thiếu giấy tờ"), house.now)
    (after,) = house.watches(event.event_id)
    assert (after.stage, after.next_fetch_at) == ("refused", None)


def test_without_a_dossier_stages_are_kept_and_not_passed_on() -> None:
    house = House()
    event, watch = a_watched_record(house, a_birth(dossier=ABSENT))
    house.news_desk.record(watch, news(Stage.COMPLETED), house.now)
    assert "one_stop_progress.completed" not in house.steps(event.event_id)


def test_a_number_that_comes_as_news_follows_the_record() -> None:
    house = House()
    event = house.accept(a_birth(), NUMBER_REQUEST, RECORD)
    house.partners[POPULATION].answers = [Accepted(EVIDENCE, pending=True)]
    house.deliver(POPULATION)
    house.deliver(REGISTRY)
    (watch,) = house.watches(event.event_id)
    house.news_desk.record(watch, news(Stage.COMPLETED, **{FACT_PERSONAL_ID: NUMBER}), house.now)
    assert house.facts(event.event_id) == {"personal_id.child": NUMBER}
    assert house.state(event.event_id, "registry_personal_id_update") is State.QUEUED


def test_only_the_record_is_news_for_the_one_stop_shop() -> None:
    house = House()
    event = house.accept(a_birth(), NUMBER_REQUEST)
    house.partners[POPULATION].answers = [Accepted(EVIDENCE, pending=True)]
    house.deliver(POPULATION)
    (watch,) = house.watches(event.event_id)
    house.news_desk.record(watch, news(Stage.COMPLETED), house.now)
    assert house.steps(event.event_id) == ["personal_id"]


def test_questions_become_seldom_while_nothing_changes_and_frequent_after_a_change() -> None:
    house = House()
    event, watch = a_watched_record(house)
    waits = []
    for _ in range(4):
        assert watch.next_fetch_at is not None
        house.now = watch.next_fetch_at
        house.news_desk.postpone([watch], house.now)
        (watch,) = house.watches(event.event_id)
        assert watch.next_fetch_at is not None
        waits.append((watch.next_fetch_at - house.now).total_seconds())
    assert waits == [60, 300, 300, 300]
    house.news_desk.record(watch, news(Stage.PROCESSING), house.now)
    (watch,) = house.watches(event.event_id)
    assert watch.next_fetch_at == house.now + timedelta(seconds=30)


def test_the_message_to_ask_about_is_the_one_that_was_sent() -> None:
    house = House()
    _, watch = a_watched_record(house)
    assert house.news_desk.message_for(watch, house.now) == house.sent(REGISTRY)[0]
