"""What threads share: pieces in their order, and what has ended, until it is to be recorded."""

from datetime import timedelta

from retry_queue.job import Lease
from retry_queue.memory_store import MemoryStore
from retry_queue.stock import Ended, Piece, Stock
from tests.support.queue_builders import START, after, new_job
from tests.support.queue_desk import Desk

GATHERING = timedelta(seconds=1)


def leases(number: int) -> list[Lease]:
    desk = Desk(MemoryStore())
    desk.enqueue(*(new_job(f"job-{each}", due_seconds=each) for each in range(number)))
    return list(desk.claim(number))


def ended(lease: Lease, seconds: float = 0) -> Ended[str]:
    return Ended(lease, "done", START, after(seconds))


def test_pieces_are_taken_in_the_order_in_which_they_were_put() -> None:
    stock: Stock[str] = Stock()
    first, second, third = leases(3)
    stock.put([Piece(first), Piece(second)])
    stock.put([Piece(third)])
    taken = stock.take()
    assert taken is not None
    assert taken.lease == first
    assert [piece.lease for piece in stock.take_all()] == [second, third]
    assert (stock.take(), stock.has_pieces) == (None, False)


def test_what_has_ended_waits_for_more_only_while_there_is_more() -> None:
    stock: Stock[str] = Stock()
    first, second = leases(2)
    stock.put([Piece(second)])
    stock.end(ended(first))
    assert stock.take_ended(START, GATHERING, 10) == ()
    stock.take()
    assert [each.lease for each in stock.take_ended(START, GATHERING, 10)] == [first]
    assert stock.take_ended(START, GATHERING, 10) == ()


def test_what_has_ended_does_not_wait_for_ever() -> None:
    for now, most in ((after(1), 10), (after(-1), 10), (START, 1)):
        stock: Stock[str] = Stock()
        first, second = leases(2)
        stock.put([Piece(second)])
        stock.end(ended(first))
        assert len(stock.take_ended(now, GATHERING, most)) == 1
