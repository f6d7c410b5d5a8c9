"""A sandbox makes its key of SOAP passwords once, beside the database; a key that is set is left alone."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from gateway.commands.sandbox_key import FILE_NAME, key_file, with_soap_key
from gateway.settings import Settings
from gateway.settings.soap import PASSWORD_KEY_CHARACTERS_MIN, SoapSettings

SET = "a key of more than thirty-two characters"


def _settings(folder: Path, key: str | None = None) -> Settings:
    soap = SoapSettings(password_key=None if key is None else SecretStr(key))
    return Settings(database_url=f"sqlite:///{folder / 'data' / 'hotich.db'}", soap=soap)


def _key_of(settings: Settings) -> str:
    assert settings.soap.password_key is not None
    return settings.soap.password_key.get_secret_value()


def test_the_key_is_made_beside_the_database_for_its_owner_only(tmp_path: Path) -> None:
    settings, file = with_soap_key(_settings(tmp_path), lambda size: bytes(range(size)))
    assert file == tmp_path / "data" / FILE_NAME
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text(encoding="utf-8") == _key_of(settings)
    assert len(_key_of(settings)) >= PASSWORD_KEY_CHARACTERS_MIN


def test_the_next_start_has_the_same_key(tmp_path: Path) -> None:
    first, _ = with_soap_key(_settings(tmp_path), lambda size: b"\x01" * size)
    second, _ = with_soap_key(_settings(tmp_path), lambda size: b"\x02" * size)
    assert _key_of(first) == _key_of(second)


def test_a_key_that_is_set_is_used_and_no_file_is_made(tmp_path: Path) -> None:
    settings, file = with_soap_key(_settings(tmp_path, SET), bytes)
    assert (_key_of(settings), file) == (SET, None)
    assert not list(tmp_path.rglob(FILE_NAME))


def test_a_file_that_holds_no_key_is_an_error_and_stays(tmp_path: Path) -> None:
    path = key_file(_settings(tmp_path))
    path.parent.mkdir()
    path.write_text("short", encoding="utf-8")
    with pytest.raises(ValueError, match="fewer than 32"):
        with_soap_key(_settings(tmp_path), bytes)
    assert path.read_text(encoding="utf-8") == "short"


def test_without_a_file_of_its_own_the_database_leaves_the_usual_folder() -> None:
    settings = Settings(database_url="postgresql+psycopg://office@localhost/hotich")
    assert key_file(settings) == Path("var") / FILE_NAME
