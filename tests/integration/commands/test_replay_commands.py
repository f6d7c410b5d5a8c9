"""Bulk replays at the command line."""

from collections.abc import Iterator

import pytest

from tests.integration.commands.conftest import CommandLine
from tests.support.edge_desk import opened_edge
from tests.support.replays import ReplayBench

NEW = ("replay", "new", "--act", "release", "--destination", "one_stop", "--reason", "bảng mã đã bổ sung")
WHY = ("--reason", "đã kiểm tra")


@pytest.fixture
def bench(command_line: CommandLine) -> Iterator[ReplayBench]:
    with opened_edge(command_line.database_url) as desk:
        yield ReplayBench(desk)


def test_a_replay_is_drafted_started_watched_and_told(
    command_line: CommandLine, bench: ReplayBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.held(13)
    draft = command_line.json(*NEW, "--ramp", "1, 5", "--error-percent", "50")
    assert (draft["state"], draft["items"], draft["dry_run"]["allowed"]) == ("draft", 13, 13)
    assert (draft["limits"]["ramp"], draft["limits"]["error_percent"]) == ([1, 5], 50)
    name, drive = draft["replay_id"], bench.driver()

    def a_moment(_seconds: float) -> None:
        drive()
        bench.work()

    monkeypatch.setattr("gateway.commands.replay.sleep", a_moment)
    done = command_line.run("replay", "start", name, *WHY, "--watch")
    assert done.exit_code == 0, done.output
    assert "succeeded 13" in done.stdout
    assert command_line.json("replay", "show", name)["state"] == "done"
    (listed,) = command_line.json("replay", "list")["replays"]
    assert (listed["replay_id"], listed["counts"]["succeeded"]) == (name, 13)
    rows = command_line.json("replay", "ledger", name, "--limit", "5", "--after", "3")["items"]
    assert [row["ordinal"] for row in rows] == [4, 5, 6, 7, 8]


def test_people_read_the_dry_run_the_list_and_the_ledger(
    command_line: CommandLine, bench: ReplayBench
) -> None:
    bench.held(4)
    told = command_line.run(*NEW)
    assert "release of 4 deliveries, draft" in told.stdout
    assert "sends 4" in told.stdout
    name = told.stdout.split(":")[0].split()[-1]
    for arguments in (("list",), ("ledger", name), ("show", name)):
        shown = command_line.run("replay", *arguments)
        assert shown.exit_code == 0, shown.output
        assert shown.stdout.strip()


def test_a_replay_is_paused_resumed_and_cancelled(command_line: CommandLine, bench: ReplayBench) -> None:
    bench.held(3)
    name = command_line.json(*NEW)["replay_id"]
    command_line.json("replay", "start", name, *WHY)
    assert command_line.json("replay", "pause", name, *WHY)["state"] == "paused"
    assert command_line.json("replay", "resume", name, *WHY)["state"] == "running"
    cancelled = command_line.json("replay", "cancel", name, *WHY)
    assert (cancelled["state"], cancelled["counts"]["dropped"]) == ("cancelled", 3)
    refused = command_line.run("replay", "resume", name, *WHY)
    assert refused.exit_code == 1
    assert "replay_not_possible" in refused.stderr


def test_the_same_request_is_the_same_replay(command_line: CommandLine, bench: ReplayBench) -> None:
    bench.held(1)
    names = {command_line.json(*NEW, "--request-id", "mine-1")["replay_id"] for _ in range(2)}
    assert len(names) == 1
    other = command_line.run(*NEW, "--request-id", "mine-1", "--step", "one_stop_dossier")
    assert "request_id_reused" in other.stderr


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((*NEW, "--ramp", "0,5"), "--ramp"),
        ((*NEW, "--ramp", "many"), "--ramp"),
        ((*NEW, "--due-from", "yesterday"), "múi giờ"),
        ((*NEW, "--state", "done"), "selection_empty"),
        ((*NEW[:-1], "x"), "--reason"),
        (("replay", "show", "nobody"), "not_found"),
    ],
)
def test_what_cannot_be_done_is_said(
    command_line: CommandLine, bench: ReplayBench, arguments: tuple[str, ...], word: str
) -> None:
    assert bench.work() == []
    refused = command_line.run(*arguments)
    assert refused.exit_code in {1, 2}
    assert word in refused.stderr
