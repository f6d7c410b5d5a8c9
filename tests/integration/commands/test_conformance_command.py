"""`conformance` at the command line: files, folders, addresses, and a check that listens."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from tests.integration.commands.conftest import CommandLine
from tests.support.events import a_birth, a_marriage
from tests.support.faulty_messages import as_bytes
from tests.support.source_tree import ROOT
from tests.support.submissions import another_birth

NOW = ("--now", "2026-11-30T10:00:00+07:00")
ENTRY = (sys.executable, "-c", "from gateway.cli import app; app()")


def _document(command_line: CommandLine, *arguments: str, status: int = 0) -> dict[str, Any]:
    result = command_line.run("conformance", *arguments, "--json")
    assert result.exit_code == status, result.output
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def test_the_published_bad_set_shows_each_planted_fault_and_nothing_else(
    command_line: CommandLine, tmp_path: Path
) -> None:
    folder, page = tmp_path / "set", tmp_path / "report.html"
    assert command_line.run("conformance", "--write-set", str(folder)).exit_code == 0
    document = _document(command_line, str(folder), "--as-expected", "--html", str(page))
    planted = 0
    for message in document["messages"]:
        *_, kind, name = message["place"].split("/")
        if kind == "good":
            assert message["conforms"], message
            continue
        beside = folder / message["place"]
        named = json.loads((beside.with_name("expected.json")).read_text(encoding="utf-8"))[name]
        told = {(each["code"], each["pointer"]) for each in message["failures"]}
        assert told == {(each["code"], each["pointer"]) for each in named}, message["place"]
        assert all(each["source"] and each["mark"] in {"S", "I"} for each in message["failures"])
        planted += len(named)
    assert planted > document["messages_total"] - document["messages_conforming"] > 300
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_without_that_option_a_set_with_bad_messages_fails(command_line: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "one.json").write_bytes(as_bytes(a_birth(mother__sex="male")))
    document = _document(command_line, str(tmp_path / "bad"), *NOW, status=1)
    (message,) = document["messages"]
    assert [(each["code"], each["pointer"]) for each in message["failures"]] == [
        ("mother_is_male", "/mother/sex")
    ]
    assert "father_is_female" in message["rules"]["held"]


def test_a_planted_fault_that_is_not_found_is_not_as_expected(
    command_line: CommandLine, tmp_path: Path
) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "one.json").write_bytes(as_bytes(a_birth()))
    planted = {"one.json": [{"code": "mother_is_male", "pointer": "/mother/sex"}]}
    (folder / "expected.json").write_text(json.dumps(planted), encoding="utf-8")
    refused = _document(command_line, str(folder), *NOW, "--as-expected", status=1)
    assert refused["messages"][0]["as_expected"] is False
    assert _document(command_line, str(folder), *NOW)["conforms"]


def test_a_file_of_lines_is_checked_line_by_line_without_any_database(
    command_line: CommandLine, tmp_path: Path
) -> None:
    command_line.set("HOTICH_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:9/none")
    file = tmp_path / "day.ndjson"
    file.write_bytes(as_bytes(a_birth()) + b"\n" + as_bytes(a_marriage(wife__sex="male")) + b"\n")
    document = _document(command_line, str(file), *NOW, status=1)
    assert [(each["place"], each["conforms"]) for each in document["messages"]] == [
        ("day.ndjson:1", True),
        ("day.ndjson:2", False),
    ]
    shown = command_line.run("conformance", str(file), *NOW)
    assert shown.exit_code == 1
    assert "1 of 2 messages conform" in shown.stdout


def test_the_page_and_the_report_name_places_and_never_what_is_said_of_people(
    command_line: CommandLine, tmp_path: Path
) -> None:
    file, page = tmp_path / "<b>&.json", tmp_path / "report.html"
    faulty = a_birth(mother__personal_id="09912", child__name={"full": "LÊ THỊ MẪU", "given": "X"})
    file.write_bytes(as_bytes(faulty))
    result = command_line.run("conformance", str(file), *NOW, "--json", "--html", str(page))
    assert result.exit_code == 1
    text = page.read_text(encoding="utf-8")
    for said in ("MẪU", "09912"):
        assert said not in result.stdout
        assert said not in text
    assert "<b>&.json" not in text
    assert "&lt;b&gt;&amp;.json" in text
    for word in ("<script", "http://", "https://", "src=", "@import", "url("):
        assert word not in text.lower()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((), "--listen"),
        (("nowhere.json",), "Không tồn tại"),
        (("http://127.0.0.1:9/x.json",), "ConnectError"),
        (("--listen", "8090"), "HOST:PORT"),
        ((".",), "Không có thông điệp"),
        (("x", "--now", "yesterday"), "múi giờ"),
    ],
)
def test_what_cannot_be_checked_is_said_with_its_own_status(
    command_line: CommandLine,
    arguments: tuple[str, ...],
    word: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    refused = command_line.run("conformance", *arguments)
    assert refused.exit_code == 2
    assert word in refused.stderr


def test_an_address_is_fetched_and_checked(command_line: CommandLine) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = as_bytes(a_birth())
            self.send_response(200 if self.path == "/one" else 404)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing on standard error."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_port}"
        assert _document(command_line, f"{address}/one", *NOW)["conforms"]
        assert command_line.run("conformance", f"{address}/other", *NOW).exit_code == 2
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def _listening(folder: Path, *options: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    command = [*ENTRY, "conformance", "--listen", "127.0.0.1:0", "--json", *options]
    process = subprocess.Popen(
        command, cwd=folder, env={"PYTHONPATH": str(ROOT), "PATH": ""}, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]
        assert process.stdout.readline().strip() == "ready"
        yield process, address
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def test_a_listening_check_answers_like_the_gateway_stores_nothing_and_reports_at_the_end(
    tmp_path: Path,
) -> None:
    with _listening(tmp_path, "--html", "report.html") as (process, address):
        form = {"grant_type": "client_credentials", "client_id": "mine", "client_secret": "any"}
        token = httpx.post(f"{address}/oauth/token", data=form, trust_env=False).json()["access_token"]

        def post(event: object, **headers: str) -> httpx.Response:
            named = {"Authorization": f"Bearer {token}", **headers}
            return httpx.post(
                f"{address}/api/v1/events", json=event, headers=named, trust_env=False, timeout=20
            )

        event = another_birth()
        first = post(event)
        assert first.status_code == httpx.codes.ACCEPTED, first.text
        assert {each["destination"] for each in first.json()["deliveries"]} >= {"national_registry"}
        journey = httpx.get(
            address + first.headers["location"], headers={"Authorization": f"Bearer {token}"}, trust_env=False
        ).json()
        assert {each["state"] for each in journey["deliveries"]} <= {"queued", "waiting"}
        again = post(event)
        assert (again.status_code, again.content) == (200, first.content)
        other = post({**event, "note": "khác"})
        assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
        bad = post(a_birth(mother__sex="male"))
        assert bad.status_code == 422
        assert [each["code"] for each in bad.json()["errors"]] == ["mother_is_male"]
        assert httpx.post(f"{address}/api/v1/events", json=event, trust_env=False).status_code == 401
        page = httpx.get(f"{address}/", trust_env=False)
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "mother_is_male" in page.text
        assert httpx.get(f"{address}/report.json", trust_env=False).json()["messages_total"] == 4
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=30)
    document = json.loads(output)
    assert [each["conforms"] for each in document["messages"]] == [True, True, True, False]
    assert process.returncode == 1
    assert {path.name for path in tmp_path.iterdir()} == {"report.html"}
