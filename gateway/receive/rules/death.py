"""Rules of deaths (Law on civil status, art. 32 to 34)."""

from collections.abc import Iterator
from typing import Final

from gateway.receive.date_bounds import find_bounds
from gateway.receive.finding import Finding, Path
from gateway.receive.rules.scene import Scene
from mappings.canonical import Death

_DATE: Final[Path] = ("death", "date")


def died_before_registration(scene: Scene, event: Death) -> Iterator[Finding]:
    """A death is registered after it happened."""
    died = find_bounds(event.death.date)
    if died is not None and died.earliest > scene.registered_on:
        yield Finding("died_after_registration", _DATE)


def died_after_birth(_scene: Scene, event: Death) -> Iterator[Finding]:
    """As far as the dates tell."""
    died, born = find_bounds(event.death.date), find_bounds(event.deceased.birth_date)
    if died is not None and born is not None and died.latest < born.earliest:
        yield Finding("died_before_birth", _DATE)


def notice_precedes_registration(scene: Scene, event: Death) -> Iterator[Finding]:
    """The paper is shown at the registration; a court may have written it before the day it fixes."""
    notice = event.death.notice
    if notice is not None and notice.issued_on is not None and notice.issued_on > scene.registered_on:
        yield Finding("notice_after_registration", ("death", "notice", "issued_on"))


DEATH_RULES: Final = (died_before_registration, died_after_birth, notice_precedes_registration)
