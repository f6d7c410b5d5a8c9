"""Wrong ladders, windows and mail settings are named at start, in both languages."""

import pytest

from gateway.bootstrap.foresight import ladder_of
from gateway.errors import SettingsInvalid
from gateway.model.foresight import Channel
from gateway.settings import Settings, read_settings

LADDER = "HOTICH_DELIVERY__ESCALATION__"


def _problem(**changed: str) -> str:
    with pytest.raises(SettingsInvalid) as caught:
        read_settings({f"HOTICH_DELIVERY__{name}": value for name, value in changed.items()})
    problems = caught.value.details["problems"]
    assert isinstance(problems, list)
    assert len(problems) == 1, problems
    return str(problems[0])


def test_without_addresses_every_role_is_told_by_the_log() -> None:
    receivers = ladder_of(Settings()).receivers
    assert [(each.role, each.channel) for each in receivers] == [
        (role, Channel.LOG)
        for role in ("commune_officer", "province_it", "justice_department", "province_head")
    ]


def test_setting_an_address_leaves_the_rungs_of_the_role_as_they_are() -> None:
    settings = read_settings({f"{LADDER}PROVINCE_IT__WEBHOOKS": "[http://a.test/x, http://b.test/y]"})
    hooks = [each for each in ladder_of(settings).receivers if each.channel is Channel.WEBHOOK]
    assert [each.address for each in hooks] == ["http://a.test/x", "http://b.test/y"]
    assert {each.percents for each in hooks} == {frozenset({50, 75, 90, 100})}


def test_mail_addresses_need_a_mail_server() -> None:
    problem = _problem(ESCALATION__PROVINCE_HEAD__EMAILS="[head@province.test]")
    assert "HOTICH_DELIVERY__ESCALATION__SMTP__HOST" in problem
    assert "máy chủ thư" in problem


def test_mail_addresses_with_a_server_and_a_sender_are_fine() -> None:
    settings = read_settings(
        {
            f"{LADDER}PROVINCE_HEAD__EMAILS": "[head@province.test]",
            f"{LADDER}SMTP__HOST": "mail.test",
            f"{LADDER}SMTP__SENDER": "gateway@province.test",
        }
    )
    assert Channel.EMAIL in {each.channel for each in ladder_of(settings).receivers}


def test_a_role_can_only_stand_on_a_rung_of_the_ladder() -> None:
    problem = _problem(ESCALATION__PERCENTS="[50, 100]", ESCALATION__COMMUNE_OFFICER__PERCENTS="[50]")
    assert "province_it.percents: [75, 90]" in problem
    assert "không có trong escalation.percents" in problem


@pytest.mark.parametrize("percents", ["[75, 50]", "[50, 50]"])
def test_the_rungs_must_rise(percents: str) -> None:
    assert "tăng dần" in _problem(ESCALATION__PERCENTS=percents)


def test_a_window_must_hold_two_counts() -> None:
    problem = _problem(FORECAST__SHORT_WINDOW_SECONDS="100")
    assert "HOTICH_DELIVERY__FORECAST__SHORT_WINDOW_SECONDS" in problem
    assert "hai lần đếm" in problem


def test_the_mail_password_and_the_signing_secret_never_show() -> None:
    settings = read_settings({f"{LADDER}SMTP__PASSWORD": "p-1", f"{LADDER}WEBHOOK_SECRET": "w-2"})
    assert "p-1" not in repr(settings)
    assert "w-2" not in repr(settings)
