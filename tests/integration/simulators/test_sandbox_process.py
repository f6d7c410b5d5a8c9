"""`python -m simulators` as a process, its control port, and zeep against it."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import zeep
from zeep.proxy import ServiceProxy
from zeep.transports import Transport

from simulators.contract import ADAPTERS
from tests.integration.simulators.sandbox_calls import SandboxCaller, population_headers

PORTS = [
    part
    for name in ("national-registry", "population-db", "one-stop", "control")
    for part in (f"--{name}-port", "0")
]


@contextmanager
def running(*arguments: str) -> Iterator[dict[str, str]]:
    command = [sys.executable, "-m", "simulators", "--json", *PORTS, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            addresses: dict[str, str] = json.loads(process.stdout.readline())["addresses"]
            assert process.stdout.readline() == "ready\n"
            yield addresses
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0


def log_in_and_synchronise(addresses: dict[str, str]) -> dict[str, Any]:
    base = addresses["one_stop"]
    account = {"username": "gateway", "password": "sandbox-secret"}
    session = httpx.post(f"{base}/api/login", json=account).json()["session"]
    path = ADAPTERS / "one_stop" / "contract" / "samples" / "DongBoHoSoMC.json"
    body = {**json.loads(path.read_text(encoding="utf-8")), "session": session}
    answer: dict[str, Any] = httpx.post(f"{base}/api/DongBoHoSoMC", json=body).json()
    return answer


def test_it_prints_addresses_then_ready_and_stops_on_sigterm() -> None:
    with running() as addresses:
        assert set(addresses) == {"control", "national_registry", "population_db", "one_stop"}
        assert httpx.get(f"{addresses['control']}/ready").json() == {"ready": True}
        assert log_in_and_synchronise(addresses)["error_code"] == "00"


def test_a_restarted_sandbox_keeps_its_journal(tmp_path: Path) -> None:
    with running("--journal-dir", str(tmp_path)) as addresses:
        log_in_and_synchronise(addresses)
    with running("--journal-dir", str(tmp_path)) as addresses:
        assert "đã tồn tại" in log_in_and_synchronise(addresses)["message"]
        summary = httpx.get(f"{addresses['control']}/journal/summary").json()
        assert (summary["one_stop"]["held"], summary["one_stop"]["repeats_absorbed"]) == (1, 1)


def test_a_plan_from_a_file_is_in_force_from_the_start(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    rule = {"system": "one_stop", "kind": "refusal", "operation": "DongBoHoSoMC"}
    plan.write_text(json.dumps({"seed": 3, "faults": [rule]}), encoding="utf-8")
    with running("--fault-plan", str(plan)) as addresses:
        assert "logic xử lý không hợp lệ" in log_in_and_synchronise(addresses)["message"].lower()


def test_a_plan_with_mistakes_ends_the_start_with_their_places(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text('{"faults": [{"system": "one_stop", "kind": "fire"}]}', encoding="utf-8")
    command = [sys.executable, "-m", "simulators", *PORTS, "--fault-plan", str(plan)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 2
    assert "faults[0].kind" in done.stderr


def test_the_control_port_names_what_it_cannot_do(caller: SandboxCaller) -> None:
    control = caller.addresses["control"]
    assert "GET /journal" in httpx.get(f"{control}/elsewhere").json()["known"]
    assert httpx.get(f"{control}/journal?system=x").status_code == 400
    assert httpx.put(f"{control}/faults", content=b"{").status_code == 400
    assert httpx.post(f"{control}/people", json={"people": [{"name": "x"}]}).status_code == 400
    assert httpx.post(f"{control}/clock/advance", json={"seconds": -1}).status_code == 400


def test_a_reset_forgets_journals_plan_and_people(caller: SandboxCaller) -> None:
    caller.plant({"system": "one_stop", "kind": "hang", "match": "nobody"})
    caller.control(
        "POST",
        "/people",
        {"people": [{"personal_id": "099197000001", "full_name": "LÊ MẪU", "birth": "1997"}]},
    )
    caller.push()
    caller.control("POST", "/reset")
    assert caller.held("national_registry") == []
    assert caller.control("GET", "/faults")["faults"] == []
    people = caller.control("GET", "/people")["people"]
    assert len(people) == 50
    assert "099197000001" not in {person["personal_id"] for person in people}


@pytest.fixture
def transport(caller: SandboxCaller) -> Iterator[Transport]:
    made = Transport(timeout=10, operation_timeout=10)  # type: ignore[no-untyped-call]  # zeep carries no types
    made.session.headers.update(population_headers(caller.addresses["population_db"]))
    yield made
    made.session.close()


def service_of(transport: Transport, wsdl: str, url: str) -> ServiceProxy:
    client = zeep.Client(wsdl, transport=transport)  # type: ignore[no-untyped-call]  # zeep carries no types
    name = "{http://dancuquocgia.bca}DanCuQuocGiaSoap"
    service: ServiceProxy = client.create_service(name, url)  # type: ignore[no-untyped-call]  # as above
    return service


@pytest.mark.parametrize("source", ["file", "served"])
def test_zeep_speaks_all_four_operations(caller: SandboxCaller, transport: Transport, source: str) -> None:
    caller.control(
        "POST",
        "/people",
        {"people": [{"personal_id": "099197000001", "full_name": "LÊ THỊ MẪU", "birth": "19970314"}]},
    )
    file = str(ADAPTERS / "population_db" / "contract" / "dancuquocgia.wsdl")
    served = f"{caller.addresses['population_db']}?wsdl"
    service = service_of(transport, file if source == "file" else served, caller.addresses["population_db"])
    query = {
        "MaYeuCau": "GW-1",
        "MaDVC": "1.001193",
        "MaCanBo": "099180000009",
        "SoDinhDanh": "099197000001",
        "HoVaTen": "LETHIMAU",
        "NgayThangNamSinh": {"Nam": "1997"},
    }
    found = service.TraCuuThongTinCongDan(**query, MaTichHop="037")
    assert found.findtext(".//{http://www.mic.gov.vn/dancu/1.0}SoDinhDanh") == "099197000001"
    assert service.XacThucThongTinCongDan(**query, MaTichHop="003") is True
    child = {
        "maYeuCau": "r-1",
        "maDonVi": "00691",
        "maHoSo": "H08.1-1",
        "hoTen": {"Ten": "PHẠM THỬ"},
        "ngaySinh": "20261030",
        "gioiTinh": "2",
        "quocTich": "VN",
        "noiDangKyKhaiSinh": {"quocGia": "VN", "maTinh": "08", "maXa": "00691"},
        "soDangKy": "41",
        "ngayDangKy": "20261102",
    }
    answer = service.capSoDinhDanh(**child)
    assert (answer.trangThai, answer.soDinhDanh[:6]) == ("DA_CAP", "099326")
    notice = {
        "maYeuCau": "n-1",
        "loaiSuKien": "MARRIAGE",
        "soDinhDanh": "099197000001",
        "ngaySuKien": "20261104",
        "soDangKy": "18",
        "quyenSo": "01/2026",
        "ngayDangKy": "20261104",
        "maDonVi": "00691",
    }
    assert service.thongBaoHoTich(**notice).trangThai == "DA_NHAN"


def test_zeep_gets_a_fault_for_what_the_schema_forbids(caller: SandboxCaller, transport: Transport) -> None:
    file = str(ADAPTERS / "population_db" / "contract" / "dancuquocgia.wsdl")
    service = service_of(transport, file, caller.addresses["population_db"])
    with pytest.raises(zeep.exceptions.Fault) as caught:
        service.thongBaoHoTich(
            maYeuCau="n-1",
            loaiSuKien="PARTY",
            soDinhDanh="1",
            ngaySuKien="2026",
            soDangKy="1",
            quyenSo="1",
            ngayDangKy="20261104",
            maDonVi="00691",
        )
    assert caught.value.code == "soapenv:Client"
