"""Settings come from file and variables, and every wrong one is named at once with its meaning and remedy."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from gateway.errors import SettingsInvalid
from gateway.settings import Settings, read_settings
from gateway.settings.reading import list_settings

ONE_STOP = {
    "HOTICH_DESTINATIONS__ONE_STOP__BASE_URL": "http://one-stop.test",
    "HOTICH_DESTINATIONS__ONE_STOP__USER": "gateway",
}
OTHERS = {
    "HOTICH_DESTINATIONS__NATIONAL_REGISTRY__BASE_URL": "http://registry.test",
    "HOTICH_DESTINATIONS__NATIONAL_REGISTRY__CLIENT_ID": "gateway",
    "HOTICH_DESTINATIONS__NATIONAL_REGISTRY__CLIENT_SECRET": "r-secret",
    "HOTICH_DESTINATIONS__POPULATION_DB__SERVICE_URL": "http://population.test",
    "HOTICH_DESTINATIONS__POPULATION_DB__USER": "gateway",
    "HOTICH_DESTINATIONS__POPULATION_DB__SECRET": "p-secret",
    "HOTICH_DESTINATIONS__POPULATION_DB__OFFICER_ID": "099180000009",
}
PASSWORD = "HOTICH_DESTINATIONS__ONE_STOP__PASSWORD"


def _problems(environment: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsInvalid) as caught:
        read_settings(environment)
    problems = caught.value.details["problems"]
    assert isinstance(problems, list)
    return problems


def _file(folder: Path, text: str) -> str:
    path = folder / "hotich.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def _password(environment: dict[str, str]) -> str:
    found = read_settings(environment).destinations
    assert found is not None
    return found.one_stop.password.get_secret_value()


def test_nothing_set_gives_the_defaults_of_production() -> None:
    settings = read_settings({})
    assert settings == Settings()
    assert settings.database_url == "sqlite:///var/hotich.db"
    assert settings.delivery.promise_seconds == 12 * 3600
    assert settings.time_factor == 1
    assert not settings.sandbox_mode


def test_a_variable_goes_before_the_file_and_the_file_before_the_default(tmp_path: Path) -> None:
    config = _file(tmp_path, "log_level = 'error'\n[server]\nport = 1\nhost = '0.0.0.0'\n")
    settings = read_settings({"HOTICH_CONFIG": config, "HOTICH_SERVER__PORT": "2"})
    assert (settings.server.port, settings.server.host, settings.log_level) == (2, "0.0.0.0", "error")
    assert settings.server.page_size_max == Settings().server.page_size_max


def test_a_list_is_written_in_brackets() -> None:
    settings = read_settings({"HOTICH_DELIVERY__RETRY__SCHEDULE_SECONDS": "[1, 2.5,3]"})
    assert settings.delivery.retry.schedule_seconds == (1, 2.5, 3)


def test_variables_of_others_are_none_of_ours() -> None:
    assert read_settings({"HOTICHX": "1", "PATH": "/bin", "hotich_server__port": "x"}) == Settings()


@pytest.mark.parametrize(
    ("name", "value", "meaning"),
    [
        ("SERVER__PORT", "x", "Port to listen on"),
        ("SERVER__PORT", "65536", "Default: 8080"),
        ("SERVER__BODY_BYTES_MAX", "1", "in bytes"),
        ("LOG_LEVEL", "loud", "Default: info"),
        ("DELIVERY__PROMISE_SECONDS", "0", "in seconds"),
        ("DELIVERY__PROMISE_SECONDS", "-1", "Default: 43200"),
        ("DELIVERY__PROMISE_SECONDS", "nan", "in seconds"),
        ("DELIVERY__RETRY__SCHEDULE_SECONDS", "[]", "in seconds"),
        ("DELIVERY__RETRY__SCHEDULE_SECONDS", "[1, x]", "in seconds"),
        ("DELIVERY__RETRY__JITTER_FRACTION", "0.9", "as a fraction"),
        ("DELIVERY__THREADS_PER_DESTINATION", "0", "in threads"),
        ("INTAKE__LINGER_MILLISECONDS", "1000", "in milliseconds"),
        ("SANDBOX_MODE", "perhaps", "simulators"),
        ("TIME_FACTOR", "0.5", "Default: 1"),
        ("OFFICE__AUTHORITY_CODE", "1", "Unit code"),
        ("SECURITY__TOKEN_SECONDS", "", "in seconds"),
        ("DESTINATIONS__ONE_STOP__BASE_URL", "ftp://x", "Default: none, it must be set"),
        ("DESTINATIONS__POPULATION_DB__OFFICER_ID", "123", "12 digits"),
    ],
)
def test_a_wrong_value_is_told_with_meaning_default_and_how_to_set_it(
    name: str, value: str, meaning: str
) -> None:
    setting = name.lower().replace("__", ".")
    (told,) = [each for each in _problems({f"HOTICH_{name}": value}) if each.startswith(f"{setting}: ")]
    assert meaning in told
    assert f"Set HOTICH_{name}," in told
    assert f"Đặt HOTICH_{name}," in told


def test_every_wrong_setting_is_named_at_once_from_whichever_source(tmp_path: Path) -> None:
    config = _file(tmp_path, "log_level = 'loud'\n[server]\nport = 'x'\nprot = 1\n")
    problems = _problems(
        {
            "HOTICH_CONFIG": config,
            "HOTICH_TIME_FACTOR": "0",
            "HOTICH_OFFICE": "x",
            "HOTICH_OFFICE__NAME": "y",
            PASSWORD + "_FILE": str(tmp_path / "nothing"),
        }
    )
    told = " ".join(problems)
    for name in ("log_level:", "server.port:", "server.prot:", "time_factor:", "HOTICH_OFFICE__NAME:"):
        assert name in told
    assert "destinations.one_stop.password_file: cannot read" in told


def test_a_misspelt_setting_is_answered_with_the_one_that_was_meant() -> None:
    (told,) = _problems({"HOTICH_SERVER__PROT": "1"})
    assert "no such setting" in told
    assert "HOTICH_SERVER__PORT" in told


def test_a_section_that_is_missing_is_answered_with_its_parts() -> None:
    told = _problems({PASSWORD: "hush", **ONE_STOP})
    (registry,) = [each for each in told if each.startswith("destinations.national_registry:")]
    assert "HOTICH_DESTINATIONS__NATIONAL_REGISTRY__CLIENT_SECRET" in registry


def test_time_is_hurried_in_sandbox_mode_only() -> None:
    (told,) = _problems({"HOTICH_TIME_FACTOR": "2"})
    assert "HOTICH_SANDBOX_MODE=true" in told
    assert read_settings({"HOTICH_TIME_FACTOR": "2", "HOTICH_SANDBOX_MODE": "true"}).time_factor == 2


def test_a_breaker_that_could_not_grow_is_refused() -> None:
    (told,) = _problems({"HOTICH_DELIVERY__BREAKER__OPEN_SECONDS": "601"})
    assert "open_seconds_max" in told


@pytest.mark.parametrize("content", [b"[server", b"\xff\xfe", b"port = "])
def test_a_file_that_is_not_toml_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "hotich.toml"
    path.write_bytes(content)
    (told,) = _problems({"HOTICH_CONFIG": str(path)})
    assert "HOTICH_CONFIG" in told


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    (told,) = _problems({"HOTICH_CONFIG": str(tmp_path / "nothing.toml")})
    assert "cannot read" in told


def test_a_secret_is_read_from_the_file_that_is_named(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("from-file\n", encoding="utf-8")
    assert _password({**ONE_STOP, **OTHERS, PASSWORD + "_FILE": str(secret)}) == "from-file"


def test_a_variable_goes_before_a_secret_file_that_the_toml_file_names(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("from-file", encoding="utf-8")
    config = _file(tmp_path, f"[destinations.one_stop]\npassword_file = '{secret}'\n")
    known = {**ONE_STOP, **OTHERS, "HOTICH_CONFIG": config}
    assert _password(known) == "from-file"
    assert _password({**known, PASSWORD: "from-variable"}) == "from-variable"


def test_a_secret_and_its_file_in_one_place_contradict_each_other(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("from-file", encoding="utf-8")
    told = _problems({**ONE_STOP, **OTHERS, PASSWORD: "a", PASSWORD + "_FILE": str(secret)})
    assert told == ["destinations.one_stop.password_file: password is set as well. Set one of them."]


def test_a_secret_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_bytes(b"\xff\xfe")
    told = _problems({**ONE_STOP, **OTHERS, PASSWORD + "_FILE": str(secret)})
    assert any("not text in UTF-8" in each for each in told)


def test_no_secret_shows_itself() -> None:
    environment = {
        **ONE_STOP,
        **OTHERS,
        PASSWORD: "o-secret",
        "HOTICH_DATABASE_URL": "postgresql+psycopg://u:d-secret@h/x",
    }
    settings = read_settings(environment)
    for shown in (repr(settings), str(settings), repr(settings.destinations)):
        assert "-secret" not in shown
    assert "d-secret" in settings.database_url
    assert isinstance(settings.destinations and settings.destinations.one_stop.password, SecretStr)


def test_no_error_repeats_what_was_set() -> None:
    environment = {**ONE_STOP, **OTHERS, PASSWORD: "o-secret", "HOTICH_SERVER__PORT": "p-secret"}
    environment["HOTICH_DESTINATIONS__POPULATION_DB__OFFICER_ID"] = "n-secret"
    with pytest.raises(SettingsInvalid) as caught:
        read_settings(environment)
    shown = "".join(map(repr, (caught.value, caught.value.details, caught.value.__cause__)))
    assert "-secret" not in shown
    assert "-secret" not in str(caught.value)


def test_every_setting_is_listed_with_its_variable() -> None:
    rows = {row.variable: row for row in list_settings()}
    assert rows["HOTICH_DELIVERY__RETRY__ASKS_MAX"].default == 50
    assert rows["HOTICH_DESTINATIONS__ONE_STOP__PASSWORD"].is_required
    assert all(row.description for row in rows.values())
