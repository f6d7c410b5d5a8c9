"""Who may see what is decided by role, client and unit on the day of the registration."""

from datetime import UTC, date, datetime

import pytest

from gateway.api.authenticate import Caller
from gateway.api.visibility import covers, may_see
from gateway.model.ids import ClientId
from gateway.storage.ports import Role

AT = datetime(2026, 11, 16, 3, 0, tzinfo=UTC)
UNITS = {"00691": frozenset({"00691", "08"})}


def _units_above(code: str, _on_date: date) -> frozenset[str]:
    return UNITS.get(code, frozenset())


def _caller(*roles: Role, client_id: str = "me", authorities: frozenset[str] = frozenset({"08"})) -> Caller:
    return Caller(ClientId(client_id), frozenset(roles), authorities)


@pytest.mark.parametrize(
    ("caller", "client_id", "sees"),
    [
        (_caller(Role.SENDER), "me", True),
        (_caller(Role.SENDER), "another", False),
        (_caller(Role.CONSUMER), "another", True),
        (_caller(Role.OPERATOR), "another", True),
        (_caller(Role.OPERATOR, authorities=frozenset({"00691"})), "another", True),
        (_caller(Role.OPERATOR, authorities=frozenset({"01"})), "another", False),
        (_caller(Role.OPERATOR, authorities=frozenset({"01"})), "me", False),
        (_caller(Role.SENDER, Role.OPERATOR, authorities=frozenset({"01"})), "me", True),
        (_caller(Role.OPERATOR, authorities=frozenset()), "another", False),
        (_caller(authorities=frozenset({"00691"})), "me", False),
    ],
)
def test_a_sender_sees_his_own_and_the_others_their_units(
    caller: Caller, client_id: str, *, sees: bool
) -> None:
    assert may_see(caller, client_id, "00691", AT, _units_above) is sees


def test_the_day_of_a_unit_is_that_of_viet_nam() -> None:
    days: list[date] = []

    def remember(_code: str, day: date) -> frozenset[str]:
        days.append(day)
        return frozenset()

    late_in_utc = datetime(2025, 6, 30, 18, 0, tzinfo=UTC)
    assert not covers(_caller(Role.OPERATOR), "00691", late_in_utc, remember)
    assert days == [date(2025, 7, 1)]


def test_a_unit_that_the_lists_do_not_know_is_covered_by_itself_only() -> None:
    assert covers(_caller(Role.OPERATOR, authorities=frozenset({"99"})), "99", AT, _units_above)
    assert not covers(_caller(Role.OPERATOR), "99", AT, _units_above)
