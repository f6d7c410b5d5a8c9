from pathlib import Path

from simulators.journal import EntryKind, Journal
from tests.unit.simulators.calls import FrozenClock


def test_positions_count_from_one_and_records_keep_their_order() -> None:
    journal = Journal("one_stop", FrozenClock())
    for name in ("a", "b", "c"):
        journal.add(EntryKind.HELD, "op", name, {"name": name})
    records = journal.as_json()["records"]
    assert [(each["position"], each["identity"]) for each in records] == [(1, "a"), (2, "b"), (3, "c")]
    assert [each["identity"] for each in journal.as_json(after=2)["records"]] == ["c"]


def test_repeats_and_refusals_are_told_apart_from_what_is_held() -> None:
    journal = Journal("one_stop", FrozenClock())
    journal.add(EntryKind.HELD, "op", "a", {})
    journal.add(EntryKind.REPEAT, "op", "a", {})
    journal.add(EntryKind.REFUSED, "op", "b", {}, errors="sentence")
    shown = journal.as_json()
    assert [each["repeats_absorbed"] for each in shown["records"]] == [1]
    assert [each["identity"] for each in shown["repeats"]] == ["a"]
    assert [each["facts"] for each in shown["refused"]] == [{"errors": "sentence"}]
    assert journal.summary() == {
        "held": 1,
        "repeats_absorbed": 1,
        "duplicates": 0,
        "refused": 1,
        "by_operation": {"op": {"held": 1, "repeats_absorbed": 1, "duplicates": 0, "refused": 1}},
    }


def test_a_journal_file_is_read_again_after_a_restart(tmp_path: Path) -> None:
    first = Journal("one_stop", FrozenClock(), tmp_path)
    first.add(EntryKind.HELD, "op", "a", {"họ tên": "MẪU"}, number=1)
    again = Journal("one_stop", FrozenClock(), tmp_path)
    assert again.entries() == first.entries()
    assert again.add(EntryKind.HELD, "op", "b", {}).position == 2


def test_a_line_torn_by_a_crash_is_dropped(tmp_path: Path) -> None:
    Journal("one_stop", FrozenClock(), tmp_path).add(EntryKind.HELD, "op", "a", {})
    path = tmp_path / "one_stop.jsonl"
    path.write_text(path.read_text(encoding="utf-8") + '{"position": 2, "rece', encoding="utf-8")
    again = Journal("one_stop", FrozenClock(), tmp_path)
    again.add(EntryKind.HELD, "op", "b", {})
    assert [each.identity for each in Journal("one_stop", FrozenClock(), tmp_path).entries()] == ["a", "b"]


def test_a_reset_forgets_memory_and_file(tmp_path: Path) -> None:
    journal = Journal("one_stop", FrozenClock(), tmp_path)
    journal.add(EntryKind.HELD, "op", "a", {})
    journal.reset()
    assert journal.entries() == []
    assert Journal("one_stop", FrozenClock(), tmp_path).entries() == []
