"""Reading a book takes the memory of some rows, however many it has; measured in processes of their own."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.books import a_birth_row, write_xlsx
from tests.support.source_tree import ROOT

GROWTH_KIBIBYTES_MAX = 8_000
"""Five thousand rows more, each with texts of its own, would take several times as much if they were kept."""
READING = """
import re, sys
from contextlib import closing
from pathlib import Path
from gateway.operations.imports.opening import NamedBook, Wanted, open_source
from gateway.operations.imports.sheet import FileLimits

limits = FileLimits(2**30, 2**32, 200, 2000)
with closing(open_source(Wanted(Path(sys.argv[1]), NamedBook()), limits, 1000)) as source:
    rows = sum(row.event is not None for row in source.rows())
# Not getrusage: that remembers the memory of the process that started this one.
print(rows, re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


def _read(path: Path) -> tuple[int, int]:
    """Rows without fault, and the most memory the process ever had, in kibibytes."""
    done = subprocess.run(
        [sys.executable, "-c", READING, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=200,
        check=True,
    )
    rows, kibibytes = done.stdout.split()
    return int(rows), int(kibibytes)


@pytest.mark.timeout(240)
def test_ten_times_the_rows_take_the_memory_of_the_few(tmp_path: Path) -> None:
    found = []
    for rows in (500, 5_500):
        path = tmp_path / str(rows) / "00691.KS.1995.01.xlsx"
        path.parent.mkdir()
        each = [
            a_birth_row(n, nksQueQuan=f"thôn {n} {'xã ' * 60}", meNoiCuTru=f"xóm {n} {'xã ' * 60}")
            for n in range(rows)
        ]
        write_xlsx(path, each)
        found.append(_read(path))
    (few, small), (many, large) = found
    assert (few, many) == (500, 5_500)
    assert large - small < GROWTH_KIBIBYTES_MAX, found
