"""The walk of a delivery on real databases: what is committed together, and who waits for whom."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from adapters.errors import OutcomeUnknown
from adapters.port import FACT_PERSONAL_ID, Accepted, News, Stage
from gateway.model.delivery import OutcomeCode
from gateway.model.ids import Destination
from gateway.storage.sql.deliveries import SqlDeliveries
from gateway.storage.sql.events import SqlEvents
from gateway.storage.sql.feed import SqlFeed
from retry_queue.sql_store import SqlStore
from retry_queue.states import State
from tests.support.database import emptied, opened, sqlite_url
from tests.support.events import a_birth
from tests.support.house import DOSSIER, NUMBER_REQUEST, RECORD, AnyHouse, HouseStores
from tests.support.partner import EVIDENCE
from tests.support.waiting import wait_for

REGISTRY, POPULATION = Destination.NATIONAL_REGISTRY, Destination.POPULATION_DB
NUMBER = "099312345678"
WITH_NUMBER = Accepted(EVIDENCE, facts={FACT_PERSONAL_ID: NUMBER})
UPDATE = "registry_personal_id_update"

SqlHouse = AnyHouse[Connection]


def _house(url: str) -> Iterator[SqlHouse]:
    with opened(url) as database:
        stores = HouseStores(database, SqlEvents(), SqlDeliveries(), SqlFeed(), SqlStore(database))
        yield AnyHouse(stores)


@pytest.fixture
def postgres_house(postgres_url: str) -> Iterator[SqlHouse]:
    yield from _house(emptied(postgres_url))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlHouse]:
    if request.param == "sqlite":
        yield from _house(sqlite_url(tmp_path))
    else:
        yield from _house(emptied(request.getfixturevalue("postgres_url")))


def test_an_event_goes_all_its_way(house: SqlHouse) -> None:
    event = house.accept(a_birth(), NUMBER_REQUEST, RECORD, DOSSIER)
    house.partners[POPULATION].answers = [WITH_NUMBER]
    house.partners[REGISTRY].answers = [Accepted(EVIDENCE, pending=True)]
    house.deliver(POPULATION)
    house.deliver(REGISTRY)
    (watch,) = house.watches(event.event_id)
    news = News(house.sent(REGISTRY)[0].request_id, Stage.COMPLETED, partner_code="4")
    assert house.news_desk.record(watch, news, house.now)
    for _ in range(3):
        house.deliver(Destination.ONE_STOP)
    steps = house.steps(event.event_id)
    assert {house.state(event.event_id, step) for step in steps} == {State.DONE}
    assert [message.body.get("stage") for message in house.sent(Destination.ONE_STOP)] == [
        None,
        "received",
        "completed",
    ]


def test_a_question_finds_what_the_killed_process_had_sent(house: SqlHouse) -> None:
    event = house.accept(a_birth(), RECORD)
    house.attempt(house.claim(REGISTRY))
    house.pass_time(61)
    with house.database.write() as transaction:
        house.queue.rescue_expired(transaction, house.now, 100)
    house.deliver(REGISTRY)
    attempts = house.attempts(event.event_id, "registry_record")
    assert [attempt.outcome for attempt in attempts] == [None, OutcomeCode.ALREADY_THERE]
    assert len(house.sent(REGISTRY)) == 1


def test_a_late_number_is_planned_once_whichever_comes_first(house: SqlHouse) -> None:
    event = house.accept(a_birth(), NUMBER_REQUEST, RECORD)
    house.partners[POPULATION].answers = [WITH_NUMBER]
    house.partners[REGISTRY].answers = [OutcomeUnknown()]
    house.deliver(REGISTRY)
    house.deliver(POPULATION)
    house.pass_time(60)
    house.deliver(REGISTRY)
    assert house.steps(event.event_id).count(UPDATE) == 1
    assert house.state(event.event_id, UPDATE) is State.QUEUED


@pytest.mark.postgres
@pytest.mark.parametrize("first", [REGISTRY, POPULATION])
def test_two_transactions_that_meet_plan_the_late_number_once(
    postgres_house: SqlHouse, first: Destination
) -> None:
    house = postgres_house
    event = house.accept(a_birth(), NUMBER_REQUEST, RECORD)
    house.partners[POPULATION].answers = [WITH_NUMBER]
    second = POPULATION if first is REGISTRY else REGISTRY
    leases = {each: house.claim(each) for each in (first, second)}
    attempts = {each: house.attempt(lease) for each, lease in leases.items()}
    other = threading.Thread(target=house.finish, args=(leases[second], attempts[second]))
    with house.database.write() as transaction:
        decision = house.handler.record(transaction, leases[first], attempts[first])
        other.start()
        wait_for(lambda: _somebody_waits(house) or not other.is_alive(), "the second one meets the first")
        house.queue.complete(transaction, leases[first], decision.verdict, house.now)
    other.join(30)
    assert house.steps(event.event_id).count(UPDATE) == 1


def _somebody_waits(house: SqlHouse) -> bool:
    with house.database.read() as transaction:
        waiting = transaction.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one()
    return bool(waiting)
