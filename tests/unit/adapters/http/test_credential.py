"""One login serves all threads until it expires or is refused."""

import threading
from datetime import timedelta

import pytest

from adapters.credential import Credential, CredentialCache
from adapters.errors import AdapterError, Busy, ContractBroken, NotAuthorized, NotSent, OutcomeUnknown
from tests.support.partner_wire import START


class Login:
    """Counts logins; fails when told to."""

    def __init__(self) -> None:
        self.now = START
        self.count = 0
        self.error: Exception | None = None
        self.errors_once: list[Exception] = []
        self.waits: list[float] = []

    def obtain(self) -> Credential[int]:
        self.count += 1
        if self.errors_once:
            raise self.errors_once.pop()
        if self.error is not None:
            raise self.error
        return Credential(self.count, self.now + timedelta(seconds=60))


@pytest.fixture
def login() -> Login:
    return Login()


@pytest.fixture
def cache(login: Login) -> CredentialCache[int]:
    return CredentialCache(login.obtain, lambda: login.now, login.waits.append)


def test_a_login_is_kept_until_it_expires(login: Login, cache: CredentialCache[int]) -> None:
    assert [cache.get().value, cache.get().value] == [1, 1]
    login.now += timedelta(seconds=60)
    assert cache.get().value == 2


def test_a_refused_login_is_renewed_once_for_all(login: Login, cache: CredentialCache[int]) -> None:
    refused = cache.get()
    assert [cache.renew(refused).value, cache.renew(refused).value, cache.get().value] == [2, 2, 2]
    assert login.count == 2


@pytest.mark.parametrize("error", [OutcomeUnknown(), ContractBroken()])
def test_a_login_without_answer_means_that_nothing_was_sent(
    login: Login, cache: CredentialCache[int], error: Exception
) -> None:
    login.error = error
    with pytest.raises(NotSent):
        cache.get()


def test_a_login_without_answer_is_tried_once_more_after_a_moment(
    login: Login, cache: CredentialCache[int]
) -> None:
    login.errors_once = [OutcomeUnknown()]
    assert (cache.get().value, len(login.waits)) == (2, 1)
    assert login.waits[0] <= 0.5


@pytest.mark.parametrize("error", [ContractBroken(), NotAuthorized(), Busy()])
def test_a_login_that_was_answered_is_not_tried_again(
    login: Login, cache: CredentialCache[int], error: AdapterError
) -> None:
    login.errors_once = [error]
    with pytest.raises(AdapterError):
        cache.get()
    assert (login.count, login.waits) == (1, [])


def test_a_refused_account_is_not_kept(login: Login, cache: CredentialCache[int]) -> None:
    login.error = NotAuthorized()
    with pytest.raises(NotAuthorized):
        cache.get()
    login.error = None
    assert cache.get().value == 2


def test_threads_share_one_login(login: Login, cache: CredentialCache[int]) -> None:
    start = threading.Barrier(8)
    got: list[int] = []

    def work() -> None:
        start.wait()
        got.append(cache.get().value)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (got, login.count) == ([1] * 8, 1)
