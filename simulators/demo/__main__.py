"""`python -m simulators.demo`: exit status 0 only if every accepted event got where the law wants it."""

import argparse
import json
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from rich.console import Console

from simulators.demo.processes import ChildFailed
from simulators.demo.report import print_report
from simulators.demo.run import run_in
from simulators.demo.settings import DemoSettings, default_gateway_command, parse_command
from simulators.demo.stage import CommandFailed
from simulators.local_registry.client import GatewayUnreachable

DISAGREES, CANNOT_RUN, INTERRUPTED = 1, 2, 130
PLAIN_WIDTH = 110


class NotPositive(argparse.ArgumentTypeError):
    """The number of events must be 1 or more."""


class Interrupted(BaseException):
    """A signal asked us to stop; not an `Exception`, so that nothing on the way takes it for an error."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run once; 0 passed, 1 something disagrees, 2 it could not run, 130 interrupted."""
    options = _parser().parse_args(arguments)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        if options.keep:
            folder = Path(tempfile.mkdtemp(prefix="hotich-demo-"))
            sys.stderr.write(f"files stay in {folder}\n")
            return _run(options, folder)
        with tempfile.TemporaryDirectory(prefix="hotich-demo-") as name:
            return _run(options, Path(name))
    except Interrupted:
        sys.stderr.write("interrupted\n")
        return INTERRUPTED
    except (ChildFailed, CommandFailed, GatewayUnreachable) as error:
        sys.stderr.write(f"error: {error}\n")
        return CANNOT_RUN


def _run(options: argparse.Namespace, folder: Path) -> int:
    settings = _settings(options)
    verdict, seconds = run_in(settings, folder)
    if options.json:
        result = {"seed": settings.seed, "seconds": round(seconds, 1), "time_factor": settings.time_factor}
        sys.stdout.write(f"{json.dumps({**result, **verdict.as_json()}, ensure_ascii=False, indent=2)}\n")
    else:
        console = Console() if sys.stdout.isatty() else Console(width=PLAIN_WIDTH)
        print_report(console, verdict, settings, seconds)
    return DISAGREES if verdict.disagreements else 0


def _settings(options: argparse.Namespace) -> DemoSettings:
    command = parse_command(options.gateway_command) if options.gateway_command else default_gateway_command()
    return DemoSettings(
        events=options.events,
        seed=options.seed,
        gateway_command=command,
        time_factor=options.time_factor,
        is_killed=options.kill,
    )


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    # A second signal must not disturb the stopping of the children.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise Interrupted


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise NotPositive(NotPositive.__doc__)
    return number


def _parser() -> argparse.ArgumentParser:
    plain = DemoSettings()
    parser = argparse.ArgumentParser(
        prog="python -m simulators.demo",
        description="Post generated events through sandbox and gateway under faults, and judge by the "
        "simulators' journals.",
        epilog="Example: python -m simulators.demo --events 100 --seed 3 --json",
    )
    add = parser.add_argument
    add("--events", type=_positive, default=plain.events, help="how many events to generate and post")
    add("--seed", type=int, default=plain.seed, help="the same seed gives the same people, events and faults")
    add("--json", action="store_true", help="print the result as JSON instead of tables")
    add("--keep", action="store_true", help="keep database and logs, and say where they are")
    add("--gateway-command", metavar="COMMAND", help="instead of hotich-gateway; `serve` is added to it")
    add("--time-factor", type=float, default=plain.time_factor, help="divides the gateway's policy times")
    add(
        "--kill",
        action=argparse.BooleanOptionalAction,
        default=plain.is_killed,
        help="kill the gateway with SIGKILL in the middle and start it again",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
