"""Whatever is posted, the model answers with an event or with a list of faults, never with anything else."""

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mappings.canonical import EVENT_TYPES, WORDINGS, dump_event, parse_event, sample_event

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(
        ["unknown", "2026-02-30", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "\ud800", "08"]
    ),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401 - any JSON value
    """Every path inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(each for key, below in inner for each in places(below, (*path, key)))]


@st.composite
def spoilt_events(draw: st.DrawFn) -> dict[str, Any]:
    event = copy.deepcopy(sample_event(draw(st.sampled_from(sorted(EVENT_TYPES)))))
    for _ in range(draw(st.integers(1, 3))):
        *parents, last = draw(st.sampled_from([path for path in places(event) if path]))
        holder: Any = event
        for key in parents:
            holder = holder[key]
        holder[last] = draw(JSON)
    return event


def faults(value: object) -> list[ErrorDetails]:
    """What the model has against a value; any other kind of failure fails the test that asked."""
    try:
        parse_event(value)
    except ValidationError as refusal:
        return refusal.errors()
    return []


@given(spoilt_events())
def test_a_spoilt_event_gives_faults_with_codes_or_a_sound_event(event: dict[str, Any]) -> None:
    found = faults(event)
    for fault in found:
        wording = WORDINGS.get(fault["type"])
        if wording is not None:
            context = fault.get("ctx", {})
            assert wording.vietnamese.format(**context)
            assert fault["msg"] == wording.english.format(**context)
    if not found:
        sound = parse_event(event)
        assert parse_event(dump_event(sound)) == sound


@given(JSON)
def test_any_json_value_that_is_no_event_is_refused_with_faults(value: object) -> None:
    assert faults(value)
