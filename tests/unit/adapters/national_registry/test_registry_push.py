"""Every answer to a push, and what the gateway may do after it."""

import json

import pytest
from pydantic import SecretStr

from adapters.errors import AdapterError, ContractBroken, NotAuthorized, NotSent, OutcomeUnknown, Refused
from adapters.http import HttpSettings
from adapters.national_registry import wire as words
from adapters.national_registry.adapter import NationalRegistry
from adapters.national_registry.settings import NationalRegistrySettings
from adapters.port import OutboundMessage, RequestId
from tests.support.partner_wire import BASE_URL, Announcements, PartnerWire
from tests.support.registry_partner import (
    CONTRACT,
    HTML,
    LGSP,
    POLL,
    PUSH,
    SETTINGS,
    TAKEN,
    TOKEN,
    message,
    refusal,
    sample,
    will_give_tokens,
)


def test_defaults_are_those_of_the_contract() -> None:
    operations = json.loads((CONTRACT / "operations.json").read_text("utf-8"))
    paths = {name: each["path"] for name, each in operations["operations"].items()}
    assert paths == {"token": TOKEN, "lgsp_token": LGSP, words.PUSH: PUSH, words.POLL: POLL}
    assert operations["limits"]["codes_per_poll_max"] == SETTINGS.codes_per_poll
    assert operations["limits"]["body_bytes_max"] == SETTINGS.message_bytes_max


def test_a_push_carries_the_record_as_text_and_both_tokens(
    wire: PartnerWire, registry: NationalRegistry, announce: Announcements
) -> None:
    wire.will_answer(PUSH, TAKEN)
    accepted = registry.send(message(), announce)
    (body,) = wire.bodies(PUSH)
    sent = wire.arrived[-1]
    assert (accepted.pending, accepted.already_there) == (True, False)
    assert body.keys() == sample("push").keys()
    assert json.loads(str(body["data"])) == {"nksHoTen": "PHẠM THỬ", "nksNoiSinh": {"maXa": "00691"}}
    assert (sent.headers["authorization"], sent.headers["lgspaccesstoken"]) == ("Bearer bearer-1", "second-1")


def test_the_announcement_comes_after_the_login_and_before_the_push(
    wire: PartnerWire, registry: NationalRegistry, announce: Announcements
) -> None:
    wire.will_answer(PUSH, TAKEN)
    registry.send(message(), announce)
    assert announce.arrived_before == [[TOKEN, LGSP]]


@pytest.mark.parametrize("text", ["Hồ sơ đã được tiếp nhận", "HỒ SƠ ĐÃ ĐƯỢC TIẾP NHẬN!"])
def test_received_already_is_accepted(
    wire: PartnerWire, registry: NationalRegistry, announce: Announcements, text: str
) -> None:
    wire.will_answer(PUSH, refusal("99", text))
    accepted = registry.send(message(), announce)
    assert (accepted.already_there, accepted.pending) == (True, True)
    assert accepted.evidence.partner_text is not None


def test_received_already_inside_the_provincial_wrapper_is_accepted(
    wire: PartnerWire, registry: NationalRegistry, announce: Announcements
) -> None:
    wire.will_answer(PUSH, {"title": "Lỗi", "errors": "Hồ sơ đã được tiếp nhận.", "status": 500}, status=500)
    assert registry.send(message(), announce).already_there


def test_the_number_of_received_already_alone_proves_nothing(
    wire: PartnerWire, registry: NationalRegistry, announce: Announcements
) -> None:
    wire.will_answer(PUSH, refusal("99", "Không rõ"))
    with pytest.raises(Refused):
        registry.send(message(), announce)


def test_the_provincial_wrapper_is_a_refusal_with_each_field(
    wire: PartnerWire, registry: NationalRegistry, announce: Announcements
) -> None:
    wire.will_answer(PUSH, sample("refusal"), status=500)
    with pytest.raises(Refused) as caught:
        registry.send(message(), announce)
    assert [fault.field for fault in caught.value.faults] == ["meSoDDCN", "nycLoaiGiayToTuyThan"]
    assert caught.value.evidence is not None
    assert caught.value.evidence.http_status == 500


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, refusal("500", "meNgaySinh có định dạng không đúng."), Refused),
        (200, refusal("106", "Mã đơn vị không đúng"), Refused),
        (500, refusal("108", "Mã tỉnh không đúng"), Refused),
        (200, refusal("777", "Lỗi lạ"), Refused),
        (200, refusal("", "Lỗi lạ"), Refused),
        (200, refusal("101", "Địa chỉ không được phép"), NotAuthorized),
        (403, {"status": "0", "errorCode": "101"}, NotAuthorized),
        (403, {}, NotAuthorized),
        (200, {"status": "0"}, ContractBroken),
        (200, {"status": "8", "errorDescription": "?"}, ContractBroken),
        (200, {"ok": True}, OutcomeUnknown),
        (500, {"title": "Internal Server Error", "status": 500}, OutcomeUnknown),
        (502, TAKEN, OutcomeUnknown),
        (404, {"message": "no such route"}, OutcomeUnknown),
        (413, {}, ContractBroken),
        (200, [TAKEN], OutcomeUnknown),
    ],
)
def test_each_readable_answer_has_one_meaning(
    wire: PartnerWire,
    registry: NationalRegistry,
    announce: Announcements,
    status: int,
    body: object,
    outcome: type[AdapterError],
) -> None:
    wire.will_answer(PUSH, body, status=status)
    with pytest.raises(outcome) as caught:
        registry.send(message(), announce)
    assert type(caught.value) is outcome
    assert len(announce.arrived_before) == 1


@pytest.mark.parametrize("content", [HTML, b"", b'{"status": "1", "statusD', b'{"status":"1","status":"0"}'])
@pytest.mark.parametrize("status", [200, 500, 502, 504])
def test_an_unusable_answer_leaves_the_outcome_unknown(
    wire: PartnerWire, registry: NationalRegistry, announce: Announcements, content: bytes, status: int
) -> None:
    wire.will_answer(PUSH, content=content, status=status)
    with pytest.raises(OutcomeUnknown):
        registry.send(message(), announce)


@pytest.mark.parametrize(
    ("status", "body"), [(401, {}), (401, refusal("100", "Token")), (200, refusal("100", "Token"))]
)
def test_a_refused_token_is_renewed_once_within_the_attempt(
    wire: PartnerWire, registry: NationalRegistry, announce: Announcements, status: int, body: object
) -> None:
    will_give_tokens(wire, number=2)
    wire.will_answer(PUSH, body, status=status)
    wire.will_answer(PUSH, TAKEN)
    assert registry.send(message(), announce).pending
    assert wire.arrived[-1].headers["authorization"] == "Bearer bearer-2"
    assert len(announce.arrived_before) == 1


def test_a_token_refused_twice_is_not_authorised(
    wire: PartnerWire, registry: NationalRegistry, announce: Announcements
) -> None:
    will_give_tokens(wire, number=2)
    wire.will_answer(PUSH, {}, status=401)
    wire.will_answer(PUSH, {}, status=401)
    with pytest.raises(NotAuthorized):
        registry.send(message(), announce)
    assert len(wire.bodies(PUSH)) == 2


@pytest.mark.parametrize(("seconds", "kept_seconds"), [(3600, 3540), ("3600.5", 3540), (40, 20), (None, 240)])
def test_tokens_are_kept_until_shortly_before_they_expire(
    announce: Announcements, seconds: object, kept_seconds: int
) -> None:
    wire = PartnerWire()
    will_give_tokens(wire, seconds=seconds)
    registry = NationalRegistry(SETTINGS, wire.channel(), wire.tell_time)
    for _ in range(3):
        wire.will_answer(PUSH, TAKEN)
    registry.send(message(), announce)
    wire.pass_time(kept_seconds - 1)
    registry.send(message(), announce)
    assert wire.paths().count(TOKEN) == 1
    wire.pass_time(2)
    will_give_tokens(wire, number=2)
    registry.send(message(), announce)
    assert wire.paths().count(TOKEN) == 2


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (401, {"error": "invalid_client"}, NotAuthorized),
        (400, {"error": "invalid_client"}, NotAuthorized),
        (500, {}, NotSent),
        (200, {"access_token": "two words"}, NotSent),
        (200, {}, NotSent),
    ],
)
def test_without_a_token_nothing_is_sent(
    announce: Announcements, status: int, body: object, outcome: type[AdapterError]
) -> None:
    wire = PartnerWire()
    tries = 2 if outcome is NotSent else 1
    for _ in range(tries):
        wire.will_answer(TOKEN, body, status=status)
    registry = NationalRegistry(SETTINGS, wire.channel(), wire.tell_time)
    with pytest.raises(outcome):
        registry.send(message(), announce)
    assert (wire.paths(), announce.arrived_before) == ([TOKEN] * tries, [])


def test_a_message_that_is_too_long_is_refused_before_anything_leaves(announce: Announcements) -> None:
    wire = PartnerWire()
    settings = NationalRegistrySettings(
        HttpSettings(BASE_URL), "gateway", SecretStr("secret-word"), message_bytes_max=100
    )
    with pytest.raises(Refused) as caught:
        NationalRegistry(settings, wire.channel(), wire.tell_time).send(message(), announce)
    assert caught.value.faults[0].field == "fileDinhKem"
    assert wire.arrived == []


def test_settings_never_show_the_secret() -> None:
    assert "secret-word" not in repr(SETTINGS)


def test_an_operation_of_another_partner_is_a_mistake_of_ours(
    registry: NationalRegistry, announce: Announcements
) -> None:
    message = OutboundMessage(RequestId("x"), "other", {})
    with pytest.raises(ValueError, match="other"):
        registry.send(message, announce)
