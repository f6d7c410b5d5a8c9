"""`python -m simulators`: run the sandbox until SIGTERM or SIGINT."""

import argparse
import json
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from simulators.credentials import Credentials
from simulators.fault_plan_file import FaultPlanBroken, parse_plan
from simulators.faults import FaultPlan
from simulators.formats import NotStrictJson, parse_json
from simulators.sandbox import Sandbox, SandboxSettings


def main(arguments: Sequence[str] | None = None) -> int:
    """Start, print the addresses and `ready`, stop on a signal; 2 when the settings cannot be used."""
    options = _parser().parse_args(arguments)
    try:
        sandbox = Sandbox(_settings(options))
    except (FaultPlanBroken, NotStrictJson, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with sandbox:
        if options.json:
            print(json.dumps({"addresses": sandbox.addresses}))
        else:
            for name, address in sandbox.addresses.items():
                print(f"{name} {address}")
        print("ready", flush=True)
        stop.wait()
    return 0


def _settings(options: argparse.Namespace) -> SandboxSettings:
    plan = FaultPlan(options.seed)
    if options.fault_plan is not None:
        plan = parse_plan(parse_json(options.fault_plan.read_bytes()), options.seed)
    return SandboxSettings(
        host=options.host,
        national_registry_port=options.national_registry_port,
        population_db_port=options.population_db_port,
        one_stop_port=options.one_stop_port,
        control_port=options.control_port,
        seed=options.seed,
        plan=plan,
        journal_directory=options.journal_dir,
        credentials=Credentials(options.account_name, options.account_secret),
        clerk_seconds=options.clerk_seconds,
        token_seconds=options.token_seconds,
        session_seconds=options.session_seconds,
        people=options.people,
        known_only=options.known_only,
    )


def _parser() -> argparse.ArgumentParser:
    account = Credentials()
    parser = argparse.ArgumentParser(
        prog="python -m simulators",
        description="Three simulated national systems on the loopback address, with a control port.",
        epilog="Example: python -m simulators --seed 7 --fault-plan faults.json --clerk-seconds 0",
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on")
    add("--national-registry-port", type=int, default=9101, help="0 = choose a free one")
    add("--population-db-port", type=int, default=9102, help="0 = choose a free one")
    add("--one-stop-port", type=int, default=9103, help="0 = choose a free one")
    add("--control-port", type=int, default=9100, help="0 = choose a free one")
    add("--fault-plan", type=Path, metavar="FILE", help="JSON, see simulators/README.md")
    add("--seed", type=int, default=1, help="for faults, numbers and invented people")
    add("--journal-dir", type=Path, metavar="DIR", help="keep the journals here over a restart")
    add("--clerk-seconds", type=float, default=2.0, help="per step of the registry's clerk; 0 = at once")
    add("--token-seconds", type=int, default=3600, help="lifetime of a registry token")
    add("--session-seconds", type=int, default=1800, help="lifetime of a one-stop session")
    add("--people", type=int, default=50, help="size of the seeded register of people")
    add("--known-only", action="store_true", help="notices about people not in the register are refused")
    add("--account-name", default=account.name, help="client id and user name of all three systems")
    add("--account-secret", default=account.secret, help="client secret and password of all three systems")
    add("--json", action="store_true", help="print the addresses as one line of JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
