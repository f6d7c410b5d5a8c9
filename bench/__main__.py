"""Every measurement, one after another; a module of this folder with a `main` is one."""

import importlib
from pathlib import Path

if __name__ == "__main__":
    for name in sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py")):
        measure = getattr(importlib.import_module(f"bench.{name}"), "main", None)
        if measure is not None:
            measure()
