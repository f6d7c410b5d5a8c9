"""Nobody makes the gateway call what only it can reach."""

import pytest

from gateway.operations.webhooks.guard import Forbidden, Guard

PUBLIC = "203.0.114.7"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://vendor.example/hook", "not_https"),
        ("ftp://vendor.example/hook", "not_an_address"),
        ("file:///etc/passwd", "not_an_address"),
        ("https:///hook", "not_an_address"),
        ("https://vendor.example:99999/", "not_an_address"),
        ("https://vendor.example/#part", "not_an_address"),
        ("https://vendor.example/a b", "not_an_address"),
        ("https://vendor.example/\r\nx: y", "not_an_address"),
        ("https://máy.example/", "not_an_address"),
        ("https://user:secret@vendor.example/", "holds_credentials"),
        ("https://127.0.0.1/", "private_address"),
        ("https://10.1.2.3/", "private_address"),
        ("https://169.254.169.254/latest/meta-data", "private_address"),
        ("https://[::1]/", "private_address"),
        ("https://[::ffff:127.0.0.1]/", "private_address"),
        ("https://[2002:7f00:1::]/", "private_address"),
        ("https://[fe80::1%25eth0]/", "private_address"),
        ("https://0.0.0.0/", "private_address"),
        ("https://224.0.0.1/", "private_address"),
        ("https://100.64.0.1/", "private_address"),
        ("https://" + "x" * 2_000, "not_an_address"),
    ],
)
def test_an_address_is_refused_when_it_is_subscribed(url: str, reason: str) -> None:
    with pytest.raises(Forbidden) as refused:
        Guard().check(url)
    assert refused.value.reason == reason


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.8", "::1", "fd00::1", "0.0.0.0", "192.168.1.1"])
def test_a_name_that_leads_inside_is_refused_when_it_is_called(address: str) -> None:
    with pytest.raises(Forbidden, match="private_address"):
        Guard().aim("https://vendor.example/", lambda _host, _port: [PUBLIC, address])


def test_the_address_that_was_looked_at_is_the_one_that_is_called() -> None:
    target = Guard().aim("https://vendor.example:8443/hook?a=1", lambda _host, _port: [PUBLIC])
    assert (target.url, target.host_header) == (f"https://{PUBLIC}:8443/hook?a=1", "vendor.example:8443")
    assert (
        Guard().aim("https://vendor.example", lambda _host, _port: [PUBLIC]).host_header == "vendor.example"
    )


def test_tests_and_inner_networks_can_be_allowed_but_never_everybody_at_once() -> None:
    guard = Guard(allow_http=True, allow_private_addresses=True)
    assert guard.aim("http://127.0.0.1:9/x", lambda _host, _port: []).url == "http://127.0.0.1:9/x"
    with pytest.raises(Forbidden):
        guard.check("http://0.0.0.0/")
    with pytest.raises(OSError):  # noqa: PT011 - an empty answer has no text of its own
        guard.aim("http://vendor.example/", lambda _host, _port: [])
