"""Was the order kept? Per person and system, what was registered first must be held first."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from simulators.demo.holdings import Holdings, dossier_key, step_key
from simulators.demo.needs import SYSTEM_NAMES, Need
from simulators.local_registry.township import Registered


@dataclass(frozen=True, slots=True)
class Ordered:
    """Pairs that share a person or a dossier, and those in the wrong order."""

    pairs: int
    broken: tuple[str, ...]


def check_order(needs: Iterable[Need], holdings: Holdings) -> Ordered:
    """Compare the journals' order with the order of registration."""
    positions: dict[tuple[str, str], dict[str, list[int]]] = defaultdict(dict)
    for need in needs:
        held = holdings.find(need.key)
        if held is None:
            continue
        for person in need.event.stated_persons:
            by_event = positions[need.system, person]
            by_event.setdefault(need.event.source_event_id, []).append(held.position)
    pairs, broken = 0, []
    for (system, _), by_event in positions.items():
        for (first, before), (second, after) in pairwise(by_event.items()):
            pairs += 1
            if max(before) > min(after):
                broken.append(f"{SYSTEM_NAMES[system]}: {second} overtook {first} of the same person")
    return Ordered(pairs, tuple(dict.fromkeys(broken)))


def check_dossiers(events: Sequence[Registered], holdings: Holdings) -> Ordered:
    """A dossier is there before its steps."""
    pairs, broken = 0, []
    for event in events:
        dossier, steps = holdings.find(dossier_key(event)), holdings.of(step_key(event))
        if not event.dossier_code or not steps:
            continue
        pairs += 1
        if dossier is None or dossier.position > steps[0].position:
            broken.append(f"{event.source_event_id}: a step came before its dossier")
    return Ordered(pairs, tuple(broken))
