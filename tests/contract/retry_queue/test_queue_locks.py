"""PostgreSQL alone: acts that overlap are held apart by locks, shown step by step instead of by luck."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import Connection, event, text

from retry_queue.job import GateKey, JobId, OrderingKey
from retry_queue.rank import microseconds
from retry_queue.sql_store import SqlStore
from retry_queue.states import State
from retry_queue.store import Appetite, BreakerState, LaneHealth
from retry_queue.verdict import Done
from tests.support.queue_builders import LANE, START, after, bulk_job, new_job
from tests.support.queue_databases import PostgresTransactions, empty
from tests.support.queue_desk import Desk
from tests.support.waiting import wait_for

pytestmark = pytest.mark.postgres

DEADLINE_SECONDS = 30.0
LOCKS_WAITED_FOR = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture(scope="module")
def store(postgres_url: str) -> Iterator[SqlStore]:
    transactions = PostgresTransactions(postgres_url)
    yield SqlStore(transactions)
    transactions.dispose()


@pytest.fixture
def desk(store: SqlStore) -> Desk[Connection]:
    empty(store)
    return Desk(store)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def begin_and_wait(
    desk: Desk[Connection], pool: ThreadPoolExecutor, act: Callable[[], object]
) -> Future[object]:
    """Start an act while another transaction is open; it must come to stand at a lock."""
    started = pool.submit(act)

    def has_come_to_stand() -> bool:
        with desk.store.read() as transaction:
            return bool(transaction.execute(LOCKS_WAITED_FOR).scalar_one()) or started.done()

    wait_for(has_come_to_stand, "the second act waits or ends")
    assert not started.done(), "nothing held the second act back"
    return started


def test_second_blocker_waits_at_the_follower_and_then_wakes_it(
    desk: Desk[Connection], pool: ThreadPoolExecutor
) -> None:
    desk.enqueue(new_job("a", keys=["k"]), new_job("b", keys=["l"]), new_job("c", keys=["k", "l"]))
    first, second = desk.claim(2)
    with desk.store.write() as transaction:
        desk.store.complete(transaction, first, Done(), START)
        started = begin_and_wait(desk, pool, lambda: desk.complete(second))
    started.result(DEADLINE_SECONDS)
    assert desk.state("c") is State.QUEUED


def test_newcomer_waits_for_the_completion_before_it(
    desk: Desk[Connection], pool: ThreadPoolExecutor
) -> None:
    desk.enqueue(new_job("a", keys=["k"]))
    lease = desk.claim_one()
    with desk.store.write() as transaction:
        desk.store.complete(transaction, lease, Done(), START)
        started = begin_and_wait(desk, pool, lambda: desk.enqueue(new_job("b", keys=["k"])))
    started.result(DEADLINE_SECONDS)
    assert desk.state("b") is State.QUEUED


def test_completion_waits_for_the_newcomer_before_it(
    desk: Desk[Connection], pool: ThreadPoolExecutor
) -> None:
    desk.enqueue(new_job("a", keys=["k"]))
    lease = desk.claim_one()
    with desk.store.write() as transaction:
        desk.store.enqueue(transaction, [new_job("b", keys=["k"])], START)
        started = begin_and_wait(desk, pool, lambda: desk.complete(lease))
    started.result(DEADLINE_SECONDS)
    assert desk.state("b") is State.QUEUED


def test_two_newcomers_of_one_key_do_not_both_go(desk: Desk[Connection], pool: ThreadPoolExecutor) -> None:
    with desk.store.write() as transaction:
        desk.store.enqueue(transaction, [new_job("a", keys=["k"])], START)
        started = begin_and_wait(desk, pool, lambda: desk.enqueue(new_job("b", keys=["k"])))
    started.result(DEADLINE_SECONDS)
    assert desk.states("a", "b") == [State.QUEUED, State.WAITING]


def test_newcomer_behind_a_gate_waits_for_its_opening(
    desk: Desk[Connection], pool: ThreadPoolExecutor
) -> None:
    with desk.store.write() as transaction:
        desk.store.open_gate(transaction, GateKey("g"), START)
        started = begin_and_wait(desk, pool, lambda: desk.enqueue(new_job("a", gate="g")))
    started.result(DEADLINE_SECONDS)
    assert desk.state("a") is State.QUEUED


def test_opening_of_a_gate_waits_for_the_newcomer_behind_it(
    desk: Desk[Connection], pool: ThreadPoolExecutor
) -> None:
    with desk.store.write() as transaction:
        desk.store.enqueue(transaction, [new_job("a", gate="g")], START)
        started = begin_and_wait(desk, pool, lambda: desk.open_gate("g"))
    started.result(DEADLINE_SECONDS)
    assert desk.state("a") is State.QUEUED


def test_gate_that_time_opens_waits_for_the_completion_before_it(
    desk: Desk[Connection], pool: ThreadPoolExecutor
) -> None:
    desk.enqueue(new_job("a", keys=["k"]), new_job("b", keys=["k"], gate_opens_at=after(5)))
    lease = desk.claim_one()
    with desk.store.write() as transaction:
        desk.store.complete(transaction, lease, Done(), START)
        started = begin_and_wait(desk, pool, lambda: desk.promote(after(5)))
    started.result(DEADLINE_SECONDS)
    assert desk.state("b") is State.QUEUED


def test_release_waits_for_the_completion_before_it(desk: Desk[Connection], pool: ThreadPoolExecutor) -> None:
    desk.enqueue(new_job("a", keys=["k"]), new_job("b", keys=["k"]))
    desk.hold("b")
    lease = desk.claim_one()
    with desk.store.write() as transaction:
        desk.store.complete(transaction, lease, Done(), START)
        started = begin_and_wait(desk, pool, lambda: desk.release("b"))
    started.result(DEADLINE_SECONDS)
    assert desk.state("b") is State.QUEUED


def test_second_prober_waits_and_sees_the_first(desk: Desk[Connection], pool: ThreadPoolExecutor) -> None:
    def look() -> LaneHealth:
        with desk.store.write() as transaction:
            return desk.store.lock_lane(transaction, LANE)

    probing = LaneHealth(LANE, BreakerState.HALF_OPEN, 3, after(9))
    with desk.store.write() as transaction:
        desk.store.lock_lane(transaction, LANE)
        started = begin_and_wait(desk, pool, look)
        desk.store.put_lane(transaction, probing)
    assert started.result(DEADLINE_SECONDS) == probing


def test_claim_passes_over_what_another_worker_is_just_taking(desk: Desk[Connection]) -> None:
    desk.enqueue(new_job("a", due_seconds=1), new_job("b", due_seconds=2))
    with desk.store.write() as transaction:
        (mine,) = desk.store.claim(transaction, LANE, "anna", Appetite(1, 1), START, after(60))
        (other,) = desk.claim(1, worker="berta")
    assert (mine.job.job_id, other.job.job_id) == ("a", "b")


def test_everything_locked_beforehand_covers_the_acts_that_follow(desk: Desk[Connection]) -> None:
    desk.enqueue(new_job("a", keys=["k"]), new_job("b", keys=["l"], gate="g"), new_job("c", keys=["m"]))
    lease = desk.claim_one()
    with desk.store.write() as transaction:
        desk.store.lock_keys(
            transaction, keys=[OrderingKey("new")], gates=[GateKey("g")], job_ids=[JobId("a"), JobId("c")]
        )
        held = advisory_locks(transaction)
        desk.store.complete(transaction, lease, Done(), START)
        desk.store.open_gate(transaction, GateKey("g"), START)
        desk.store.cancel(transaction, JobId("c"), START)
        desk.store.enqueue(transaction, [new_job("d", keys=["new", "k"])], START)
        assert advisory_locks(transaction) == held
    assert held == 5


@pytest.mark.parametrize("act", ["release", "promote"])
def test_acts_that_lock_followers_lock_their_keys_first_so_that_nobody_waits_in_a_circle(
    desk: Desk[Connection], act: str
) -> None:
    desk.enqueue(new_job("a", keys=["k", "l"], gate_opens_at=after(5)))
    if act == "release":
        desk.hold("a")
    with desk.store.write() as transaction:
        if act == "release":
            desk.store.release(transaction, JobId("a"), START)
        else:
            desk.store.promote_due(transaction, after(5), 10)
        assert advisory_locks(transaction) == 2


def advisory_locks(transaction: Connection) -> int:
    ours = text(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' "
        "AND mode = 'ExclusiveLock' AND pid = pg_backend_pid()"
    )
    return int(transaction.execute(ours).scalar_one())


@pytest.fixture
def marking(store: SqlStore, postgres_url: str) -> Iterator[Desk[Connection]]:
    """Raises its marks at every claim."""
    empty(store)
    transactions = PostgresTransactions(postgres_url)
    yield Desk(SqlStore(transactions, raise_heads_after_jobs=1))
    transactions.dispose()


def test_mark_is_not_raised_over_a_job_that_is_just_becoming_ready(marking: Desk[Connection]) -> None:
    marking.enqueue(new_job("a", due_seconds=100), new_job("b", due_seconds=300))
    with marking.store.write() as transaction:
        marking.store.enqueue(transaction, [new_job("early", due_seconds=50)], START)
        assert marking.names(1) == ["a"]
    assert marking.names() == ["early", "b"]


def test_newcomer_waits_while_a_mark_is_raised_and_then_lowers_it(
    marking: Desk[Connection], pool: ThreadPoolExecutor
) -> None:
    marking.enqueue(new_job("a", due_seconds=100), new_job("b", due_seconds=300))
    with marking.store.write() as transaction:
        marking.store.claim(transaction, LANE, "anna", Appetite(1, 1), START, after(60))
        early = new_job("early", due_seconds=50)
        started = begin_and_wait(marking, pool, lambda: marking.enqueue(early))
    started.result(DEADLINE_SECONDS)
    assert marking.names() == ["early", "b"]


def test_mark_is_void_after_a_step_back_of_the_clock(marking: Desk[Connection]) -> None:
    marking.enqueue(*(new_job(f"job-{number}", due_seconds=number * 10) for number in range(1, 7)))
    assert marking.names(1, now=after(25)) == ["job-3"]
    assert marking.names(1, now=after(25)) == ["job-4"]
    assert marking.names(2, now=after(5)) == ["job-1", "job-2"]


def test_bulk_job_that_comes_back_is_found_before_the_mark(marking: Desk[Connection]) -> None:
    marking.enqueue(*(bulk_job(f"a{number}") for number in range(4)))
    first, _ = marking.claim(2)
    assert marking.names(1) == ["a2"]
    marking.give_back(first)
    assert marking.names() == ["a0", "a3"]


def test_claim_begins_at_the_mark_and_lowers_it_for_what_comes_before(marking: Desk[Connection]) -> None:
    marking.enqueue(*(new_job(f"job-{number}", due_seconds=number) for number in range(1, 200)))
    marking.claim(150)
    mark = text("SELECT in_time_from FROM queue_heads WHERE track = 'live'")
    with marking.store.read() as transaction:
        assert transaction.execute(mark).scalar_one() == microseconds(after(151)) - 1
    marking.enqueue(new_job("before", due_seconds=20))
    with marking.store.read() as transaction:
        assert transaction.execute(mark).scalar_one() == microseconds(after(20)) - 1
    assert marking.names(2) == ["before", "job-151"]


def test_each_transaction_locks_for_itself(desk: Desk[Connection], pool: ThreadPoolExecutor) -> None:
    for name in "ab":  # on one connection of the pool
        with desk.store.write() as transaction:
            desk.store.lock_keys(transaction, keys=[OrderingKey("k")])
            started = begin_and_wait(desk, pool, partial(desk.enqueue, new_job(name, keys=["k"])))
        started.result(DEADLINE_SECONDS)
    assert desk.states("a", "b") == [State.QUEUED, State.WAITING]


def test_a_lock_is_asked_for_once(desk: Desk[Connection]) -> None:
    asked: list[str] = []
    with desk.store.write() as transaction:
        event.listen(transaction, "before_cursor_execute", lambda *told: asked.append(told[2]))
        desk.store.lock_keys(transaction, keys=[OrderingKey("k"), OrderingKey("l")])
        desk.store.lock_keys(transaction, keys=[OrderingKey("l")])
        desk.store.enqueue(transaction, [new_job("a", keys=["k"])], START)
    assert sum("pg_advisory_xact_lock(" in statement for statement in asked) == 1


def test_a_lock_lost_with_a_savepoint_is_taken_again(
    desk: Desk[Connection], pool: ThreadPoolExecutor
) -> None:
    with desk.store.write() as transaction:
        with transaction.begin_nested() as point:
            desk.store.lock_keys(transaction, keys=[OrderingKey("k")])
            point.rollback()
        desk.store.lock_keys(transaction, keys=[OrderingKey("k")])
        started = begin_and_wait(desk, pool, lambda: desk.enqueue(new_job("a", keys=["k"])))
    started.result(DEADLINE_SECONDS)
    assert desk.state("a") is State.QUEUED
