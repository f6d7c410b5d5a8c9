"""Patches and differences of plain JSON."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.operations.json_change import (
    OPERATIONS_MAX,
    ChangeFailed,
    apply_patch,
    differences,
    set_values,
    value_at,
)

CHILD = {"name": "A", "papers": [1, 2]}
BIRTH: dict[str, Any] = {"child": CHILD, "a/b~c": 1, "note": None}


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (
            {"op": "add", "path": "/child/sex", "value": "male"},
            {"name": "A", "papers": [1, 2], "sex": "male"},
        ),
        ({"op": "add", "path": "/child/papers/1", "value": 9}, {"name": "A", "papers": [1, 9, 2]}),
        ({"op": "add", "path": "/child/papers/-", "value": 9}, {"name": "A", "papers": [1, 2, 9]}),
        ({"op": "remove", "path": "/child/papers/0"}, {"name": "A", "papers": [2]}),
        ({"op": "replace", "path": "/child/name", "value": "B"}, {"name": "B", "papers": [1, 2]}),
        (
            {"op": "move", "from": "/child/papers/0", "path": "/child/first"},
            {"name": "A", "papers": [2], "first": 1},
        ),
        ({"op": "copy", "from": "/a~1b~0c", "path": "/child/name"}, {"name": 1, "papers": [1, 2]}),
        ({"op": "test", "path": "/child/papers", "value": [1, 2]}, {"name": "A", "papers": [1, 2]}),
    ],
)
def test_each_operation_does_what_the_standard_says(step: dict[str, Any], expected: object) -> None:
    assert apply_patch(BIRTH, [step])["child"] == expected


@pytest.mark.parametrize(
    ("step", "pointer"),
    [
        ({"op": "replace", "path": "/nobody", "value": 1}, "/nobody"),
        ({"op": "remove", "path": "/child/papers/2"}, "/child/papers/2"),
        ({"op": "remove", "path": "/child/papers/01"}, "/child/papers/01"),
        ({"op": "remove", "path": ""}, ""),
        ({"op": "test", "path": "/child/name", "value": "B"}, "/child/name"),
        ({"op": "test", "path": "/child/papers/0", "value": True}, "/child/papers/0"),
        ({"op": "move", "from": "/child", "path": "/child/name"}, "/child/name"),
        ({"op": "add", "path": "/child/name"}, "/child/name"),
        ({"op": "copy", "path": "/child/name"}, "/child/name"),
        ({"op": "jump", "path": "/child"}, "/child"),
        ({"op": "add", "value": 1}, ""),
        ({"op": "add", "path": "child", "value": 1}, "child"),
        ({"op": "add", "path": "/nobody/name", "value": 1}, "/nobody"),
        ({"op": "replace", "path": "", "value": []}, ""),
    ],
)
def test_a_step_that_cannot_be_taken_names_its_place(step: dict[str, Any], pointer: str) -> None:
    with pytest.raises(ChangeFailed) as failed:
        apply_patch(BIRTH, [step])
    assert failed.value.pointer == pointer
    assert failed.value.message_vi != failed.value.message_en


def test_a_patch_is_taken_whole_or_not_at_all_and_the_original_stays() -> None:
    steps = [{"op": "remove", "path": "/child"}, {"op": "remove", "path": "/nobody"}]
    with pytest.raises(ChangeFailed):
        apply_patch(BIRTH, steps)
    assert "child" in BIRTH


def test_a_patch_without_end_is_refused() -> None:
    with pytest.raises(ChangeFailed):
        apply_patch(BIRTH, [{"op": "test", "path": "", "value": BIRTH}] * (OPERATIONS_MAX + 1))


def test_setting_a_field_of_a_list_replaces_it() -> None:
    assert set_values(BIRTH, {"/child/papers/0": 7, "/note": "x"}) == {
        **BIRTH,
        "child": {"name": "A", "papers": [7, 2]},
        "note": "x",
    }


def test_differences_name_each_leaf_and_which_side_has_it() -> None:
    after: dict[str, Any] = {"child": {"name": "B", "papers": [1]}, "new": [], "note": None}
    assert [(each.pointer, dict(each.sides)) for each in differences(BIRTH, after)] == [
        ("/a~1b~0c", {"before": 1}),
        ("/child/name", {"before": "A", "after": "B"}),
        ("/child/papers/1", {"before": 2}),
        ("/new", {"after": []}),
    ]


def test_a_value_that_is_not_there_is_none() -> None:
    assert value_at(BIRTH, "/child/papers/9") is None
    assert value_at(BIRTH, "/child/name") == "A"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(st.text(max_size=3), _JSON, max_size=3),
    st.dictionaries(st.text(max_size=3), _JSON, max_size=3),
)
def test_there_are_differences_exactly_when_the_spelling_differs(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    is_same = json.dumps(before, sort_keys=True) == json.dumps(after, sort_keys=True)
    assert (list(differences(before, after)) == []) == is_same
