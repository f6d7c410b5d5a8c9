"""The page of states shows the arrows of the code: all of them, no others, in table and picture."""

import re

import pytest

from retry_queue.states import ENTRY_STATES, FINAL, TRANSITIONS, State, states_before
from tests.support.source_tree import texts

PAGE = "docs/reference/states.md"
TABLE_ROW = re.compile(
    r"^\| `(?P<before>\w+)` \| `(?P<cause>\w+)` \| `(?P<after>\w+)` \| (?P<why>[^|\n]+) \|$", re.MULTILINE
)
PICTURE_ARROW = re.compile(r"^    (?P<before>\S+) --> (?P<after>[^\s:]+)(?:: (?P<cause>\w+))?$", re.MULTILINE)
STATE_ROW = re.compile(r"^\| `(\w+)` \| [^|`]", re.MULTILINE)
ACT_ROW = re.compile(r"^\| (?P<act>release, retry|hold|cancel) \| (?P<states>[^|]+) \|", re.MULTILINE)


def _page() -> str:
    return texts()[PAGE]


def test_the_table_of_the_page_is_the_table_of_the_code() -> None:
    shown = [found.group("before", "cause", "after", "why") for found in TABLE_ROW.finditer(_page())]
    assert shown == [(arrow.before, arrow.cause, arrow.after, arrow.why) for arrow in TRANSITIONS]


def test_the_picture_of_the_page_has_the_arrows_of_the_code() -> None:
    drawn = {found.group("before", "cause", "after") for found in PICTURE_ARROW.finditer(_page())}
    arrows = {(str(arrow.before), str(arrow.cause), str(arrow.after)) for arrow in TRANSITIONS}
    entries = {("[*]", None, str(state)) for state in ENTRY_STATES}
    ends = {(str(state), None, "[*]") for state in FINAL}
    assert drawn == arrows | entries | ends


def test_the_page_says_what_each_state_means() -> None:
    assert set(STATE_ROW.findall(_page())) == {str(state) for state in State}


@pytest.mark.parametrize(
    ("act", "cause"), [("release, retry", "released"), ("hold", "paused"), ("cancel", "withdrawn")]
)
def test_the_page_names_the_states_in_which_a_person_may_act(act: str, cause: str) -> None:
    named = {
        found["act"]: set(re.findall(r"`(\w+)`", found["states"])) for found in ACT_ROW.finditer(_page())
    }
    (wanted,) = {arrow.cause for arrow in TRANSITIONS if arrow.cause == cause}
    assert named[act] == {str(state) for state in states_before(wanted)}
