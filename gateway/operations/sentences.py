"""Sentences for people, in both languages, with times as the clock on the wall in Vietnam shows them."""

from dataclasses import dataclass
from datetime import datetime

from gateway.model.clock import VIETNAM
from gateway.model.ids import Destination


@dataclass(frozen=True, slots=True)
class Sentence:
    """The same thing in Vietnamese and in English."""

    vi: str
    en: str

    def __add__(self, other: "Sentence") -> "Sentence":
        """One after the other."""
        return Sentence(f"{self.vi} {other.vi}", f"{self.en} {other.en}")


DESTINATIONS = {
    Destination.NATIONAL_REGISTRY: Sentence("CSDL hộ tịch điện tử", "the national civil-status registry"),
    Destination.POPULATION_DB: Sentence("CSDL quốc gia về dân cư", "the national population database"),
    Destination.ONE_STOP: Sentence("hệ thống một cửa", "the one-stop system"),
}


def clock_time(instant: datetime) -> str:
    """For example `14:05:00 22/11/2026`."""
    return instant.astimezone(VIETNAM).strftime("%H:%M:%S %d/%m/%Y")
