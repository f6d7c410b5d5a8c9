"""What threads share: pieces in their order, and what has ended, until it is to be recorded."""

from dataclasses import replace
from datetime import timedelta

from retry_queue.job import Lease
from retry_queue.memory_store import MemoryStore
from retry_queue.stock import Ended, Patience, Piece, Stock
from tests.support.queue_builders import START, after, new_job
from tests.support.queue_desk import Desk

PATIENCE = Patience(in_stock=timedelta(seconds=1), under_way=timedelta(seconds=0.5), most=10)


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
    stock.put([Piece(first), Piece(second)])
    stock.take()
    stock.end(ended(first))
    assert stock.gathers(START, PATIENCE)
    assert stock.take_ended(START, PATIENCE) == ()
    stock.take()
    assert not stock.gathers(START, PATIENCE)
    assert [each.lease for each in stock.take_ended(START, PATIENCE)] == [first]
    assert stock.take_ended(START, PATIENCE) == ()
    assert not stock.has_ended


def test_what_has_ended_does_not_wait_for_ever() -> None:
    for now, most in ((after(1), 10), (after(-1), 10), (START, 1)):
        stock: Stock[str] = Stock()
        first, second = leases(2)
        stock.put([Piece(first), Piece(second)])
        stock.take()
        stock.end(ended(first))
        assert len(stock.take_ended(now, replace(PATIENCE, most=most))) == 1


def begun(number: int) -> tuple[Stock[str], list[Lease]]:
    """So many attempts under way and nothing in stock."""
    stock: Stock[str] = Stock()
    taken = leases(number)
    stock.put(Piece(lease) for lease in taken)
    while stock.take() is not None:
        pass
    return stock, taken


def test_what_has_ended_waits_for_the_others_under_way_until_a_third_of_them_has_ended() -> None:
    stock, taken = begun(7)
    for lease in taken[:2]:
        stock.end(ended(lease))
    assert stock.take_ended(after(0.4), PATIENCE) == ()
    stock.end(ended(taken[2]))
    assert len(stock.take_ended(after(0.4), PATIENCE)) == 3
    assert (stock.begun, stock.has_ended) == (4, False)


def test_what_has_ended_waits_for_the_others_under_way_only_for_a_moment() -> None:
    stock, taken = begun(7)
    stock.end(ended(taken[0]))
    assert len(stock.take_ended(after(0.5), PATIENCE)) == 1


def test_last_one_under_way_waits_for_nobody_not_even_for_one_that_came_to_nothing() -> None:
    stock, taken = begun(2)
    stock.vanish()
    stock.end(ended(taken[1]))
    assert len(stock.take_ended(START, PATIENCE)) == 1


def test_what_goes_back_is_what_would_have_come_last() -> None:
    stock: Stock[str] = Stock()
    first, second, third = leases(3)
    stock.put([Piece(first), Piece(second), Piece(third)])
    assert [piece.lease for piece in stock.take_last(2)] == [second, third]
    assert [piece.lease for piece in stock.take_last(9)] == [first]
    assert stock.take_last(1) == []
