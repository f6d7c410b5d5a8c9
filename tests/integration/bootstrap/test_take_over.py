"""A new process goes on at once where a killed one stopped."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from gateway.bootstrap.stores import open_stores
from gateway.bootstrap.take_over import take_over
from gateway.settings import read_settings
from gateway.storage.sql.migrate import migrate
from gateway.storage.sql.replays import SqlReplays
from retry_queue.job import JobId, Lane, NewJob
from retry_queue.rescue import tend
from retry_queue.states import State
from retry_queue.store import Appetite, BreakerState, LaneHealth
from tests.support.database import sqlite_url

NOW = datetime(2026, 11, 16, 3, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
LANE = Lane("one_stop")


def test_leases_and_probes_of_a_killed_process_end_at_once(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    migrate(url)
    stores = open_stores(read_settings({"HOTICH_DATABASE_URL": url}))
    job = NewJob(JobId("a"), LANE, "dossier", LATER, frozenset())
    with stores.queue.write() as transaction:
        stores.queue.enqueue(transaction, [job], NOW)
        (lease,) = stores.queue.claim(transaction, LANE, "killed", Appetite(1, 1), NOW, LATER)
        stores.queue.mark_maybe_sent(transaction, lease, NOW)
        probing = LaneHealth(LANE, BreakerState.HALF_OPEN, failures_in_row=5, open_until=LATER)
        stores.queue.put_lane(transaction, probing)
    take_over(stores.queue, SqlReplays(), NOW)
    tend(stores.queue, NOW)
    with stores.queue.read() as transaction:
        found = stores.queue.find_job(transaction, JobId("a"))
        health = stores.queue.get_lane(transaction, LANE)
    stores.close()
    assert found is not None
    assert (found.state, health.open_until) == (State.UNKNOWN, NOW)
