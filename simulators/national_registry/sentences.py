"""Refusals as the registry writes them: Vietnamese sentences about fields, run together in one string."""

from collections.abc import Iterable, Mapping
from typing import Any

from simulators.contract import Contract
from simulators.exchange_values import Reply, json_reply
from simulators.shape import ShapeFault

GLUE = "n"  # the real wrapper loses the backslash of its line break
_ECHOED = ("maDonVi", "module", "maHoSoLT", "maHoSoMCDT", "ngayTiepNhan")


def glue(contract: Contract, faults: Iterable[ShapeFault]) -> str:
    """One string for all faults; a fault inside an object names the object, once."""
    sentences = {row["fault"]: row["sentence"] for row in contract.table("refusal_sentence")}
    found = (f"{_spoken_name(each.path)} {sentences[each.fault]}" for each in faults)
    return GLUE.join(dict.fromkeys(found))


def refusal(errors: str, sent: Mapping[str, Any]) -> Reply:
    """Answer of the wrapper to content that is not taken."""
    echo = {name: sent[name] for name in _ECHOED if name in sent}
    body = {"title": "Có lỗi xảy ra.", "errors": errors, "status": 500, "inputSend": echo}
    return json_reply(body, 500)


def _spoken_name(path: str) -> str:
    return path.partition(".")[0].replace("[]", "")
