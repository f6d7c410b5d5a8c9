"""What a caller may see: a sender his own events; operators and consumers those of their units."""

from datetime import datetime

from gateway.api.authenticate import Caller
from gateway.model.units import UnitsAbove, is_covered
from gateway.storage.ports import Role

SEES_UNITS = frozenset({Role.OPERATOR, Role.CONSUMER})
"""A sender's units say for whom he may send, not whose events he may read."""


def may_see(
    caller: Caller, client_id: str, authority_code: str, registered_at: datetime, units_above: UnitsAbove
) -> bool:
    """His own events as their sender; others as one who sees his units."""
    if Role.SENDER in caller.roles and client_id == caller.client_id:
        return True
    return covers(caller, authority_code, registered_at, units_above)


def covers(caller: Caller, authority_code: str, registered_at: datetime, units_above: UnitsAbove) -> bool:
    """Whether the caller's role lets him see units, and this one or one above it is among his."""
    if caller.roles.isdisjoint(SEES_UNITS):
        return False
    return is_covered(authority_code, registered_at, caller.authorities, units_above)
