"""The page of outcomes names every outcome, reason and verb that the code knows, and no others."""

import re

from gateway.deliver.decide import NOT_AUTHORIZED
from gateway.model.delivery import OutcomeCode, Verb
from gateway.operations.reasons import HOLD_REASONS
from tests.support.source_tree import texts

PAGE = "docs/reference/outcomes.md"
ROW = re.compile(r"^\| `([a-z_.]+)` \|", re.MULTILINE)


def _section(title: str) -> str:
    return texts()[PAGE].partition(f"## {title}\n")[2].partition("\n## ")[0]


def test_every_outcome_is_explained_once() -> None:
    assert sorted(ROW.findall(_section("Outcomes"))) == sorted(code.value for code in OutcomeCode)


def test_every_reason_is_explained_with_what_to_do() -> None:
    deliveries, destinations = _section("Why a delivery is held, and what to do").split(
        "A *destination* is held"
    )
    assert set(ROW.findall(deliveries)) == HOLD_REASONS.keys() - {NOT_AUTHORIZED}
    assert ROW.findall(destinations) == [NOT_AUTHORIZED]


def test_every_verb_of_an_attempt_is_named() -> None:
    proof = _section("What an attempt keeps for proof")
    assert {verb.value for verb in Verb} <= set(re.findall(r"`(\w+)`", proof))
