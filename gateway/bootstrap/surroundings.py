"""What comes from the machine: time and chance, handed in so that a test can hold them."""

from dataclasses import dataclass

from gateway.model.clock import Clock
from gateway.model.ids import RandomBytes
from retry_queue.policy import Random


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The clock, a source of chance, and a source of secrets and ids."""

    clock: Clock
    random: Random
    random_bytes: RandomBytes
