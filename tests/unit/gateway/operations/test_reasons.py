import pytest

from adapters.errors import RefusalReason
from gateway.deliver.decide import REFUSED_PREFIX
from gateway.operations.acts import HELD_BY_OPERATOR
from gateway.operations.reasons import HOLD_REASONS, HoldReason


@pytest.mark.parametrize("reason", RefusalReason)
def test_every_refusal_has_a_meaning_and_a_remedy(reason: RefusalReason) -> None:
    assert f"{REFUSED_PREFIX}{reason.value}" in HOLD_REASONS


def test_what_an_operator_stops_has_its_row() -> None:
    assert HELD_BY_OPERATOR in HOLD_REASONS


@pytest.mark.parametrize("row", HOLD_REASONS.values(), ids=HOLD_REASONS.keys())
def test_every_row_speaks_both_languages(row: HoldReason) -> None:
    texts = [row.meaning.vi, row.meaning.en, row.remedy.vi, row.remedy.en]
    assert all(texts)
    assert len(set(texts)) == len(texts)
