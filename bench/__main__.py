"""Measurements by name, one after another: `python -m bench delivery latency`; without a name all of them.

Each takes arguments of its own when it is called alone: `python -m bench.delivery --help`.
"""

import importlib
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent


def names() -> Sequence[str]:
    """Whatever in this folder has a `main`."""
    modules = sorted(path.stem for path in HERE.glob("[!_]*.py"))
    return [name for name in modules if hasattr(importlib.import_module(f"bench.{name}"), "main")]


def main(wanted: Sequence[str]) -> None:
    """Refuse a name that is none. One that fails does not hide the others; the exit status tells of it."""
    known = names()
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        sys.exit(f"no such measurement: {', '.join(unknown)}; there are {', '.join(known)}")
    failed = [name for name in wanted or known if not _ran(name)]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def _ran(name: str) -> bool:
    print(f"== {name}", flush=True)
    try:
        importlib.import_module(f"bench.{name}").main()
    except Exception:  # noqa: BLE001  # whatever it is, it is told, and the next one runs
        traceback.print_exc()
        return False
    except SystemExit as end:
        print(end, file=sys.stderr)
        return end.code in (None, 0)
    return True


if __name__ == "__main__":
    main(sys.argv[1:])
