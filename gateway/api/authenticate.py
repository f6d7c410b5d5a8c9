"""Who is calling, and may he: bearer tokens looked up, roles checked, a short memory for speed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from gateway.api.problems import Problem
from gateway.model.clock import Clock
from gateway.model.ids import ClientId
from gateway.storage.ports import Client, Role

_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="hotich-gateway"'}
CACHED_TOKENS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Caller:
    """A recognised client."""

    client_id: ClientId
    roles: frozenset[Role]
    authorities: frozenset[str]


class TokenCheck:
    """Recognises bearer tokens; trusts what it has just looked up for a few seconds."""

    def __init__(
        self, look_up: Callable[[str, datetime], Client | None], clock: Clock, cache_seconds: float
    ) -> None:
        self._look_up = look_up
        self._clock = clock
        self._trust = timedelta(seconds=cache_seconds)
        self._cache: dict[str, tuple[datetime, Caller]] = {}

    async def caller_of(self, authorization: str | None) -> Caller:
        """The client behind an Authorization header. Raises an `unauthenticated` problem."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Problem("unauthenticated", headers=_CHALLENGE)
        now = self._clock()
        cached = self._cache.get(token)
        if cached is not None and cached[0] > now:
            return cached[1]
        client = await run_in_threadpool(self._look_up, token, now)
        if client is None:
            self._cache.pop(token, None)
            raise Problem("unauthenticated", headers=_CHALLENGE)
        caller = Caller(client.client_id, client.roles, client.authorities)
        if len(self._cache) >= CACHED_TOKENS_MAX:
            self._cache.clear()
        self._cache[token] = (now + self._trust, caller)
        return caller


@dataclass(frozen=True, slots=True)
class RoleCheck:
    """A dependency: the caller must have one of these roles."""

    roles: frozenset[Role]

    async def __call__(self, request: Request) -> Caller:
        """Raises an `unauthenticated` or `forbidden` problem."""
        tokens: TokenCheck = request.app.state.tokens
        caller = await tokens.caller_of(request.headers.get("authorization"))
        if caller.roles.isdisjoint(self.roles):
            raise Problem("forbidden", needed=sorted(role.value for role in self.roles))
        return caller


def needs(*roles: Role) -> RoleCheck:
    """One of these is enough."""
    return RoleCheck(frozenset(roles))


Sender = Annotated[Caller, Depends(needs(Role.SENDER))]
Operator = Annotated[Caller, Depends(needs(Role.OPERATOR))]
Consumer = Annotated[Caller, Depends(needs(Role.CONSUMER, Role.OPERATOR))]
Anyone = Annotated[Caller, Depends(needs(*Role))]
"""Any client with a good token, whatever its role."""
