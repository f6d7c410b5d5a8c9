"""What commands say can be read by people and searched by programs; texts are never taken for markup."""

import json

import pytest
import typer

from gateway.commands import output
from gateway.errors import SettingsInvalid


def test_json_is_one_document_with_vietnamese_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    output.print_json({"name": "Bộ phận một cửa"})
    text = capsys.readouterr().out
    assert json.loads(text) == {"name": "Bộ phận một cửa"}
    assert "một cửa" in text


def test_a_cell_is_text_whatever_it_looks_like(capsys: pytest.CaptureFixture[str]) -> None:
    output.print_table("T", ("a",), [["[red]x[/]"], ["\\[y"], [None], [3]])
    text = capsys.readouterr().out
    assert "[red]x[/]" in text
    assert "\\[y" in text
    assert "None" not in text


def test_a_failure_names_every_detail_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    long = "x" * 300
    with pytest.raises(typer.Exit) as ended:
        output.fail(SettingsInvalid(problems=["server.port: [bad]", long]), exit_code=2)
    assert ended.value.exit_code == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "SettingsInvalid" in captured.err
    assert "problems: server.port: [bad]" in captured.err
    assert long in captured.err, "one line stays one line"
