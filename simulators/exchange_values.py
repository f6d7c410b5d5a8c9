"""Values that pass between the socket, the fault plan and a simulated system."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulators.planting import Effects


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request; header names in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer."""

    status: int
    body: bytes
    content_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cut:
    """Close the connection without an answer."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request understood so far: what it asks, about whom, and how to do it.

    `identity` is the partner's own key of the request. `subject` stays the same in every run with the same
    events (a dossier code, not a random request id), so that a seeded plan hits the same items again.
    """

    operation: str
    identity: str
    subject: str
    act: Callable[["Effects"], Reply]
    asks_for_credentials: bool = False


def json_reply(content: object, status: int = 200) -> Reply:
    """Answer in JSON, Vietnamese letters as they are."""
    return Reply(status, json.dumps(content, ensure_ascii=False).encode())
