"""The gateway without its "already received" rule: what the demonstration must notice.

Run as a program in place of the command `hotich-gateway`, with the same arguments.
"""

from unittest.mock import patch

from gateway.cli import app

RULE = "adapters.national_registry.answers.says_received_already"

if __name__ == "__main__":
    with patch(RULE, return_value=False):
        app()
