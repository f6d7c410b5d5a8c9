import pytest

from simulators.demo.__main__ import main
from simulators.demo.settings import DemoSettings, parse_command


def test_production_times_are_divided_by_the_factor() -> None:
    settings = DemoSettings(time_factor=720)
    assert settings.promise_seconds == 60
    assert settings.number_wait_seconds == 10


def test_the_default_run_ends_within_two_minutes_whatever_happens() -> None:
    assert DemoSettings().limit_seconds <= 120


def test_many_events_are_registered_no_faster_than_they_can_be_delivered() -> None:
    few, many = DemoSettings(events=300), DemoSettings(events=900)
    assert many.posting_seconds - few.posting_seconds == 100
    assert DemoSettings(events=1).posting_seconds == 8


def test_a_command_line_keeps_words_with_blanks_together() -> None:
    assert parse_command("python 'my gateway.py' --x") == ("python", "my gateway.py", "--x")


@pytest.mark.parametrize("number", ["0", "-3", "many"])
def test_a_number_of_events_that_makes_no_sense_is_refused(
    number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--events", number])
    assert ended.value.code == 2
    assert "--events" in capsys.readouterr().err
