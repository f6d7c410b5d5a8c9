"""The virtual world itself: time, flags, death."""

from functools import partial

from retry_queue.proof.scheduler import SECOND, Process, Scheduler, VirtualFlag

FOR_EVER = 10**12


def test_what_happens_at_the_same_instant_happens_in_the_order_it_was_put_down() -> None:
    scheduler, seen = Scheduler(), list[str]()
    for name in ("b", "a", "c"):
        scheduler.call_at(5, partial(seen.append, name))
    scheduler.call_at(1, lambda: seen.append("first"))
    scheduler.run(FOR_EVER)
    assert (seen, scheduler.now) == (["first", "b", "a", "c"], 5)


def test_flag_wakes_who_waits_and_waiting_ends_with_the_time() -> None:
    scheduler = Scheduler()
    process, seen = Process("p", scheduler), []
    flag = VirtualFlag(process)

    def wait() -> None:
        seen.append((flag.wait(3), scheduler.now))
        seen.append((flag.wait(30), scheduler.now))

    process.spawn("waits", wait)
    scheduler.call_at(5 * SECOND, flag.set)
    scheduler.run(FOR_EVER)
    assert seen == [(False, 3 * SECOND), (True, 5 * SECOND)]


def test_dead_process_does_nothing_any_more() -> None:
    scheduler = Scheduler()
    process, seen = Process("p", scheduler), []

    def sleep() -> None:
        seen.append("asleep")
        process.sleep(10 * SECOND)
        seen.append("awake")

    task = process.spawn("sleeps", sleep)
    scheduler.call_at(5 * SECOND, process.kill)
    scheduler.run(FOR_EVER)
    assert (seen, task.is_alive()) == (["asleep"], False)


def test_frozen_process_goes_on_later() -> None:
    scheduler = Scheduler()
    process, seen = Process("p", scheduler), []

    def sleep() -> None:
        process.sleep(10 * SECOND)
        seen.append(scheduler.now)

    process.spawn("sleeps", sleep)
    scheduler.call_at(5 * SECOND, lambda: process.freeze(60 * SECOND))
    scheduler.run(FOR_EVER)
    assert seen == [60 * SECOND]


def test_joining_waits_for_the_end() -> None:
    scheduler = Scheduler()
    process, seen = Process("p", scheduler), []
    task = process.spawn("sleeps", lambda: process.sleep(7 * SECOND))

    def join() -> None:
        task.join(60)
        seen.append(scheduler.now)

    process.spawn("joins", join)
    scheduler.run(FOR_EVER)
    assert seen == [7 * SECOND]
