"""Notices over real sockets: a webhook that answers this or that, and a mail server that takes or refuses."""

import base64
import hashlib
import hmac
import json

import pytest

from gateway.model.foresight import Channel
from gateway.operations.channels import Mail, MailServer, Webhook
from tests.support.notices import NOON, a_notice, a_sending
from tests.support.receivers import NOBODY, Heard, mail_server, webhook_receiver

SECRET = "an invented secret"
ADDRESS = "it@province.test"


def _webhook(secret: str = "") -> Webhook:
    return Webhook(seconds=5, secret=secret, clock=lambda: NOON)


def _post(webhook: Webhook, address: str) -> tuple[bool, str]:
    answer = webhook(a_notice(), a_sending(channel=Channel.WEBHOOK, address=address))
    return answer.is_accepted, answer.text


def _send_mail(port: int) -> tuple[bool, str]:
    server = MailServer("127.0.0.1", port, "none", "", "", "gateway@province.test", 5)
    answer = Mail(server)(a_notice(), a_sending(channel=Channel.EMAIL, address=ADDRESS))
    return answer.is_accepted, answer.text


def test_a_webhook_gets_the_notice_as_json_under_an_id_that_stays() -> None:
    heard = Heard()
    with webhook_receiver(heard) as address:
        assert _post(_webhook(), address) == (True, "HTTP 204")
    content = json.loads(heard.body)
    assert (content["destination"], content["percent"], content["deliveries"]) == ("national_registry", 90, 3)
    assert content["text_vi"] == "Sắp trễ hạn."
    assert heard.headers["webhook-id"] == "notice-1.1"
    assert "webhook-signature" not in heard.headers


def test_a_webhook_is_signed_when_there_is_a_secret() -> None:
    heard = Heard()
    with webhook_receiver(heard) as address:
        _post(_webhook(SECRET), address)
    signed = f"{heard.headers['webhook-id']}.{heard.headers['webhook-timestamp']}.".encode() + heard.body
    digest = hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()
    assert heard.headers["webhook-signature"] == "v1," + base64.b64encode(digest).decode()
    assert heard.headers["webhook-timestamp"] == str(int(NOON.timestamp()))


@pytest.mark.parametrize("status", [302, 400, 500])
def test_anything_but_success_is_no_acceptance_and_no_redirect_is_followed(status: int) -> None:
    with webhook_receiver(Heard(status=status)) as address:
        assert _post(_webhook(), address) == (False, f"HTTP {status}")


def test_a_webhook_that_nobody_serves_is_an_answer_too() -> None:
    assert _post(_webhook(), NOBODY) == (False, "ConnectError")


def test_a_mail_carries_both_languages_to_one_address() -> None:
    heard = Heard()
    with mail_server(heard) as port:
        assert _send_mail(port) == (True, "SMTP 250")
    assert f"To: {ADDRESS}" in heard.mail
    assert any(line.startswith("Message-ID: <notice-1.1@") for line in heard.mail)
    body = "\n".join(heard.mail[heard.mail.index("") :])
    assert "Time runs out." in body or "Time runs out." in base64.b64decode(body).decode()


def test_a_mail_that_the_server_refuses_is_not_accepted() -> None:
    with mail_server(Heard(recipient_code=550)) as port:
        assert _send_mail(port) == (False, "SMTP 550")


def test_a_mail_server_that_is_not_there_is_an_answer_too() -> None:
    assert _send_mail(9) == (False, "ConnectionRefusedError")
