"""The registry's side of the unit tests: its addresses, samples and answers, invented people only."""

import json
from importlib.resources import files

from pydantic import SecretStr

from adapters.http import HttpSettings
from adapters.national_registry.settings import NationalRegistrySettings
from adapters.port import OutboundMessage, RequestId
from tests.support.partner_wire import BASE_URL, PartnerWire

CONTRACT = files("adapters.national_registry") / "contract"
SETTINGS = NationalRegistrySettings(HttpSettings(BASE_URL), "gateway", SecretStr("secret-word"))
TOKEN, LGSP, PUSH, POLL = "/token", "/lgsp/token", SETTINGS.push_path, SETTINGS.poll_path
TAKEN = {"status": "1", "statusDescription": "Thành công", "errorCode": "", "errorDescription": ""}
HTML = b"<html><body>Bad gateway</body></html>"


def sample(name: str) -> dict[str, object]:
    """One sample of the contract."""
    found: dict[str, object] = json.loads((CONTRACT / "samples" / f"{name}.json").read_text("utf-8"))
    return found


def message(code: str = "H08.129-261102-0012", module: str = "KS") -> OutboundMessage:
    """A dossier of any module around the same small record."""
    return OutboundMessage(
        request_id=RequestId(f"request-{code}-{module}"),
        operation="nhanHoSoDKHT",
        body={
            "maDonVi": "00691",
            "module": module,
            "maHoSoLT": code,
            "maHoSoMCDT": code,
            "ngayTiepNhan": "02/11/2026 08:15:00",
            "data": {"nksHoTen": "PHẠM THỬ", "nksNoiSinh": {"maXa": "00691"}},
        },
        routing={"maTinh": "08"},
    )


def refusal(code: str, text: str) -> dict[str, str]:
    """Answer to a push that was not taken."""
    return {"status": "0", "statusDescription": "Thất bại", "errorCode": code, "errorDescription": text}


def item(code: str, status: object = "3", module: str = "KS") -> dict[str, object]:
    """One dossier of a poll answer."""
    return {"module": module, "maHoSoLT": code, "maHoSoMCDT": code, "trangThai": status}


def will_give_tokens(wire: PartnerWire, number: int = 1, seconds: object = 3600) -> None:
    """Script both token answers."""
    wire.will_answer(TOKEN, {"access_token": f"bearer-{number}", "expires_in": seconds})
    wire.will_answer(LGSP, {"access_token": f"second-{number}", "expires_in": seconds})
