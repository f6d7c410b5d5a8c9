"""What a claim calls for: to send, to ask, to send again, or a person. Pure."""

from enum import Enum, auto

from adapters.port import Repeats


class NextAct(Enum):
    """What to do with a claimed delivery."""

    SEND = auto()
    ASK = auto()
    REPEAT = auto()
    """Send the same request once more: the destination takes it for what it is."""
    PERSON = auto()


def next_act(repeats: Repeats, *, must_ask: bool) -> NextAct:
    """What is unknown is asked about; failing that repeated, where that is harmless; failing that shown."""
    if not must_ask:
        return NextAct.SEND
    if repeats.asks:
        return NextAct.ASK
    return NextAct.REPEAT if repeats.idempotent else NextAct.PERSON
