"""The population database's adapter against the simulated one, over real sockets, with real faults."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from pydantic import SecretStr

from adapters.errors import Busy, NotAuthorized, NotSent, OutcomeUnknown, RefusalReason, Refused
from adapters.hardened_xml import read_xml
from adapters.http import HttpSettings
from adapters.population_db.adapter import build
from adapters.population_db.citizen import Citizen, read_citizens
from adapters.population_db.settings import PopulationDatabaseSettings
from adapters.population_db.wire import contract, request_headers
from adapters.port import Adapter, Stage
from tests.support.population_messages import LOOK_UP, NOTICE, NUMBER, VERIFY, birth, death, query, twin
from tests.support.sandbox import ACCOUNT_NAME, ACCOUNT_SECRET, Sandbox, running_sandbox

SYSTEM = "population_db"


@dataclass
class Desk:
    """A sandbox and one clock for both sides, so that no test ages the credentials of the next."""

    sandbox: Sandbox
    passed: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.passed

    def let_pass(self, seconds: float) -> None:
        self.sandbox.advance(seconds)
        self.passed += timedelta(seconds=seconds)

    def plan(self, kind: str, operation: str = NUMBER, **more: object) -> None:
        self.sandbox.plan({"system": SYSTEM, "kind": kind, "operation": operation, **more})

    def settings(self, secret: str = ACCOUNT_SECRET, read_seconds: float = 20) -> PopulationDatabaseSettings:
        address = self.sandbox.addresses[SYSTEM]
        http = HttpSettings(address, read_seconds=read_seconds, connect_wait_seconds_max=0.01)
        return PopulationDatabaseSettings(http, ACCOUNT_NAME, SecretStr(secret))

    def held(self, operation: str) -> list[str]:
        records = self.sandbox.records(SYSTEM)
        return [record["identity"] for record in records if record["operation"] == operation]


@pytest.fixture(scope="module")
def own_desk() -> Iterator[Desk]:
    with running_sandbox("--people", "3", "--known-only") as sandbox:
        yield Desk(sandbox)


@pytest.fixture
def desk(own_desk: Desk) -> Desk:
    own_desk.sandbox.reset()
    return own_desk


@pytest.fixture
def population(desk: Desk) -> Iterator[Adapter]:
    adapter = build(desk.settings(), desk.now)
    yield adapter
    adapter.close()


def _nothing() -> None:
    """Nothing to write down before sending."""


def _number_of(population: Adapter) -> str:
    return population.send(birth(), _nothing).facts["personal_id"]


def test_a_number_is_issued_and_a_repeat_brings_the_same_one(desk: Desk, population: Adapter) -> None:
    first = population.send(birth(), _nothing)
    again = population.send(birth(), _nothing)
    assert first.facts == again.facts
    assert first.facts["personal_id"].startswith("099")
    assert desk.held(NUMBER) == ["event-1.pid"]


@pytest.mark.parametrize("fault", ["answer_lost", "html", "garbage", "wrong_shape", "empty"])
def test_an_answer_lost_after_commit_is_asked_for_and_never_makes_a_second_number(
    desk: Desk, population: Adapter, fault: str
) -> None:
    if fault == "answer_lost":
        desk.plan("answer_lost", committed=True)
    else:
        desk.plan("wrong_answer", form=fault)
    with pytest.raises(OutcomeUnknown):
        population.send(birth(), _nothing)
    standing = population.ask(birth())
    (record,) = desk.sandbox.records(SYSTEM)
    assert getattr(standing, "facts", None) == {"personal_id": record["facts"]["number"]}
    assert desk.sandbox.summary(SYSTEM)["repeats_absorbed"] == 1


def test_a_partner_that_hangs_leaves_the_outcome_unknown(desk: Desk) -> None:
    desk.plan("hang", seconds=30, committed=True)
    adapter = build(desk.settings(read_seconds=0.2), desk.now)
    with pytest.raises(OutcomeUnknown):
        adapter.send(birth(), _nothing)
    adapter.close()
    patient = build(desk.settings(), desk.now)
    patient.ask(birth())
    patient.close()
    assert desk.held(NUMBER) == ["event-1.pid"]


def test_a_late_number_is_fetched_when_its_time_has_come(desk: Desk, population: Adapter) -> None:
    desk.plan("late_personal_id", seconds=600)
    assert population.send(birth(), _nothing).pending
    assert [news.stage for news in population.fetch([birth()])] == [Stage.PROCESSING]
    desk.let_pass(601)
    (news,) = population.fetch([birth()])
    (record,) = desk.sandbox.records(SYSTEM)
    assert (news.stage, news.facts) == (Stage.COMPLETED, {"personal_id": record["facts"]["number"]})


def test_the_same_child_again_is_a_suspected_duplicate_that_quotes_the_number(
    desk: Desk, population: Adapter
) -> None:
    number = _number_of(population)
    with pytest.raises(Refused) as caught:
        population.send(birth("event-9.pid"), _nothing)
    assert caught.value.reason is RefusalReason.SUSPECTED_DUPLICATE
    assert caught.value.facts == {"existing_personal_id": number}
    assert desk.held(NUMBER) == ["event-1.pid"]


def test_twins_that_say_so_get_a_number_each(population: Adapter) -> None:
    numbers = {population.send(twin(order), _nothing).facts["personal_id"] for order in (1, 2)}
    assert len(numbers) == 2


def test_refused_content_keeps_the_partners_sentence(desk: Desk, population: Adapter) -> None:
    desk.plan("refusal")
    with pytest.raises(Refused) as caught:
        population.send(birth(), _nothing)
    assert [fault.text for fault in caught.value.faults] == ["Birth data does not pass validation"]
    assert desk.held(NUMBER) == []


def test_a_technical_fault_is_over_when_the_same_request_comes_again(desk: Desk, population: Adapter) -> None:
    desk.plan("refusal", form="technical")
    with pytest.raises(Busy):
        population.send(birth(), _nothing)
    assert population.send(birth(), _nothing).facts["personal_id"]
    assert desk.held(NUMBER) == ["event-1.pid"]


def test_a_day_that_the_calendar_lacks_is_refused_by_the_partner(desk: Desk, population: Adapter) -> None:
    with pytest.raises(Refused) as caught:
        population.send(birth(ngaySinh="20260230"), _nothing)
    assert "ngaySinh" in caught.value.faults[0].text
    assert desk.held(NUMBER) == []


def test_a_notice_is_taken_once(desk: Desk, population: Adapter) -> None:
    number = _number_of(population)
    population.send(death(number), _nothing)
    population.ask(death(number))
    assert desk.held(NOTICE) == ["event-2.notice"]


def test_a_lost_answer_to_a_notice_does_not_make_a_second_one(desk: Desk, population: Adapter) -> None:
    number = _number_of(population)
    desk.plan("answer_lost", NOTICE, committed=True)
    with pytest.raises(OutcomeUnknown):
        population.send(death(number), _nothing)
    population.ask(death(number))
    assert desk.held(NOTICE) == ["event-2.notice"]


def test_a_notice_about_nobody_known_or_about_somebody_dead_is_refused(population: Adapter) -> None:
    with pytest.raises(Refused) as unknown:
        population.send(death("099226999999"), _nothing)
    number = _number_of(population)
    population.send(death(number, "event-3.notice"), _nothing)
    with pytest.raises(Refused) as dead:
        population.send(death(number, "event-4.notice"), _nothing)
    assert (unknown.value.reason, dead.value.reason) == (
        RefusalReason.PERSON_NOT_FOUND,
        RefusalReason.PERSON_MISMATCH,
    )


def test_a_citizen_is_found_by_three_facts_and_not_by_two(population: Adapter) -> None:
    number = _number_of(population)
    assert population.send(query(number), _nothing).facts == {"personal_id": number}
    population.send(query(number, VERIFY), _nothing)
    with pytest.raises(Refused) as missing:
        population.send(query(number, year=2025), _nothing)
    with pytest.raises(Refused) as wrong:
        population.send(query(number, VERIFY, year=2025), _nothing)
    assert (missing.value.reason, wrong.value.reason) == (
        RefusalReason.PERSON_NOT_FOUND,
        RefusalReason.PERSON_MISMATCH,
    )


def test_both_forms_of_the_citizen_message_tell_the_same_person(desk: Desk, population: Adapter) -> None:
    """The simulator chooses the form by the request's name; a few names bring both."""
    number = _number_of(population)
    found: dict[bool, Citizen] = {}
    for attempt in range(40):
        message = query(number, name=f"q-{attempt}")
        content = contract().write(LOOK_UP, message.body)
        headers = request_headers(desk.settings(), desk.now())
        answer = httpx.post(
            desk.sandbox.addresses[SYSTEM], content=content, headers=dict(headers), timeout=20
        )
        (citizen,) = read_citizens(read_xml(answer.content)[0][0])
        found[citizen.name.family is None] = citizen
    live, published = found[True], found[False]
    for read in (live, published):
        assert (read.personal_id, read.sex_code, read.ethnic_group_code) == (number, "2", "01")
        assert read.birth_date is not None
        assert f"{read.birth_date.day:%Y%m%d}" == "20261030"
        assert read.permanent_residence is not None
        assert read.permanent_residence.commune_code == "00691"
    assert live.name.full == published.name.full.upper() == "PHẠM THỬ"


def test_a_wrong_secret_is_not_authorized_and_nothing_is_held(desk: Desk) -> None:
    adapter = build(desk.settings(secret="guessed"), desk.now)
    with pytest.raises(NotAuthorized):
        adapter.send(birth(), _nothing)
    adapter.close()
    assert desk.held(NUMBER) == []


def test_a_clock_that_is_wrong_by_minutes_is_not_authorized(desk: Desk) -> None:
    adapter = build(desk.settings(), lambda: desk.now() - timedelta(minutes=10))
    with pytest.raises(NotAuthorized):
        adapter.send(birth(), _nothing)
    adapter.close()


def test_credentials_refused_once_are_made_anew(desk: Desk, population: Adapter) -> None:
    desk.plan("expired_token")
    announced: list[str] = []
    assert population.send(birth(), lambda: announced.append("sent")).facts
    assert announced == ["sent"]


def test_trouble_of_the_partner_is_told_apart(desk: Desk, population: Adapter) -> None:
    desk.plan("server_error", status=503, retry_after_seconds=9)
    with pytest.raises(Busy) as busy:
        population.send(birth(), _nothing)
    assert busy.value.retry_after_seconds == 9
    for status in (500, 502):
        desk.plan("server_error", status=status)
        with pytest.raises(OutcomeUnknown):
            population.send(birth(), _nothing)
    assert desk.held(NUMBER) == []


def test_refused_connections_mean_that_nothing_was_sent_or_announced(desk: Desk, population: Adapter) -> None:
    desk.plan("connection_refused", from_seconds=0, to_seconds=3600)
    announced: list[str] = []
    with pytest.raises(NotSent):
        population.send(birth(), lambda: announced.append("sent"))
    assert announced == []
    desk.sandbox.clear_plan()
    assert population.send(birth(), _nothing).facts


def test_eight_threads_share_one_adapter_and_each_child_gets_one_number(
    desk: Desk, population: Adapter
) -> None:
    births = [birth(f"event-{n}.pid", f"THỬ {'A' * (n + 1)}") for n in range(40)]
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda each: population.send(each, _nothing).facts["personal_id"], births))
    held = {record["identity"]: record["facts"]["number"] for record in desk.sandbox.records(SYSTEM)}
    assert held == {each.request_id: number for each, number in zip(births, numbers, strict=True)}
    assert len(set(numbers)) == 40
