"""The real gateway that kills itself at a named place, e.g. `KILL_AT=announced:3`.

Production knows nothing of it: functions of the walk are wrapped before the real command takes over.
"""

import os
import signal
import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from gateway.cli import app
from gateway.deliver import walk as delivering
from gateway.deliver.news import NewsDesk
from gateway.deliver.walk import DeliveryHandler
from gateway.operations.webhooks.post import HttpPost
from gateway.receive import walk as receiving
from gateway.receive.walk import Committer
from retry_queue.announcing import Announcing
from retry_queue.recording import Recording

KILL_AT: Final = "KILL_AT"
BEFORE, AFTER = "before", "after"

PLACES: Final[dict[str, tuple[Any, str, str]]] = {
    "intake_not_committed": (receiving, "commit_batch", AFTER),
    "intake_committed": (Committer, "__call__", AFTER),
    "claimed": (DeliveryHandler, "prepare_together", BEFORE),
    "translated": (delivering, "translate", AFTER),
    "announced": (Announcing, "ready", AFTER),
    "answered": (delivering, "send", AFTER),
    "record_not_committed": (DeliveryHandler, "record_together", AFTER),
    "recorded": (Recording, "_record_all", AFTER),
    "webhook_answered": (HttpPost, "__call__", AFTER),
    "news_heard": (NewsDesk, "record", BEFORE),
    "news_recorded": (NewsDesk, "record", AFTER),
}
"""Place -> what is wrapped, and whether the process dies before or after it has run."""


def arm(place: str, passage: int) -> None:
    """From now on the process dies when the place is passed for the so-many-th time."""
    holder, name, moment = PLACES[place]
    lock, passed = threading.Lock(), iter(range(1, passage))

    def die_when_it_is_time() -> None:
        with lock:
            if next(passed, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

    setattr(holder, name, _wrapped(getattr(holder, name), moment, die_when_it_is_time))


def _wrapped(
    act: Callable[..., Any], moment: str, die_when_it_is_time: Callable[[], None]
) -> Callable[..., Any]:
    @wraps(act)
    def wrapper(*positional: Any, **named: Any) -> Any:  # noqa: ANN401 - stands in for anything
        if moment == BEFORE:
            die_when_it_is_time()
        result = act(*positional, **named)
        if moment == AFTER:
            die_when_it_is_time()
        return result

    return wrapper


if __name__ == "__main__":
    if wanted := os.environ.get(KILL_AT):
        chosen, _, count = wanted.partition(":")
        arm(chosen, int(count))
    app()
