import threading

from gateway.operations.schedule import Chore, Schedule
from tests.support.waiting import wait_for

SOON = 0.01


class Turns:
    """Counts turns and how many were under way at once."""

    def __init__(self) -> None:
        self.taken = 0
        self.under_way = 0
        self.most_at_once = 0
        self.fails = False
        self.gate: threading.Event | None = None

    def __call__(self) -> None:
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        if self.gate is not None:
            self.gate.wait(10)
        self.under_way -= 1
        self.taken += 1
        if self.fails:
            raise RuntimeError("a chore of the test")


def test_a_chore_is_done_again_and_again() -> None:
    turns = Turns()
    schedule = Schedule([Chore("upkeep", SOON, turns)])
    schedule.start()
    wait_for(lambda: turns.taken >= 3, "three turns")
    schedule.stop()


def test_a_chore_never_overlaps_with_itself_and_holds_up_no_other() -> None:
    slow, quick = Turns(), Turns()
    slow.gate = threading.Event()
    schedule = Schedule([Chore("slow", SOON, slow), Chore("quick", SOON, quick)])
    schedule.start()
    wait_for(lambda: quick.taken >= 5 and slow.under_way == 1, "the quick one goes on")
    slow.gate.set()
    schedule.stop()
    assert slow.most_at_once == 1


def test_a_chore_that_fails_is_counted_and_tried_again() -> None:
    turns = Turns()
    turns.fails = True
    schedule = Schedule([Chore("upkeep", SOON, turns)])
    schedule.start()
    wait_for(lambda: schedule.failures_in_row["upkeep"] >= 2, "two failures in a row")
    turns.fails = False
    wait_for(lambda: schedule.failures_in_row["upkeep"] == 0, "a good turn")
    schedule.stop()


def test_it_is_alive_between_start_and_stop() -> None:
    schedule = Schedule([Chore("upkeep", 60, Turns())])
    lives = [schedule.is_alive]
    schedule.start()
    lives.append(schedule.is_alive)
    schedule.stop()
    lives.append(schedule.is_alive)
    assert lives == [False, True, False]


def test_stop_waits_for_the_chore_under_way() -> None:
    turns = Turns()
    turns.gate = threading.Event()
    schedule = Schedule([Chore("upkeep", SOON, turns)])
    schedule.start()
    wait_for(lambda: turns.under_way == 1, "the chore is under way")
    stopper = threading.Thread(target=schedule.stop)
    stopper.start()
    assert turns.taken == 0
    turns.gate.set()
    stopper.join(10)
    assert turns.taken == 1
