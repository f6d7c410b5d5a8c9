"""Every module, notice and linked state through real sockets."""

import json

from simulators.contract import contract_of
from tests.integration.simulators.sandbox_calls import ACCOUNT, PUSH_PATH, SandboxCaller, sample

STATUS = "capNhatTrangThaiHoSoDVCLTHoTich"


def test_all_modules_and_a_remark_are_held_under_one_dossier(caller: SandboxCaller) -> None:
    headers = caller.registry_headers()
    url = f"{caller.addresses['national_registry']}{PUSH_PATH}"
    envelope = json.loads(sample("national_registry", "push.json"))
    modules = sorted(contract_of("national_registry").codes("module"))
    for name, module in [*((each, each) for each in modules), ("remark", "KH")]:
        body = {**envelope, "module": module, "data": sample("national_registry", f"{name}.json")}
        answer = caller.http.post(url, json=body, headers=headers)
        assert answer.json().get("status") == "1", f"{name}: {answer.text}"
    held = caller.held("national_registry")
    assert sorted(each["body"]["module"] for each in held) == sorted([*modules, "KH"])
    assert len({each["identity"] for each in held}) == len(modules) + 1


def test_a_death_is_told_and_taken_back(caller: SandboxCaller) -> None:
    for name in ("thongBaoHoTich.xml", "thongBaoHoTich_death_cancelled.xml"):
        assert "DA_NHAN" in caller.population(sample("population_db", name)).text
    kinds = [each["body"]["loaiSuKien"] for each in caller.held("population_db")]
    assert kinds == ["DEATH", "DEATH_CANCELLED"]


def test_the_linked_service_enforces_its_order(caller: SandboxCaller) -> None:
    base = f"{caller.addresses['one_stop']}/api/lienthongdvclt"
    pair = {"SecretId": ACCOUNT.name, "SecretPass": ACCOUNT.secret}
    token = caller.http.post(f"{base}/token", json=pair).json()["token"]
    body = json.loads(sample("one_stop", f"{STATUS}.json"))

    def update(status: str) -> int:
        reply = caller.http.post(
            f"{base}/{STATUS}",
            json={**body, "trangThai": status},
            headers={"Authorization": f"Bearer {token}"},
        )
        return reply.status_code

    assert [update(status) for status in "143745"] == [200, 400, 200, 200, 200, 200]
    assert [each["body"]["trangThai"] for each in caller.held("one_stop")] == list("13745")
