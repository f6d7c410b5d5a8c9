"""The client of `danhMuc` against the simulated registry, over real sockets."""

from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from adapters.errors import NotAuthorized
from adapters.http import HttpSettings
from adapters.national_registry.code_lists import CodeListDesk, CodeListKind, build
from adapters.national_registry.settings import NationalRegistrySettings
from gateway.bootstrap.code_lists import KINDS, fetch_from_registry
from gateway.operations.code_lists import EditionRefused
from gateway.settings import Settings, read_settings
from tests.support.sandbox import ACCOUNT_NAME, ACCOUNT_SECRET, Sandbox


def _desk(sandbox: Sandbox, secret: str = ACCOUNT_SECRET) -> CodeListDesk:
    http = HttpSettings(sandbox.addresses["national_registry"], connect_wait_seconds_max=0.01)
    return build(NationalRegistrySettings(http, ACCOUNT_NAME, SecretStr(secret)), lambda: datetime.now(UTC))


@pytest.mark.parametrize(
    ("kind", "code"), list(zip(CodeListKind, ("VN", "VN", "01", "52", "4"), strict=True))
)
def test_every_list_of_the_registry_can_be_fetched(sandbox: Sandbox, kind: CodeListKind, code: str) -> None:
    desk = _desk(sandbox)
    assert code in {each.code for each in desk.fetch(kind)}
    desk.close()


def test_a_wrong_secret_is_no_list(sandbox: Sandbox) -> None:
    desk = _desk(sandbox, "wrong")
    with pytest.raises(NotAuthorized):
        desk.fetch(CodeListKind.ETHNIC_GROUPS)
    desk.close()


def _settings(sandbox: Sandbox, secret: str = ACCOUNT_SECRET) -> Settings:
    registry, population, one_stop = (f"HOTICH_DESTINATIONS__{name}__" for name in _SECTIONS)
    address = sandbox.addresses["national_registry"]
    account = {"CLIENT_ID": ACCOUNT_NAME, "CLIENT_SECRET": secret, "BASE_URL": address}
    return read_settings(
        {
            **{f"{registry}{name}": value for name, value in account.items()},
            f"{population}SERVICE_URL": address,
            f"{population}USER": ACCOUNT_NAME,
            f"{population}SECRET": secret,
            f"{population}OFFICER_ID": "099099000001",
            f"{one_stop}BASE_URL": address,
            f"{one_stop}USER": ACCOUNT_NAME,
            f"{one_stop}PASSWORD": secret,
        }
    )


_SECTIONS = ("NATIONAL_REGISTRY", "POPULATION_DB", "ONE_STOP")


@pytest.mark.parametrize("list_name", KINDS)
def test_a_fetched_list_becomes_rows_of_an_edition(sandbox: Sandbox, list_name: str) -> None:
    rows = fetch_from_registry(_settings(sandbox), lambda: datetime.now(UTC), list_name)
    assert len(rows) > 8
    assert all(row["code"] and row["name"] for row in rows)


def test_what_the_registry_says_instead_reaches_the_operator(sandbox: Sandbox) -> None:
    with pytest.raises(EditionRefused) as caught:
        fetch_from_registry(_settings(sandbox, "wrong"), lambda: datetime.now(UTC), "ethnic_groups")
    assert "NotAuthorized" in str(caught.value.details)
