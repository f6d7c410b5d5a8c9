"""The security header read: one UsernameToken with its password, nonce and times. Nothing of it is logged."""

import base64
import binascii
import re
from datetime import UTC, datetime
from typing import Final

from adapters.hardened_xml import Element
from gateway.api.problems import Problem
from gateway.operations.soap_access import UsernameToken

_PROFILE: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#"
_TEXT: Final = f"{_PROFILE}PasswordText"
_DIGEST: Final = f"{_PROFILE}PasswordDigest"
_CHARACTERS_MAX: Final = 200
_NONCE_BYTES: Final = range(8, 65)
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_CLIENT_ID: Final = re.compile(r"[!-~]{1,100}")


def read_token(security: Element, now: datetime) -> UsernameToken:
    """The token. Raises `soap_security_malformed`, and `soap_message_stale` for a time stamp that is over."""
    _check_time_stamp(security, now)
    tokens = [*security.iterchildren("{*}UsernameToken")]
    if len(tokens) != 1:
        raise Problem("soap_security_malformed")
    username, nonce, created = (_only(tokens[0], name) for name in ("Username", "Nonce", "Created"))
    password = _only(tokens[0], "Password")
    if username is None or password is None or _CLIENT_ID.fullmatch(_text(username)) is None:
        raise Problem("soap_security_malformed")
    kind = password.get("Type", _TEXT)
    if kind not in {_TEXT, _DIGEST}:
        raise Problem("soap_security_malformed")
    is_digest = kind == _DIGEST
    if is_digest and (nonce is None or created is None):
        raise Problem("soap_security_malformed")
    return UsernameToken(
        username=_text(username),
        password=_text(password),
        is_digest=is_digest,
        nonce=None if nonce is None else _nonce(nonce),
        created_text=None if created is None else _text(created),
        created=None if created is None else _moment(created),
    )


def _check_time_stamp(security: Element, now: datetime) -> None:
    """A message that says itself that its time is over is not acted upon."""
    stamp = _only(security, "Timestamp")
    expires = None if stamp is None else _only(stamp, "Expires")
    if expires is not None and _moment(expires) < now:
        raise Problem("soap_message_stale")


def _only(parent: Element, name: str) -> Element | None:
    found = [*parent.iterchildren(f"{{*}}{name}")]
    if len(found) > 1:
        raise Problem("soap_security_malformed")
    return found[0] if found else None


def _text(element: Element) -> str:
    text = "".join(element.itertext()).strip()
    if len(text) > _CHARACTERS_MAX:
        raise Problem("soap_security_malformed")
    return text


def _nonce(element: Element) -> bytes:
    try:
        nonce = base64.b64decode("".join(_text(element).split()), validate=True)
    except (binascii.Error, ValueError) as broken:
        raise Problem("soap_security_malformed") from broken
    if len(nonce) not in _NONCE_BYTES:
        raise Problem("soap_security_malformed")
    return nonce


def _moment(element: Element) -> datetime:
    """Without an offset it is UTC, as the profile wants it."""
    text = _text(element)
    try:
        moment = datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
    except ValueError:
        moment = None
    if moment is None:
        raise Problem("soap_security_malformed")
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
