"""What leaves, what is known, and what comes out when an exchange goes wrong."""

from datetime import UTC, datetime

import httpx
import pytest

from adapters.errors import Busy, ContractBroken, NotAuthorized, NotSent, OutcomeUnknown
from adapters.evidence import sha256_of
from adapters.http import HttpAnswer, HttpSettings, retry_after_seconds, unusable
from adapters.setting_fault import SettingFault
from tests.support.partner_wire import BASE_URL, Announcements, PartnerWire

PATH = "/push"


class LeaseLost(Exception):
    """Stands for what the gateway raises when the claim is no longer its own."""


@pytest.fixture
def wire() -> PartnerWire:
    return PartnerWire()


def _exchange(wire: PartnerWire, announce: Announcements | None = None, **settings: float) -> HttpAnswer:
    channel = wire.channel(**settings)
    return channel.exchange("POST", PATH, content=b"{}", operation="push", announce=announce)


def test_an_answer_comes_with_its_proof(wire: PartnerWire) -> None:
    wire.will_answer(PATH, {"ok": True}, headers={"X-Kind": "test"})
    answer = _exchange(wire)
    evidence = answer.evidence("1", "taken")
    assert (answer.status, answer.headers["x-kind"], answer.content) == (200, "test", b'{"ok": true}')
    assert (evidence.request_sha256, evidence.response_sha256) == (
        sha256_of(b"{}"),
        sha256_of(answer.content),
    )


def test_announcement_comes_once_and_before_anything_arrives(wire: PartnerWire) -> None:
    wire.will_answer(PATH, {})
    announce = Announcements(wire)
    _exchange(wire, announce)
    assert announce.arrived_before == [[]]


def test_what_the_announcement_raises_comes_out_unchanged_and_nothing_is_sent(wire: PartnerWire) -> None:
    wire.will_answer(PATH, {})
    lost = LeaseLost()

    def announce() -> None:
        raise lost

    with pytest.raises(LeaseLost) as caught:
        wire.channel().exchange("POST", PATH, operation="push", announce=announce)
    assert caught.value is lost
    assert wire.arrived == []


@pytest.mark.parametrize("error", [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow")])
def test_no_connection_means_not_sent_and_not_announced(wire: PartnerWire, error: Exception) -> None:
    for _ in range(3):
        wire.will_fail(PATH, error)
    announce = Announcements(wire)
    with pytest.raises(NotSent):
        _exchange(wire, announce)
    assert announce.arrived_before == []


def test_no_further_try_to_connect_begins_when_the_time_for_it_is_over(wire: PartnerWire) -> None:
    for _ in range(3):
        wire.will_fail(PATH, httpx.ConnectError("refused"))
    with pytest.raises(NotSent):
        _exchange(wire, connect_tries=100, connect_total_seconds=1e-9)
    assert wire.waited_seconds == []


def test_connecting_is_tried_again_a_few_times_with_short_waits(wire: PartnerWire) -> None:
    wire.will_fail(PATH, httpx.ConnectError("refused"))
    wire.will_fail(PATH, httpx.ConnectError("refused"))
    wire.will_answer(PATH, {})
    announce = Announcements(wire)
    assert _exchange(wire, announce, connect_tries=3, connect_wait_seconds_max=0.5).status == 200
    assert announce.arrived_before == [[]]
    assert len(wire.waited_seconds) == 2
    assert max(wire.waited_seconds) <= 0.5


@pytest.mark.parametrize(
    "error",
    [
        httpx.ReadTimeout("silent"),
        httpx.WriteTimeout("stuck"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("Server disconnected without sending a response."),
    ],
)
def test_trouble_after_the_first_byte_is_unknown_and_never_repeated(
    wire: PartnerWire, error: Exception
) -> None:
    wire.will_fail(PATH, error)
    with pytest.raises(OutcomeUnknown) as caught:
        _exchange(wire)
    assert len(wire.arrived) == 1
    assert caught.value.evidence is not None
    assert caught.value.evidence.request_sha256 == sha256_of(b"{}")


def test_a_redirect_is_not_followed(wire: PartnerWire) -> None:
    wire.will_answer(PATH, {}, status=307, headers={"Location": "http://elsewhere.test/"})
    assert _exchange(wire).status == 307
    assert len(wire.arrived) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_later_is_understood_with_its_time(wire: PartnerWire, status: int) -> None:
    wire.will_answer(PATH, {}, status=status, headers={"Retry-After": "120"})
    with pytest.raises(Busy) as caught:
        _exchange(wire)
    assert caught.value.retry_after_seconds == 120.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("0", 0.0),
        (" 30 ", 30.0),
        ("-5", None),
        ("soon", None),
        ("9" * 30, None),
        ("Mon, 02 Nov 2026 03:01:30 GMT", 90.0),
        ("Mon, 02 Nov 2026 02:00:00 GMT", 0.0),
        ("Mon, 02 Nov 2026 03:01:30 -0000", 90.0),
    ],
)
def test_retry_after_is_read_as_delay_or_as_date(value: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(value, datetime(2026, 11, 2, 3, 0, tzinfo=UTC)) == seconds


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, OutcomeUnknown),
        (302, OutcomeUnknown),
        (404, OutcomeUnknown),
        (500, OutcomeUnknown),
        (502, OutcomeUnknown),
        (504, OutcomeUnknown),
        (400, ContractBroken),
        (413, ContractBroken),
        (401, NotAuthorized),
        (403, NotAuthorized),
    ],
)
def test_a_silent_answer_is_judged_by_its_status(status: int, outcome: type[Exception]) -> None:
    assert type(unusable(HttpAnswer("push", status, {}, b"<html>"))) is outcome


def test_errors_show_neither_headers_nor_body(wire: PartnerWire) -> None:
    wire.will_fail(PATH, httpx.RemoteProtocolError("illegal status line: secret-person"))
    with pytest.raises(OutcomeUnknown) as caught:
        wire.channel().exchange(
            "POST", PATH, headers={"Authorization": "Bearer secret-token"}, content=b"x", operation="push"
        )
    chain = [caught.value, caught.value.__cause__, caught.value.__context__]
    assert "secret" not in repr(chain) + "".join(str(each) for each in chain)
    assert not any(hasattr(each, "request") for each in chain)


@pytest.mark.parametrize(
    "base_url", ["", "partner.test", "ftp://partner.test", "http://", "https://name:word@partner.test"]
)
def test_an_address_that_cannot_work_is_refused_at_start(base_url: str) -> None:
    with pytest.raises(SettingFault) as caught:
        HttpSettings(base_url)
    assert caught.value.field == "base_url"


def test_a_limit_that_cannot_work_is_refused_at_start() -> None:
    with pytest.raises(SettingFault, match="connect_tries"):
        HttpSettings(BASE_URL, connect_tries=0)
