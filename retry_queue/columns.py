"""Column types that behave the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Dialect
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class NaiveTime(ValueError):
    """A stored time must carry its zone."""


class UtcTime(TypeDecorator[datetime]):
    """An instant as whole microseconds since 1970 in UTC; takes aware times of any zone, gives back UTC."""

    impl = BigInteger
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else microseconds(value)

    @override
    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + timedelta(microseconds=value)


def microseconds(instant: datetime) -> int:
    """The stored form. Raises `NaiveTime`."""
    if instant.tzinfo is None:
        raise NaiveTime(NaiveTime.__doc__)
    return (instant - _EPOCH) // _MICROSECOND
