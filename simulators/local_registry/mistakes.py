"""What goes wrong at the desks: broken messages, messages sent twice, one entry sent under two names."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any, TypeAlias

from simulators.local_registry.township import Registered

Json: TypeAlias = dict[str, Any]
BROKEN_SHARE, REPEAT_SHARE = 0.02, 0.02


@dataclass(frozen=True, slots=True)
class Broken:
    """A message that must be refused as a whole, with at least these faults named."""

    message: Json
    pointers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Mistakes:
    """Everything planted on the sender's side."""

    broken: tuple[Broken, ...]
    repeated: tuple[Registered, ...]
    """Sent once more, byte for byte: the same receipt must come back."""
    changed: Json
    """An accepted message with other content under the same number: a conflict."""
    renamed: Json
    """An accepted entry under another number: a duplicate of another registration."""


def plant(seed: int, registered: Sequence[Registered]) -> Mistakes:
    """Choose and build the mistakes; a short run has at least one of each."""
    chance = Random(f"mistakes/{seed}")
    count = max(len(BREAKERS), round(BROKEN_SHARE * len(registered)))
    broken = [_broken(chance, registered, number) for number in range(count)]
    repeats = max(2, round(REPEAT_SHARE * len(registered)))
    # The first one was accepted before the gateway is killed: its receipt must have survived.
    others = chance.sample(registered[1:], min(repeats, len(registered) - 1))
    changed = deepcopy(registered[0].message)
    changed["note"] = "Nội dung khác dưới cùng một mã"
    # A remark has no number of its own by which it could be known again.
    numbered = [each for each in registered if "number" in each.message["registration"]]
    renamed = deepcopy((numbered or registered)[-1].message)
    renamed["source_event_id"] += "-LAN-2"
    usable = tuple(each for each in broken if each is not None)
    return Mistakes(usable, (registered[0], *others), changed, renamed)


def _broken(chance: Random, registered: Sequence[Registered], number: int) -> Broken | None:
    matter, break_it = BREAKERS[number % len(BREAKERS)]
    fitting = [each for each in registered if each.matter == matter]
    if not fitting:
        return None
    message = deepcopy(chance.choice(fitting).message)
    message["source_event_id"] += f"-HONG-{number + 1}"
    return Broken(message, frozenset(break_it(message)))


def _break_birth(message: Json) -> list[str]:
    del message["child"]["name"]
    message["child"]["birth_date"] = {"year": 2026, "month": 13, "day": 1, "certainty": "exact"}
    message["child"]["ethnic_group_code"] = "1"
    message["child"].pop("unknown", None)
    message["registration"]["number"] = ""
    message["copies_requested"] = -1
    return [
        *("/child/name", "/child/birth_date/month", "/child/ethnic_group_code"),
        *("/registration/number", "/copies_requested"),
    ]


def _break_marriage(message: Json) -> list[str]:
    message["husband"]["sex"] = "female"
    message["wife"]["birth_date"] = {"year": 2014, "month": 5, "day": 20, "certainty": "exact"}
    message["wife"].update(marital_status_before="divorced", marriage_number=1)
    # Hà Giang's province code, abolished on 1 July 2025: a code means nothing without a date.
    message["wife"]["residence"]["place"]["province_code"] = "02"
    return [
        *("/husband/sex", "/wife/birth_date", "/wife/marriage_number"),
        "/wife/residence/place/province_code",
    ]


def _break_death(message: Json) -> list[str]:
    message["deceased"]["personal_id"] = "09919700000"
    message["death"]["date"] = {"year": 2031, "month": 1, "day": 2, "certainty": "exact"}
    message["death"]["notice"]["issued_on"] = "2026-02-30"
    message["ghi_chu"] = "trường không có trong hợp đồng"
    return ["/deceased/personal_id", "/death/date", "/death/notice/issued_on", "/ghi_chu"]


BREAKERS: tuple[tuple[str, Callable[[Json], list[str]]], ...] = (
    ("birth", _break_birth),
    ("death", _break_death),
    ("marriage", _break_marriage),
)
