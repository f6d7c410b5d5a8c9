"""`hotich-gateway codes`: what a person and a script see."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gateway.cli import app
from mappings.added_editions import read_also_from

BOOKS = "code,name\nKS,Sổ đăng ký khai sinh\nZZ,Sổ thử\n"


@pytest.fixture(autouse=True)
def _no_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HOTICH_CONFIG", raising=False)
    monkeypatch.delenv("HOTICH_CODE_LISTS__FOLDER", raising=False)
    yield
    read_also_from(None)


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    folder = tmp_path / "code-lists"
    monkeypatch.setenv("HOTICH_CODE_LISTS__FOLDER", str(folder))
    return folder


def _run(*words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, ["codes", *words], input=typed)


def _value(*words: str) -> Any:  # noqa: ANN401 - what JSON holds
    return json.loads(_run(*words, "--json").stdout)


def _books(tmp_path: Path) -> str:
    path = tmp_path / "books.csv"
    path.write_text(BOOKS, encoding="utf-8")
    return str(path)


def test_the_editions_of_all_systems_are_listed() -> None:
    found = {(each["list"], each["system"], each["edition"]): each for each in _value("list")}
    assert found["administrative_units", "official", "from_2025_07"]["codes"] == 34 + 3_321
    assert found["sex", "judicial_records", "provincial_bus"]["source"].endswith("[S]")


def test_a_code_is_shown_as_of_its_day() -> None:
    before = _value("show", "administrative_units", "52", "--on", "2025-06-30")
    after = _value("show", "administrative_units", "52", "--on", "2025-07-01")
    assert [each["name"] for each in (*before, *after)] == ["Tỉnh Bình Định", "Tỉnh Gia Lai"]


def test_a_code_is_shown_in_every_system_that_has_it() -> None:
    shown = {each["system"]: each["name"] for each in _value("show", "sex", "0", "--on", "2026-11-22")}
    assert shown == {"population_db": "Chưa có thông tin", "judicial_records": "Nữ"}


def test_a_code_cannot_be_shown_without_a_day() -> None:
    assert _run("show", "sex", "0").exit_code == 2


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("show", "administrative_units", "001", "--on", "2025-07-01"), 1, ""),
        (("show", "colours", "--on", "2025-07-01"), 1, "There is no list colours"),
        (("diff", "sex", "digitised_books", "until_1999"), 1, "No such edition"),
        (("bridge", "99999"), 1, "No unit bore the code 99999"),
        (("bridge", "00001"), 0, ""),
        (("bridge", "08", "--meant-on", "2025-07-01", "--on", "2026-11-22"), 0, ""),
        (("bridge", "001"), 3, ""),
    ],
)
def test_the_exit_status_tells_a_script_what_to_do(words: tuple[str, ...], status: int, said: str) -> None:
    result = _run(*words)
    assert result.exit_code == status
    assert said in result.stderr


def test_a_divided_commune_is_a_question_with_its_candidates() -> None:
    result = _run("bridge", "06886", "--on", "2026-11-22", "--json")
    assert result.exit_code == 3
    asked = json.loads(result.stdout)
    assert asked["question"] == "split"
    assert [each["code"] for each in asked["candidates"]] == ["06799", "06886", "06978"]
    assert "chọn theo" in " ".join(_run("bridge", "06886", "--on", "2026-11-22").stdout.split())


def test_the_differences_are_counted() -> None:
    found = _value("diff", "administrative_units", "until_2025_06", "from_2025_07")
    assert len(found["added"]) == 6
    assert {"code": "52", "older": "Tỉnh Bình Định", "newer": "Tỉnh Gia Lai"} in found["renamed"]
    assert "renamed" in _run("diff", "sex", "qcvn_109_2017", "provincial_bus").stdout


def test_a_dry_run_shows_the_differences_and_writes_nothing(folder: Path, tmp_path: Path) -> None:
    words = ("update", "books", "--from-file", _books(tmp_path), "--valid-from", "2027-01-01", "--dry-run")
    planned = _value(*words)
    assert [each["code"] for each in planned["added"]] == ["ZZ"]
    assert planned["dry_run"] is True
    assert not folder.exists()


def test_an_edition_is_taken_in_and_shown_from_its_day(folder: Path, tmp_path: Path) -> None:
    words = ("update", "books", "--from-file", _books(tmp_path), "--valid-from", "2027-01-01")
    assert _run(*words, typed="y\n").exit_code == 0
    assert [path.name for path in folder.iterdir()] == ["books.official.from_2027_01_01.csv"]
    assert _value("show", "books", "ZZ", "--on", "2027-01-01")[0]["edition"] == "from_2027_01_01"
    assert _run("show", "books", "ZZ", "--on", "2026-12-31").exit_code == 1
    again = _run(*words, "--yes")
    assert again.exit_code == 1
    assert "exists" in again.stderr


def test_a_person_who_says_no_leaves_everything_as_it_was(folder: Path, tmp_path: Path) -> None:
    assert _run("update", "books", "--from-file", _books(tmp_path), typed="n\n").exit_code == 1
    assert not folder.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("update", "books"), "either --from-registry or --from-file"),
        (("update", "books", "--from-registry", "--json"), "--yes or --dry-run"),
        (("update", "books", "--from-registry", "--dry-run"), "the registry gives"),
        (("update", "ethnic_groups", "--from-registry", "--dry-run"), "destinations"),
    ],
)
def test_what_an_update_lacks_is_said(folder: Path, words: tuple[str, ...], said: str) -> None:
    result = _run(*words)
    assert result.exit_code != 0
    assert said in result.stderr
    assert not folder.exists()


def test_without_a_folder_nothing_can_be_taken_in(tmp_path: Path) -> None:
    result = _run("update", "books", "--from-file", _books(tmp_path), "--yes")
    assert result.exit_code == 1
    assert "HOTICH_CODE_LISTS__FOLDER" in result.stderr


def test_a_folder_that_is_set_but_missing_or_broken_is_an_error(folder: Path) -> None:
    assert "is no folder" in _run("list").stderr
    folder.mkdir()
    (folder / "books.csv").write_text("code\n", encoding="utf-8")
    assert "must be named" in _run("list").stderr
