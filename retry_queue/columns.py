"""Column types that behave the same on SQLite and PostgreSQL."""

from datetime import datetime

from sqlalchemy import BigInteger, Dialect
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

from retry_queue.rank import NaiveTime, instant, microseconds

__all__ = ["NaiveTime", "UtcTime", "microseconds"]


class UtcTime(TypeDecorator[datetime]):
    """An instant as whole microseconds since 1970 in UTC; takes aware times of any zone, gives back UTC."""

    impl = BigInteger
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else microseconds(value)

    @override
    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else instant(value)
