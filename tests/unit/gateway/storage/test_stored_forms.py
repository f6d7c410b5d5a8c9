"""A receipt reads back as it was given, also one of the time before there were warnings."""

import json
from dataclasses import replace

from gateway.model.submission import Violation
from gateway.storage.stored_forms import receipt_from_text, receipt_to_text
from tests.support.submissions import an_accepted

WARNING = Violation("/mother/personal_id", "personal_id_other_sex", "Kiểm tra …", "Compare …")


def test_a_receipt_keeps_its_warnings() -> None:
    receipt = replace(an_accepted().receipt, warnings=(WARNING,))
    assert receipt_from_text(receipt_to_text(receipt)) == receipt


def test_an_older_receipt_has_no_warnings() -> None:
    receipt = an_accepted().receipt
    older = json.loads(receipt_to_text(receipt))
    del older["warnings"]
    assert receipt_from_text(json.dumps(older)) == receipt
