"""The judge: compares what was accepted with what the three systems hold, by their own journals."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, TypeAlias

from simulators.demo.answers import check_answers, count_intake
from simulators.demo.content import check_content
from simulators.demo.follow_ups import check_linked, check_numbers, check_steps
from simulators.demo.holdings import Holdings, Key, dossier_key, linked_key, step_key, supplement_key
from simulators.demo.legal_needs import record_key, settled_by_person, wants_number
from simulators.demo.needs import SYSTEM_NAMES, Need, needs_of
from simulators.demo.order import check_dossiers, check_order
from simulators.demo.posting import Outbox
from simulators.demo.scheme import ONE_STOP, POPULATION, Excuse, Scheme
from simulators.demo.settings import HOUR_SECONDS, PROMISE_HOURS, DemoSettings
from simulators.demo.verdict import MatterCount, SystemCount, Verdict, Waiting
from simulators.local_registry.mistakes import Mistakes
from simulators.local_registry.township import Registered, Township

Json: TypeAlias = dict[str, Any]
NEW_NUMBER, BY_LAW = "refused.new_number_needed", "by law: a new personal ID"


@dataclass(frozen=True, slots=True)
class Case:
    """What the run set out with."""

    settings: DemoSettings
    township: Township
    mistakes: Mistakes
    scheme: Scheme


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is there to judge by: answers, journals, faults that struck, and the operators' view."""

    outbox: Outbox
    holdings: Holdings
    planted: Sequence[Json]
    operators_view: Mapping[str, Any]


def judge(case: Case, evidence: Evidence) -> Verdict:
    """Judge everything; `is_settled` is false while only something is missing yet."""
    holdings, accepted = evidence.holdings, evidence.outbox.accepted
    events = [event for event in case.township.registered if event.source_event_id in accepted]
    needs = needs_of(events, case.township.unstated, case.scheme.excuses)
    numbers = check_numbers(events, holdings, accepted, case.settings.number_wait_seconds)
    steps = check_steps(events, holdings, case.scheme.clerk_decisions)
    linked = check_linked(events, holdings, case.scheme.clerk_decisions)
    order, dossiers = check_order(needs, holdings), check_dossiers(events, holdings)
    waiting = _waiting(case, evidence)
    lost = [need for need in needs if need.excuse is None and holdings.find(need.key) is None]
    missing = [
        *(f"{each.event.source_event_id}: {SYSTEM_NAMES[each.system]} does not hold it" for each in lost),
        *(*numbers.missing, *steps.missing, *linked.missing, *_check_excuses(needs, evidence, waiting)),
        *_check_law(events, waiting),
    ]
    wrong = [
        *_check_aim(case.scheme.excuses, needs),
        *check_answers(case.township.registered, evidence.outbox, case.mistakes),
        *(*numbers.wrong, *steps.wrong, *linked.wrong, *order.broken, *dossiers.broken),
        *check_content(events, holdings),
        *_check_doubles(holdings),
        *_check_strangers(events, needs, holdings),
        *_check_refusals(evidence),
        *_check_operators_view(waiting, evidence.operators_view),
    ]
    systems = {name: _count(name, needs, holdings, case.settings.time_factor) for name in SYSTEM_NAMES}
    wrong += _check_breaches(systems)
    return Verdict(
        intake=count_intake(evidence.outbox),
        matters=_matters(events, needs, holdings),
        systems=systems,
        waiting=tuple(waiting),
        lost=len(lost),
        late_numbers=numbers.needed,
        late_numbers_followed=numbers.found,
        steps=sum(len(holdings.of(step_key(event))) for event in events if event.dossier_code),
        finished_dossiers=steps.found,
        linked_dossiers=linked.found,
        ordered_pairs=order.pairs + dossiers.pairs,
        order_broken=len(order.broken) + len(dossiers.broken),
        faults=_faults(case, evidence),
        is_settled=not missing,
        disagreements=(*missing, *wrong),
    )


def _faults(case: Case, evidence: Evidence) -> dict[str, int]:
    """Faults that struck single calls, and the outages, which strike whoever calls meanwhile."""
    outages = [rule for rule in case.scheme.plan["faults"] if rule["kind"] == "outage"]
    return dict(Counter(f"{each['system']}/{each['kind']}" for each in (*evidence.planted, *outages)))


def _matters(
    events: Sequence[Registered], needs: Sequence[Need], holdings: Holdings
) -> dict[str, MatterCount]:
    """Per type of event: how many were accepted, and what each system must hold and holds of them."""
    accepted = Counter(event.matter for event in events)
    wanted = Counter((need.event.matter, need.system) for need in needs)
    held = Counter((need.event.matter, need.system) for need in needs if holdings.find(need.key) is not None)
    return {
        matter: MatterCount(
            count,
            must_hold={system: wanted[matter, system] for system in SYSTEM_NAMES},
            holds={system: held[matter, system] for system in SYSTEM_NAMES},
        )
        for matter, count in sorted(accepted.items())
    }


def _count(system: str, needs: Sequence[Need], holdings: Holdings, factor: float) -> SystemCount:
    own = [need for need in needs if need.system == system]
    found = [(need, held) for need in own if (held := holdings.find(need.key)) is not None]
    hours = [
        (held.received_at - need.event.registered_at).total_seconds() * factor / HOUR_SECONDS
        for need, held in found
    ]
    return SystemCount(
        must_hold=len(own),
        holds=len(found),
        waits=sum(need.excuse is not None for need in own if holdings.find(need.key) is None),
        sent_twice=_second_records(system, holdings),
        absorbed=len(holdings.repeats[system]),
        median_hours=round(median(hours), 2) if hours else 0.0,
        worst_hours=round(max(hours), 2) if hours else 0.0,
        breaches=sum(each > PROMISE_HOURS for each in hours),
    )


def _second_records(system: str, holdings: Holdings) -> int:
    own = [found for found in holdings.by_key.values() if found[0].system == system]
    seconds = sum(len(found) - 1 for found in own if not found[0].has_siblings)
    return seconds + sum(held.is_duplicate for found in own for held in found if held.has_siblings)


def _check_doubles(holdings: Holdings) -> list[str]:
    wrong = [
        f"{SYSTEM_NAMES[system]}: {count} second records"
        for system in SYSTEM_NAMES
        if (count := _second_records(system, holdings))
    ]
    changed = [each for entries in holdings.repeats.values() for each in entries if _has_changed(each)]
    return [*wrong, *(f"a repeat of request {each['identity']} had other content" for each in changed)]


def _has_changed(repeat: Mapping[str, Any]) -> bool:
    return bool(repeat["facts"].get("content_differs"))


def _check_breaches(systems: Mapping[str, SystemCount]) -> list[str]:
    return [
        f"{SYSTEM_NAMES[name]}: {system.breaches} deliveries after more than {PROMISE_HOURS:.0f} h"
        for name, system in systems.items()
        if system.breaches
    ]


def _check_strangers(events: Sequence[Registered], needs: Sequence[Need], holdings: Holdings) -> list[str]:
    """Nothing may be held that no accepted event asks for."""
    wanted: set[Key] = {need.key for need in needs}
    for event in events:
        wanted |= {record_key(event), dossier_key(event), step_key(event), linked_key(event)}
        if wants_number(event):
            wanted.add(supplement_key(event))
    return [
        f"{SYSTEM_NAMES[held[0].system]} holds {' '.join(held[0].key[1:])}, which no event asked for"
        for key, held in holdings.by_key.items()
        if key not in wanted
    ]


def _check_refusals(evidence: Evidence) -> list[str]:
    """A system refuses only what the plan made it refuse; anything else is a message that we got wrong."""
    planted = {(each["system"], each["identity"]) for each in evidence.planted}
    return [
        f"{SYSTEM_NAMES[system]} refused {entry['operation']} {entry['identity']}, which nobody planted"
        for system, entries in evidence.holdings.refused.items()
        for entry in entries
        if not entry["facts"].get("planted", (system, entry["identity"]) in planted)
    ]


def _waiting(case: Case, evidence: Evidence) -> list[Waiting]:
    source_of = evidence.outbox.source_of()
    excuses = {(each.source_event_id, each.system): each for each in case.scheme.excuses}
    by_law = {each.source_event_id for each in case.township.registered if settled_by_person(each)}
    found = []
    for item in evidence.operators_view.get("attention", ()):
        name, system = source_of.get(item["event_id"], ""), item["destination"]
        excuse = excuses.get((name, system))
        struck = excuse.kind if excuse is not None and _has_struck(excuse, evidence.planted) else ""
        if system == POPULATION and name in by_law and item["reason"] == NEW_NUMBER:
            struck = BY_LAW
        found.append(Waiting(name or item["event_id"], system, f"{item['step']}: {item['reason']}", struck))
    return found


def _has_struck(excuse: Excuse, planted: Sequence[Json]) -> bool:
    return any(
        each["system"] == excuse.system
        and each["kind"] == excuse.kind
        and (excuse.match in each["subject"] or excuse.match in each["identity"])
        for each in planted
    )


def _check_excuses(needs: Sequence[Need], evidence: Evidence, waiting: Sequence[Waiting]) -> list[str]:
    """A planted refusal must have struck, must be obeyed, and must wait where people see it."""
    shown = {(each.source_event_id, each.system) for each in waiting}
    missing = []
    for need in needs:
        if need.excuse is None:
            continue
        name = f"{need.event.source_event_id} ({SYSTEM_NAMES[need.system]})"
        if not _has_struck(need.excuse, evidence.planted):
            missing.append(f"{name}: the planted {need.excuse.kind} has not struck")
        elif evidence.holdings.find(need.key) is not None:
            missing.append(f"{name}: held although it was refused")
        elif (need.event.source_event_id, need.system) not in shown:
            missing.append(f"{name}: refused, and no person is asked to decide")
    return missing


def _check_law(events: Iterable[Registered], waiting: Iterable[Waiting]) -> list[str]:
    """What only a person may settle must be laid before one."""
    asked = {each.source_event_id for each in waiting if each.planted == BY_LAW}
    return [
        f"{event.source_event_id}: a new personal ID is needed by law, and no person is asked"
        for event in events
        if settled_by_person(event) and event.source_event_id not in asked
    ]


def _check_aim(excuses: Iterable[Excuse], needs: Iterable[Need]) -> list[str]:
    """A refusal that is planted where nothing is to be delivered would show nothing."""
    needed = {(need.event.source_event_id, need.system) for need in needs}
    return [
        f"{each.source_event_id}: {each.kind} is planted where {SYSTEM_NAMES[each.system]} needs nothing"
        for each in excuses
        if (each.source_event_id, each.system) not in needed
    ]


def _check_operators_view(waiting: Sequence[Waiting], view: Mapping[str, Any]) -> list[str]:
    """Only planted refusals may wait for a person; behind them only steps of the same dossier."""
    wrong = [
        f"{each.source_event_id} ({each.system}) waits for a person without a planted fault: {each.reason}"
        for each in waiting
        if not each.planted
    ]
    for place in view.get("destinations", ()):
        states = {each["state"]: each["deliveries"] for each in place["states"]}
        held, name = states.pop("held", 0), place["destination"]
        if held != sum(each.system == name for each in waiting):
            wrong.append(f"{name}: {held} held deliveries, but the list of them says otherwise")
        if name == ONE_STOP and held:
            states.pop("waiting", None)
        wrong += [f"{name}: {count} deliveries still {state}" for state, count in states.items()]
        if place["hold_reason"]:
            wrong.append(f"{name} is held as a whole: {place['hold_reason']}")
    return wrong
