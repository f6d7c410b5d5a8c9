"""Secrets and personal data are removed before a line is written, whoever forgot not to log them."""

import re
from collections.abc import Mapping, MutableMapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any, Final

HIDDEN: Final = "[hidden]"
DEPTH_MAX: Final = 20
"""Levels of nesting that are searched; what lies deeper is hidden unseen."""

SAFE_KEYS: Final = frozenset({"address"})
"""Sounds personal and is not: where we listen. Its value is searched like all others."""

_SECRET_KEY: Final = re.compile(
    r"secret|password|token|authorization|cookie|session|body|content|payload|name|birth|personal|address"
    r"|residence|paper|phone|email|mother|father|child|husband|wife|deceased|requester",
    re.IGNORECASE,
)
_IDS_OR_NUMBERS: Final = re.compile(
    r"(?P<kept>(?<![0-9A-Za-z])(?:"
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # event and delivery ids
    r"|hotich-[0-9a-f]{16}|GW-[0-9a-f]{32}|[0-9a-f]{64}"  # client ids, request ids, fingerprints
    r")(?![0-9A-Za-z]))|(?<!\d)(?:\d{12}|\d{9})(?!\d)"
)
"""Our own ids may hold nine digits in a row by chance and stay; every other run of 9 or 12 digits goes."""
_BEARER: Final = re.compile(r"\b(bearer|basic)[\s:]+[A-Za-z0-9._~+/=-]+", re.IGNORECASE)
_ASSIGNED: Final = re.compile(
    r"((?:secret|password|passwd|token|authorization|api_?key)\w*[\"']?\s*[=:]\s*[\"']?)[^\s\"'&,;}]+",
    re.IGNORECASE,
)
"""`client_secret=…` in a form, `"access_token": "…"` in a body that was put into a text."""
_URL_CREDENTIALS: Final = re.compile(r"(?<=://)\S*@")
_CAPITALS: Final = "".join(letter for letter in map(chr, range(ord("A"), 0x1F00)) if letter.isupper())
_WORD: Final = rf"(?:[{_CAPITALS}][\u0300-\u036f]*)+"
_CAPITAL_NAME: Final = re.compile(rf"{_WORD}(?:[\s'’.-]+{_WORD})+")
"""Two or more words in capitals, tone marks composed or not: how the books write names."""
_HARMLESS: Final = re.compile(
    r"[a-z][a-z_.]*|[A-Z]?[a-z]+(?:[A-Z][a-z]+)*"  # codes of ours: `delivery.attempted`, `AskAt`
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?Z"
)
"""A whole value of this shape holds nothing to hide: nearly every value of every line is one of these."""
_WHOLE_NUMBERS: Final = (10**8, 10**12)
"""A personal ID that became a number has lost its leading zeros."""


def redact_line(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: hide by key, then by shape."""
    return _redact_mapping(line, DEPTH_MAX)


def redact_text(text: str) -> str:
    """Hide identity numbers, credentials and names in capitals wherever they stand."""
    if _HARMLESS.fullmatch(text):
        return text
    text = _URL_CREDENTIALS.sub(f"{HIDDEN}@", text)
    text = _BEARER.sub(rf"\1 {HIDDEN}", text)
    text = _ASSIGNED.sub(rf"\1{HIDDEN}", text)
    text = _IDS_OR_NUMBERS.sub(lambda found: found["kept"] or HIDDEN, text)
    return _CAPITAL_NAME.sub(HIDDEN, text)


@lru_cache(maxsize=512)
def _judged(key: str) -> tuple[str, bool]:
    """The key as it is shown, and whether its value is hidden; keys are few and come again and again."""
    return redact_text(key), key not in SAFE_KEYS and _SECRET_KEY.search(key) is not None


def _redact_mapping(value: Mapping[Any, Any], depth_left: int) -> dict[str, Any]:
    redacted: dict[str, Any] = {}
    for key, inner in value.items():
        shown, is_secret = _judged(str(key))
        redacted[shown] = HIDDEN if is_secret else _redact(inner, depth_left)
    return redacted


def _redact(value: Any, depth_left: int) -> Any:  # noqa: ANN401 - a log field may hold anything
    if depth_left == 0:
        return HIDDEN
    match value:
        case str():
            return redact_text(value)
        case None | bool():
            return value
        case int() | float():
            return HIDDEN if _WHOLE_NUMBERS[0] <= abs(value) < _WHOLE_NUMBERS[1] else value
        case bytes() | bytearray() | memoryview():
            return HIDDEN
        case Mapping():
            return _redact_mapping(value, depth_left - 1)
        case list() | tuple() | AbstractSet():
            return [_redact(inner, depth_left - 1) for inner in value]
        case _:
            return redact_text(str(value))
