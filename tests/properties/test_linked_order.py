"""Whatever fails and whenever the registry speaks: the linked service hears each state once, in its order."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.port import Accepted, News, RequestId, Stage
from gateway.deliver.follow_up import LINKED_MATTERS
from gateway.model.delivery import Watch
from gateway.model.ids import Destination
from gateway.receive.plan import plan_steps, shipped_plans
from mappings.canonical import parse_event
from retry_queue.states import State
from tests.support.events import a_birth, a_death, a_marriage
from tests.support.house import RECORD, House
from tests.support.linked_partner import CODES, FAULTS, LinkedPartner
from tests.support.partner import EVIDENCE

PLANS = shipped_plans({"personal_id_wait_seconds": 1})
REGISTRY, ONE_STOP = Destination.NATIONAL_REGISTRY, Destination.ONE_STOP
LINKED = {"dossier__linked_code": "G22.99.01-261116-0001"}
EVENTS = {"birth": a_birth, "marriage": a_marriage, "death": a_death}
TURNS_MAX = 400
HOUR_SECONDS = 3600
BETWEEN = st.lists(st.sampled_from([Stage.PROCESSING, Stage.SUPPLEMENT_ASKED]), max_size=3)


def _work(house: House, destination: Destination) -> bool:
    """One attempt; false when nothing can be claimed now."""
    try:
        house.deliver(destination)
    except ValueError:
        return False
    return True


def _hear(house: House, watch: Watch, stage: Stage) -> None:
    news = News(RequestId("GW-1"), stage, partner_code="3", occurred_at=house.now)
    house.news_desk.record(watch, news, house.now)


def _expected(stages: list[Stage], *, handed_over: bool) -> list[str]:
    told = [CODES[state] for state in ("taken_in", "accepted", "forwarded")]
    if Stage.SUPPLEMENT_ASKED in stages:
        told.append(CODES["supplement_asked"])
    told.append(CODES["completed" if stages[-1] is Stage.COMPLETED else "refused"])
    return [*told, CODES["handed_over"]] if handed_over else told


@given(
    kind=st.sampled_from(sorted(EVENTS)),
    between=BETWEEN,
    last=st.sampled_from([Stage.COMPLETED, Stage.REFUSED]),
    faults=st.lists(st.sampled_from(FAULTS), max_size=25),
    pace=st.lists(st.booleans(), min_size=8, max_size=8),
)
def test_each_state_is_heard_once_in_the_enforced_order(
    kind: str, between: list[Stage], last: Stage, faults: list[str], pace: list[bool]
) -> None:
    house = House()
    partner = LinkedPartner(faults=list(faults))
    house.partners[ONE_STOP] = partner
    event = EVENTS[kind](**LINKED)
    told = [step for step in plan_steps(PLANS, parse_event(event)) if step.destination is ONE_STOP]
    stored = house.accept(event, RECORD, *told)
    turns = iter(pace)
    house.partners[REGISTRY].answers = [Accepted(EVIDENCE, pending=True)]
    if next(turns):
        _work(house, ONE_STOP)
    _work(house, REGISTRY)
    stages = [*between, last]
    for stage in stages:
        if next(turns):
            _work(house, ONE_STOP)
        (watch,) = (each for each in house.watches(stored.event_id) if each.destination is REGISTRY)
        _hear(house, watch, stage)
    _drain(house)
    watched = [each for each in house.watches(stored.event_id) if each.destination is ONE_STOP]
    assert bool(watched) is (last is Stage.COMPLETED)
    for watch in watched:
        _hear(house, watch, Stage.COMPLETED)
    _drain(house)
    assert partner.too_early == []
    assert partner.states == _expected(stages, handed_over=last is Stage.COMPLETED)
    states = {house.state(stored.event_id, step) for step in house.steps(stored.event_id) if "linked" in step}
    assert states == {State.DONE}


def _drain(house: House) -> None:
    """Until nothing can be claimed, however long one waits."""
    for _ in range(TURNS_MAX):
        if not _work(house, ONE_STOP):
            house.pass_time(HOUR_SECONDS)
            if not _work(house, ONE_STOP):
                return


def test_the_plans_and_the_follow_ups_know_the_same_linked_matters() -> None:
    later = {name for name, plan in PLANS.items() if (ONE_STOP, "linked_status") in plan.later}
    planned = {
        name
        for name, plan in PLANS.items()
        if any(each.step.message == "linked_status" for each in plan.steps)
    }
    assert later == planned == LINKED_MATTERS
