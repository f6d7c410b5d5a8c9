"""Several wishes in one transaction; what spoils it harms none of the others."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from retry_queue.errors import LeaseLost
from retry_queue.job import Lease
from retry_queue.store import Transactions

TransactionT = TypeVar("TransactionT")
WishT = TypeVar("WishT")
ResultT = TypeVar("ResultT")

DoAll = Callable[[TransactionT, Sequence[WishT]], Sequence[ResultT]]


class LeasesLost(Exception):
    """Some of the leases are another's; the transaction must be rolled back and begun without them."""

    def __init__(self, leases: Sequence[Lease]) -> None:
        super().__init__(self.__doc__)
        self.leases = leases


def all_or_each(
    transactions: Transactions[TransactionT],
    wishes: Sequence[WishT],
    lease_of: Callable[[WishT], Lease],
    do_all: DoAll[TransactionT, WishT, ResultT],
) -> Sequence[ResultT | Exception]:
    """A result for each, or its exception. Raises what keeps a transaction from being opened.

    Those whose lease is lost are left out and the others done again together; if another failure spoils it,
    each is done in a transaction of its own.
    """
    found: dict[int, ResultT | Exception] = {}
    left = list(range(len(wishes)))
    while left:
        is_open = False
        try:
            with transactions.write() as transaction:
                is_open = True
                results = do_all(transaction, [wishes[index] for index in left])
            found |= dict(zip(left, results, strict=True))
            break
        except LeasesLost as error:
            lost = {(lease.job.sequence, lease.job.fence) for lease in error.leases}
            gone = [index for index in left if _name(lease_of(wishes[index])) in lost]
            found |= {index: LeaseLost(lease_of(wishes[index]).job.job_id) for index in gone}
            if not gone:
                raise
            left = [index for index in left if index not in set(gone)]
        except Exception as error:  # whatever it is, it is told to the one whose wish it was
            if not is_open:
                raise
            if len(left) == 1:
                found[left[0]] = error
                break
            found |= {index: _alone(transactions, wishes[index], lease_of, do_all) for index in left}
            break
    return [found[index] for index in range(len(wishes))]


def _alone(
    transactions: Transactions[TransactionT],
    wish: WishT,
    lease_of: Callable[[WishT], Lease],
    do_all: DoAll[TransactionT, WishT, ResultT],
) -> ResultT | Exception:
    try:
        return all_or_each(transactions, (wish,), lease_of, do_all)[0]
    except Exception as error:  # noqa: BLE001  # it is handed to the thread whose wish it was
        return error


def _name(lease: Lease) -> tuple[int, int]:
    return lease.job.sequence, lease.job.fence
