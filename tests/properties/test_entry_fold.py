"""Whatever changes an entry saw: taking one back restores it, arrival does not matter, nothing is lost."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.model.entry_history import Recorded, tell_history
from gateway.model.ids import EventId
from mappings.canonical import parse_event
from mappings.canonical.registration import EntryIdentity
from tests.support.corrections import a_birth_of_the_office, a_correction

ENTRY = EntryIdentity("00691", "KS", 2026, "41")
START = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
VALUES = {
    "mother.name": ("PHẠM THỊ MẪU", "PHẠM THỊ MẪN", "TRẦN THỊ THỬ"),
    "mother.birth_date": ("1997-03-14", "1996-03-14", "1996"),
    "name": ("LÊ THỬ NGHIỆM", "LÊ NGHIỆM THỬ"),
    "ethnic_group": ("01", "02", None),
    "father.nationality": ("VN", "LA"),
    "place_of_birth": ("Hà Giang", "Tuyên Quang"),
}
CHANGES = st.lists(
    st.sampled_from(sorted(VALUES)).flatmap(
        lambda field: st.tuples(st.just(field), st.sampled_from(VALUES[field]))
    ),
    min_size=1,
    max_size=12,
)


def _birth() -> Recorded:
    return Recorded(EventId("0"), parse_event(a_birth_of_the_office()), START)


def _change(number: int, changes: Sequence[dict[str, Any]]) -> Recorded:
    moment = (START + timedelta(minutes=number)).isoformat()
    event = a_correction(str(number), act="change", registration__registered_at=moment, changes=list(changes))
    return Recorded(EventId(f"{number:03}"), parse_event(event), START)


def _walk(wishes: Sequence[tuple[str, str | None]]) -> list[Recorded]:
    """Changes that each state what the entry says by then; those that change nothing are left out."""
    events = [_birth()]
    for field, after in wishes:
        known = tell_history(ENTRY, events).values()
        role = "child." if "." not in field else ""
        before = known.get(role + field)
        if before != after:
            change = {"field": field, "before": before, "after": after}
            events.append(_change(len(events), [change]))
    return events


@settings(max_examples=60, deadline=None)
@given(CHANGES)
def test_a_change_and_its_inverse_leave_the_entry_as_it_was(wishes: list[tuple[str, str | None]]) -> None:
    events = _walk(wishes)
    original = tell_history(ENTRY, events[:1]).values()
    number = len(events)
    for step in reversed(tell_history(ENTRY, events).steps[1:]):
        (applied,) = step.changes
        field = applied.field.removeprefix("child.")
        change = {"field": field, "before": applied.after, "after": applied.before}
        events.append(_change(number, [change]))
        number += 1
    assert tell_history(ENTRY, events).values() == original


@settings(max_examples=60, deadline=None)
@given(CHANGES, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(wishes: list[tuple[str, str | None]], chance: Any) -> None:  # noqa: ANN401 - hypothesis' own random
    events = _walk(wishes)
    shuffled = list(events)
    chance.shuffle(shuffled)
    assert tell_history(ENTRY, shuffled) == tell_history(ENTRY, events)


@settings(max_examples=60, deadline=None)
@given(CHANGES)
def test_each_step_finds_what_the_one_before_it_left(wishes: list[tuple[str, str | None]]) -> None:
    events = _walk(wishes)
    history = tell_history(ENTRY, events)
    state: dict[str, str | None] = {}
    for step in history.steps:
        for applied in step.changes:
            assert applied.before == state.get(applied.field)
            state[applied.field] = applied.after
            assert applied.agrees is not False
    assert {field: value for field, value in state.items() if value is not None} == history.values()
