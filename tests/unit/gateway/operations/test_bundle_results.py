"""Lists of results as destinations write them."""

import json

import pytest

from gateway.model.operating import ItemResult
from gateway.operations.bundle_results import COLUMNS, ResultLine, blank_form, read_results
from gateway.operations.refusals import ActRefused

ACCEPTED = ResultLine("GW-1", ItemResult.ACCEPTED, "TN-1", None, None)


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_spreadsheets_of_both_kinds_are_read(separator: str, mark: bytes) -> None:
    rows = [list(COLUMNS), ["GW-1", "Accepted", " TN-1 ", "", ""], ["GW-2", "", "", "", ""]]
    text = "\r\n".join(separator.join(row) for row in rows)
    assert read_results(mark + text.encode()).lines == (ACCEPTED,)


def test_json_may_name_its_bundle() -> None:
    document = {
        "bundle_id": "b",
        "results": [{"request_id": "GW-1", "result": "accepted", "reference": "TN-1"}],
    }
    found = read_results(json.dumps(document).encode())
    assert (found.bundle_id, found.lines) == ("b", (ACCEPTED,))


def test_the_blank_form_says_nothing_yet() -> None:
    assert read_results(blank_form(["GW-1", "GW-2"])).lines == ()


@pytest.mark.parametrize(
    ("data", "pointers"),
    [
        (b"\xff", [""]),
        (b"{", [""]),
        (b'{"results": 1}', ["/results"]),
        (b"a,b\n1,2", ["/1"]),
        (b"request_id,result\n,refused", ["/2/request_id", "/2/reason"]),
        (b"request_id,result,reference\nGW-1,accepted,1\nGW-1,accepted,1", ["/GW-1"]),
        (b"request_id,result,reference,personal_id\nGW-1,accepted,1,99", ["/2/personal_id"]),
        (b"request_id,result,reference\nGW-1,accepted," + b"x" * 501, ["/2/reference"]),
    ],
)
def test_every_fault_is_named_at_once(data: bytes, pointers: list[str]) -> None:
    with pytest.raises(ActRefused) as refused:
        read_results(data)
    assert refused.value.code == "results_invalid"
    assert [fault.pointer for fault in refused.value.errors] == pointers
