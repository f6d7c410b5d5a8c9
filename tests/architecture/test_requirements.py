"""Every package we chose is written in three places that agree: the lock's source, pyproject, a decision."""

import re
import tomllib

from tests.support.source_tree import ROOT, texts, texts_under

NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")


def _chosen(lock: str) -> set[str]:
    lines = texts()[f"requirements/{lock}.in"].splitlines()
    return {found.group() for line in lines if (found := NAME.match(line)) is not None}


def _locked(lock: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9][a-z0-9._-]*)==", texts()[f"requirements/{lock}.txt"], re.MULTILINE))


def test_what_runs_is_the_same_in_the_lock_and_in_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {found.group() for line in project["dependencies"] if (found := NAME.match(line)) is not None}
    assert declared == _chosen("runtime")


def test_every_chosen_package_has_its_reason_in_a_decision() -> None:
    decisions = "\n".join(texts_under("docs/decisions").values())
    chosen = _chosen("build") | _chosen("runtime") | _chosen("development") | _chosen("bench")
    assert {name for name in chosen if f"`{name}`" not in decisions} == set()


def test_everything_chosen_is_locked_and_every_lock_has_hashes() -> None:
    for lock in ("build", "runtime", "development", "bench"):
        assert _chosen(lock) <= _locked(lock)
        pinned = re.split(r"^(?=[a-z0-9])", texts()[f"requirements/{lock}.txt"], flags=re.MULTILINE)
        assert [
            entry.split("==")[0] for entry in pinned if "==" in entry and "--hash=sha256:" not in entry
        ] == []


def _pins(lock: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9._-]+==[^\s;]+)", texts()[f"requirements/{lock}.txt"], re.MULTILINE))


def test_development_changes_no_version_of_what_runs() -> None:
    assert _pins("runtime") | _pins("build") <= _pins("development")


def test_what_only_measurements_need_changes_no_version_and_is_installed_for_nothing_else() -> None:
    names = _locked("bench") & _locked("development")
    assert {pin for pin in _pins("bench") if pin.split("==")[0] in names} <= _pins("development")
    assert not _chosen("bench") & _locked("development")


def test_every_decision_has_its_number_and_its_four_parts() -> None:
    pages = texts_under("docs/decisions")
    numbers = [int(name.rsplit("/", 1)[1][:4]) for name in sorted(pages) if name.endswith(".md")]
    assert numbers == list(range(1, len(numbers) + 1))
    parts = ("Status: ", "## Context", "## Decision", "## Consequences")
    assert {name for name, text in pages.items() if not all(part in text for part in parts)} == set()
