"""What a caller may see: a sender his own events; operators and consumers those of their units."""

from collections.abc import Callable
from datetime import date, datetime

from gateway.api.authenticate import Caller
from gateway.model.clock import VIETNAM
from gateway.storage.ports import Role

UnitsAbove = Callable[[str, date], frozenset[str]]
"""A unit code on a day -> itself and every unit above it; empty for an unknown one."""

SEES_UNITS = frozenset({Role.OPERATOR, Role.CONSUMER})
"""A sender's units say for whom he may send, not whose events he may read."""


def may_see(
    caller: Caller, client_id: str, authority_code: str, registered_at: datetime, units_above: UnitsAbove
) -> bool:
    """A code means nothing without the day; the day is that of the registration."""
    if Role.SENDER in caller.roles and client_id == caller.client_id:
        return True
    return covers(caller, authority_code, registered_at, units_above)


def covers(caller: Caller, authority_code: str, registered_at: datetime, units_above: UnitsAbove) -> bool:
    """Whether the caller's role lets him see units, and this one or one above it is among his."""
    if caller.roles.isdisjoint(SEES_UNITS):
        return False
    if authority_code in caller.authorities:
        return True
    day = registered_at.astimezone(VIETNAM).date()
    return not caller.authorities.isdisjoint(units_above(authority_code, day))
