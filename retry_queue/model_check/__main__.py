"""`python -m retry_queue.model_check`: checks the model; `--write` writes it anew from the code."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from retry_queue.model_check.model import PROPERTIES, WORLDS, text

MODEL = Path(__file__).with_name("queue.prism")


def main() -> int:
    """0 when every promise holds in every state of every world."""
    arguments = ArgumentParser(description=__doc__)
    arguments.add_argument(
        "--write", action="store_true", help="write queue.prism from states.py and moves.py"
    )
    if arguments.parse_args().write:
        MODEL.write_text(text())
        return 0
    from retry_queue.model_check.checker import check  # noqa: PLC0415 - the checker is a tool of development

    sentences = {each.name: each.sentence for each in PROPERTIES}
    holds = True
    for world in WORLDS:
        found = check(MODEL.read_text(), world)
        holds &= found.holds
        print(f"{world.name}: {found.states:,} states, {found.transitions:,} transitions")
        for name in world.broken:
            print(f"  {'BROKEN' if name in found.broken else 'never '}  {sentences[name]}")
            for step in found.broken.get(name, ()):
                print(f"            {step}")
        print("  DEAD END" if found.dead_ends else "  always  An end can be reached.", *found.dead_ends)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
