"""Times in the database."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine.default import DefaultDialect

from retry_queue.columns import NaiveTime, UtcTime

TYPE = UtcTime()
DIALECT = DefaultDialect()


@given(st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  # hypothesis wants bounds without a zone
def test_times_come_back_to_the_microsecond(instant: datetime) -> None:
    stored = TYPE.process_bind_param(instant, DIALECT)
    assert isinstance(stored, int)
    assert TYPE.process_result_value(stored, DIALECT) == instant


def test_other_zones_come_back_as_utc() -> None:
    local = datetime(2026, 3, 2, 15, 0, tzinfo=timezone(timedelta(hours=7)))
    back = TYPE.process_result_value(TYPE.process_bind_param(local, DIALECT), DIALECT)
    assert (back, back and back.utcoffset()) == (local, timedelta(0))


def test_nothing_stays_nothing() -> None:
    assert TYPE.process_bind_param(None, DIALECT) is None
    assert TYPE.process_result_value(None, DIALECT) is None


def test_time_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveTime):
        TYPE.process_bind_param(datetime(2026, 3, 2), DIALECT)  # noqa: DTZ001  # the very thing to refuse
