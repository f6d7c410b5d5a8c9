"""The registry's adapter against the simulated registry, over real sockets, with real faults."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import pytest
from pydantic import SecretStr

from adapters.errors import Busy, NotAuthorized, NotSent, OutcomeUnknown, Refused
from adapters.http import HttpSettings
from adapters.national_registry.adapter import build
from adapters.national_registry.settings import NationalRegistrySettings
from adapters.national_registry.wire import VIETNAM
from adapters.port import (
    FACT_PERSONAL_ID,
    FACT_REGISTRATION_DATE,
    FACT_REGISTRATION_NUMBER,
    FACT_REGISTRATION_PAGE,
    FACT_REGISTRATION_VOLUME,
    Absent,
    Accepted,
    Adapter,
    OutboundMessage,
    RequestId,
    Stage,
)
from tests.support.sandbox import ACCOUNT_NAME, ACCOUNT_SECRET, Sandbox

SYSTEM = "national_registry"
PUSH = "nhanHoSoDKHT"
ENTRY_FIELDS = ("so", "quyenSo", "trangSo", "ngayDangKy", "loaiDangKy")
SAMPLES = files("adapters.national_registry") / "contract" / "samples"


class Announced:
    """Counts announcements."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


class LeaseLost(Exception):
    """What the gateway raises when the claim is no longer its own."""


def _build(sandbox: Sandbox, secret: str = ACCOUNT_SECRET, read_seconds: float = 20) -> Adapter:
    http = HttpSettings(sandbox.addresses[SYSTEM], read_seconds=read_seconds, connect_wait_seconds_max=0.01)
    settings = NationalRegistrySettings(http, ACCOUNT_NAME, SecretStr(secret))
    return build(settings, lambda: datetime.now(UTC))


def _message(code: str = "H08.129-261102-0012", module: str = "KS") -> OutboundMessage:
    return OutboundMessage(
        request_id=RequestId(f"{module}-{code}"),
        operation=PUSH,
        body={
            "maDonVi": "00691",
            "module": module,
            "maHoSoLT": code,
            "maHoSoMCDT": code,
            "ngayTiepNhan": "02/11/2026 08:15:00",
            "data": json.loads((SAMPLES / f"{module}.json").read_text("utf-8")),
        },
        routing={"maTinh": "08"},
    )


def _fault(kind: str, operation: str = PUSH, **more: object) -> dict[str, object]:
    return {"system": SYSTEM, "kind": kind, "operation": operation, **more}


@pytest.fixture
def registry(sandbox: Sandbox) -> Iterator[Adapter]:
    adapter = _build(sandbox)
    yield adapter
    adapter.close()


@pytest.fixture
def announced() -> Announced:
    return Announced()


def test_a_pushed_dossier_is_held_once_and_its_result_comes_back(
    sandbox: Sandbox, registry: Adapter, announced: Announced
) -> None:
    accepted = registry.send(_message(), announced)
    (news,) = registry.fetch([_message()])
    assert (accepted.pending, accepted.already_there, announced.count) == (True, False, 1)
    assert (news.stage, news.facts[FACT_PERSONAL_ID]) == (Stage.COMPLETED, "099226000003")
    assert news.facts["registration_number"] == "41"
    assert sandbox.summary(SYSTEM)["held"] == 1


def test_a_repeated_push_is_already_there(sandbox: Sandbox, registry: Adapter, announced: Announced) -> None:
    registry.send(_message(), announced)
    assert registry.send(_message(), announced).already_there
    assert (sandbox.summary(SYSTEM)["held"], sandbox.summary(SYSTEM)["repeats_absorbed"]) == (1, 1)


def test_a_lost_answer_is_unknown_and_asking_settles_it(
    sandbox: Sandbox, registry: Adapter, announced: Announced
) -> None:
    sandbox.plan(_fault("answer_lost"))
    with pytest.raises(OutcomeUnknown):
        registry.send(_message(), announced)
    standing = registry.ask(_message())
    assert isinstance(standing, Accepted)
    assert (standing.already_there, standing.pending, announced.count) == (True, True, 1)
    assert sandbox.summary(SYSTEM)["repeats_absorbed"] == 0


@pytest.mark.parametrize("form", ["garbage", "html", "wrong_shape", "empty"])
def test_a_wrong_answer_after_the_commit_is_unknown_and_asking_settles_it(
    sandbox: Sandbox, registry: Adapter, announced: Announced, form: str
) -> None:
    sandbox.plan(_fault("wrong_answer", form=form, committed=True))
    with pytest.raises(OutcomeUnknown):
        registry.send(_message(), announced)
    assert isinstance(registry.ask(_message()), Accepted)


def test_silence_is_unknown(sandbox: Sandbox, announced: Announced) -> None:
    adapter = _build(sandbox, read_seconds=0.2)
    sandbox.plan(_fault("hang", seconds=2, committed=True))
    with pytest.raises(OutcomeUnknown):
        adapter.send(_message(), announced)
    assert isinstance(adapter.ask(_message()), Accepted)
    adapter.close()


@pytest.mark.parametrize("status", [500, 502])
def test_a_server_error_is_unknown_and_asking_finds_nothing(
    sandbox: Sandbox, registry: Adapter, announced: Announced, status: int
) -> None:
    sandbox.plan(_fault("server_error", status=status))
    with pytest.raises(OutcomeUnknown):
        registry.send(_message(), announced)
    assert isinstance(registry.ask(_message()), Absent)


def test_unavailable_says_when_to_come_back(
    sandbox: Sandbox, registry: Adapter, announced: Announced
) -> None:
    sandbox.plan(_fault("server_error", status=503, retry_after_seconds=7))
    with pytest.raises(Busy) as caught:
        registry.send(_message(), announced)
    assert caught.value.retry_after_seconds == 7
    assert sandbox.records(SYSTEM) == []


@pytest.mark.parametrize("has_logged_in", [False, True])
def test_a_refused_connection_sends_and_announces_nothing(
    sandbox: Sandbox, registry: Adapter, announced: Announced, *, has_logged_in: bool
) -> None:
    if has_logged_in:
        registry.fetch([_message()])
    sandbox.plan(_fault("connection_refused", operation="", to_seconds=3600))
    with pytest.raises(NotSent):
        registry.send(_message(), announced)
    assert announced.count == 0
    assert sandbox.records(SYSTEM) == []


def test_a_dossier_not_yet_shown_is_absent_and_sending_again_is_safe(
    sandbox: Sandbox, registry: Adapter, announced: Announced
) -> None:
    sandbox.plan(_fault("late_visibility", seconds=3600), _fault("answer_lost"))
    with pytest.raises(OutcomeUnknown):
        registry.send(_message(), announced)
    assert isinstance(registry.ask(_message()), Absent)
    assert registry.send(_message(), announced).already_there
    assert registry.fetch([_message()]) == []
    sandbox.advance(3601)
    assert isinstance(registry.ask(_message()), Accepted)
    assert sandbox.summary(SYSTEM)["held"] == 1


def test_a_refusal_names_its_field(sandbox: Sandbox, registry: Adapter, announced: Announced) -> None:
    sandbox.plan(_fault("refusal", field="meLoaiGiayToTuyThan"))
    with pytest.raises(Refused) as caught:
        registry.send(_message(), announced)
    assert [fault.field for fault in caught.value.faults] == ["meLoaiGiayToTuyThan"]
    assert sandbox.records(SYSTEM) == []


def test_several_real_faults_are_all_named(registry: Adapter, announced: Announced) -> None:
    good = _message()
    data = {**json.loads((SAMPLES / "KS.json").read_text("utf-8")), "nksGioiTinh": "7", "meSoDDCN": "9" * 13}
    message = OutboundMessage(good.request_id, PUSH, {**good.body, "data": data}, good.routing)
    with pytest.raises(Refused) as caught:
        registry.send(message, announced)
    assert {fault.field for fault in caught.value.faults} == {"nksGioiTinh", "meSoDDCN"}


@pytest.mark.parametrize("operation", [PUSH, "layKetQuaHoSoDKHT"])
def test_an_expired_token_is_renewed_unnoticed(
    sandbox: Sandbox, registry: Adapter, announced: Announced, operation: str
) -> None:
    sandbox.plan(_fault("expired_token", operation=operation))
    registry.send(_message(), announced)
    assert len(registry.fetch([_message()])) == 1
    assert announced.count == 1
    assert [each["kind"] for each in sandbox.planted(SYSTEM)] == ["expired_token"]


def test_a_wrong_secret_is_not_authorised(sandbox: Sandbox, announced: Announced) -> None:
    adapter = _build(sandbox, secret="not-the-secret")
    with pytest.raises(NotAuthorized):
        adapter.send(_message(), announced)
    assert announced.count == 0
    adapter.close()


def test_a_lost_lease_stops_the_push_before_it_leaves(sandbox: Sandbox, registry: Adapter) -> None:
    def announce() -> None:
        raise LeaseLost

    with pytest.raises(LeaseLost):
        registry.send(_message(), announce)
    assert sandbox.summary(SYSTEM) == {**sandbox.summary(SYSTEM), "held": 0, "refused": 0}
    assert isinstance(registry.ask(_message()), Absent)


def test_a_clerks_refusal_arrives_as_news(sandbox: Sandbox, registry: Adapter, announced: Announced) -> None:
    sandbox.plan(_fault("clerk_decision", status=6))
    registry.send(_message(), announced)
    (news,) = registry.fetch([_message()])
    assert (news.stage, news.stage.is_final, news.partner_code) == (Stage.REFUSED, True, "6")


def test_modules_and_many_codes_are_fetched_together(
    sandbox: Sandbox, registry: Adapter, announced: Announced
) -> None:
    messages = [
        *(_message(f"H08.129-261102-000{number}") for number in range(1, 6)),
        _message("H08.129-261102-0001", module="KT"),
        _message("H08.129-261102-0009", module="KH"),
    ]
    for message in messages:
        registry.send(message, announced)
    news = registry.fetch([*messages, _message("H08.129-261102-0777")])
    assert {each.request_id for each in news} == {message.request_id for message in messages}
    assert sandbox.summary(SYSTEM)["held"] == len(messages)


def _declared(code: str, module: str = "KS", **changes: str) -> OutboundMessage:
    """A dossier that stands in no book yet."""
    good = _message(code, module)
    data = json.loads((SAMPLES / f"{module}.json").read_text("utf-8"))
    rest = {name: text for name, text in data.items() if name not in ENTRY_FIELDS}
    return OutboundMessage(good.request_id, PUSH, {**good.body, "data": {**rest, **changes}}, good.routing)


@pytest.mark.parametrize("module", ["CMC", "HN", "GH", "NCN", "XNHT"])
def test_a_dossier_without_an_entry_comes_back_with_the_one_that_was_made(
    registry: Adapter, announced: Announced, module: str
) -> None:
    messages = [_declared(f"H08.129-261102-000{number}", module) for number in (1, 2)]
    for message in messages:
        registry.send(message, announced)
    told = {news.request_id: news.facts for news in registry.fetch(messages)}
    today = {datetime.now(VIETNAM).date(), (datetime.now(VIETNAM) - timedelta(minutes=5)).date()}
    for number, message in enumerate(messages, start=1):
        facts = told[message.request_id]
        day = facts[FACT_REGISTRATION_DATE]
        assert date.fromisoformat(day) in today
        assert facts[FACT_REGISTRATION_VOLUME] == f"01/{day[:4]}"
        entry = (facts[FACT_REGISTRATION_NUMBER], facts[FACT_REGISTRATION_PAGE])
        assert entry == (str(number), str(number))


def test_a_dossier_with_an_entry_is_told_its_own(registry: Adapter, announced: Announced) -> None:
    registry.send(_message(), announced)
    (news,) = registry.fetch([_message()])
    assert (news.facts[FACT_REGISTRATION_NUMBER], news.facts[FACT_REGISTRATION_DATE]) == ("41", "2026-11-02")


def test_half_an_entry_is_refused(sandbox: Sandbox, registry: Adapter, announced: Announced) -> None:
    with pytest.raises(Refused) as caught:
        registry.send(_declared("H08.129-261102-0001", so="41"), announced)
    assert {"quyenSo", "ngayDangKy"} <= {fault.field for fault in caught.value.faults}
    assert sandbox.records(SYSTEM) == []
