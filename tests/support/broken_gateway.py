"""The gateway without its "already received" rule: what the demonstration must notice.

Run as a program in place of the command `hotich-gateway`, with the same arguments.
"""

import adapters.national_registry.answers as answers_of_registry
from gateway.cli import app


def _never(_text: str | None) -> bool:
    return False


if __name__ == "__main__":
    answers_of_registry.says_received_already = _never
    app()
