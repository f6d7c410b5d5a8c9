"""The ways to reach people: the log, a webhook, a mail. What they carry is counts, codes, ids and times."""

import base64
import hashlib
import hmac
import json
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Literal

import httpx

from gateway.model.clock import Clock
from gateway.model.foresight import Notice, Sending
from gateway.observability.logging import get_log
from gateway.operations.escalate import Answer

log = get_log("operations.channels")

Security = Literal["starttls", "tls", "none"]


def tell_log(notice: Notice, sending: Sending) -> Answer:
    """One line; whoever watches the log is told, and nothing is lost when no address is set."""
    log.warning(
        "notice.told",
        notice_id=notice.notice_id,
        role=sending.role,
        destination=notice.destination,
        percent=notice.percent,
        count=notice.deliveries,
        worst_due_at=notice.worst_due_at.isoformat(),
        first_breach_at=_iso(notice.first_breach_at),
        text_vi=notice.text_vi,
        text_en=notice.text_en,
    )
    return Answer(is_accepted=True, text="written")


@dataclass(frozen=True, slots=True)
class Webhook:
    """Posts JSON, signed as the Standard Webhooks say when there is a secret; any 2xx means taken."""

    seconds: float
    secret: str
    clock: Clock

    def __call__(self, notice: Notice, sending: Sending) -> Answer:
        """The id stays the same when it is sent again, so that the receiver knows it."""
        body = json.dumps(_content(notice, sending.role), ensure_ascii=False).encode()
        try:
            answer = httpx.post(
                sending.address,
                content=body,
                headers=self._headers(f"{notice.notice_id}.{sending.number}", body),
                timeout=self.seconds,
                trust_env=False,
            )
        except (httpx.HTTPError, httpx.InvalidURL) as unreachable:
            return Answer(is_accepted=False, text=type(unreachable).__name__)
        return Answer(is_accepted=answer.is_success, text=f"HTTP {answer.status_code}")

    def _headers(self, message_id: str, body: bytes) -> dict[str, str]:
        timestamp = str(int(self.clock().timestamp()))
        headers = {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": timestamp,
        }
        if self.secret:
            signed = b".".join((message_id.encode(), timestamp.encode(), body))
            digest = hmac.new(self.secret.encode(), signed, hashlib.sha256).digest()
            headers["webhook-signature"] = f"v1,{base64.b64encode(digest).decode()}"
        return headers


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over."""

    host: str
    port: int
    security: Security
    user: str
    password: str
    sender: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Mail:
    """A plain text in both languages; taken means taken by our mail server."""

    server: MailServer

    def __call__(self, notice: Notice, sending: Sending) -> Answer:
        """One mail to one address."""
        try:
            with self._connected() as connection:
                connection.send_message(_mail(notice, sending, self.server.sender))
        except smtplib.SMTPResponseException as refused:
            return Answer(is_accepted=False, text=f"SMTP {refused.smtp_code}")
        except smtplib.SMTPRecipientsRefused as refused:
            codes = sorted({code for code, _ in refused.recipients.values()})
            return Answer(is_accepted=False, text=f"SMTP {codes[0]}")
        except (smtplib.SMTPException, OSError) as unreachable:
            return Answer(is_accepted=False, text=type(unreachable).__name__)
        return Answer(is_accepted=True, text="SMTP 250")

    def _connected(self) -> smtplib.SMTP:
        server = self.server
        connection: smtplib.SMTP
        if server.security == "tls":
            context = ssl.create_default_context()
            connection = smtplib.SMTP_SSL(server.host, server.port, timeout=server.seconds, context=context)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=server.seconds)
        try:
            if server.security == "starttls":
                connection.starttls(context=ssl.create_default_context())
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection


def _mail(notice: Notice, sending: Sending, sender: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, sending.address
    mail["Subject"] = f"[Hộ tịch Gateway] {notice.destination}: {notice.percent}% ({notice.deliveries})"
    mail["Message-ID"] = f"<{notice.notice_id}.{sending.number}@hotich-gateway>"
    mail.set_content(f"{notice.text_vi}\n\n{notice.text_en}\n\n{notice.notice_id}\n")
    return mail


def _content(notice: Notice, role: str) -> dict[str, object]:
    return {
        "type": "escalation.notice",
        "notice_id": notice.notice_id,
        "role": role,
        "destination": notice.destination,
        "percent": notice.percent,
        "deliveries": notice.deliveries,
        "worst_delivery_id": notice.worst_delivery_id,
        "worst_due_at": notice.worst_due_at.isoformat(),
        "first_breach_at": _iso(notice.first_breach_at),
        "made_at": notice.made_at.isoformat(),
        "text_vi": notice.text_vi,
        "text_en": notice.text_en,
    }


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
