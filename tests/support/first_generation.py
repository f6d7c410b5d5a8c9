"""Messages of the registry's generation 1 for tests, from the samples of its contract."""

import json
from importlib.resources import files

from adapters.port import OutboundMessage, RequestId

SAMPLES = files("adapters.national_registry") / "contract" / "samples"
BASE = "/apiHoTichTuPhap"
PUSH, STATUS, RESULT = (f"{BASE}/{name}" for name in ("dangKyHoTich", "traTrangThaiHoSo", "ketQuaDangKyHS"))


def first_record(module: str = "KS", **changes: str) -> dict[str, str]:
    """The sample record of a module; a change to "" takes a field away."""
    record: dict[str, str] = json.loads((SAMPLES / f"gen1_{module}.json").read_text("utf-8"))
    return {name: text for name, text in {**record, **changes}.items() if text}


def first_message(code: str = "H08.129-250612-0007", module: str = "KS", **changes: str) -> OutboundMessage:
    """A dossier of generation 1, taken in when the old units still stood."""
    return OutboundMessage(
        request_id=RequestId(f"first-{code}-{module}"),
        operation="dangKyHoTich",
        body={
            "maDonVi": 691,
            "module": module,
            "maHoSo": code,
            "ngayTiepNhan": "2025-06-12",
            "data": first_record(module, **changes),
        },
    )
