"""One run from start to end: set the stage, post, kill, wait until nothing moves, judge."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from simulators.demo.holdings import read_holdings
from simulators.demo.judgement import Case, Evidence, judge
from simulators.demo.posting import Postroom
from simulators.demo.progress import Moment, Progress
from simulators.demo.scheme import devise
from simulators.demo.settings import DemoSettings
from simulators.demo.stage import SYSTEMS, Stage
from simulators.demo.verdict import Verdict
from simulators.local_registry.books import now_in_milliseconds
from simulators.local_registry.client import GatewayClient
from simulators.local_registry.mistakes import plant
from simulators.local_registry.township import invent

LOOK_EVERY_SECONDS = 0.4
STILL_SECONDS, STUCK_SECONDS = 2.0, 15.0
KILL_AT = 0.45


@dataclass
class Stillness:
    """How long nothing has changed."""

    seen: object = None
    since: float = field(default_factory=time.monotonic)

    def seconds(self, seen: object) -> float:
        """Seconds since `seen` last differed."""
        if seen != self.seen:
            self.seen, self.since = seen, time.monotonic()
        return time.monotonic() - self.since


class Run:
    """One demonstration; `perform` may be called once."""

    def __init__(self, settings: DemoSettings, stage: Stage, progress: Progress) -> None:
        self._settings = settings
        self._stage = stage
        self._progress = progress
        self._began = time.monotonic()
        self._moment = Moment("starting sandbox and gateway", 0.0, events=settings.events)

    @property
    def elapsed_seconds(self) -> float:
        """Since the beginning, set-up included."""
        return time.monotonic() - self._began

    def perform(self) -> Verdict:
        """Do everything and judge; ends by itself within the limit."""
        self._show("starting sandbox and gateway")
        credentials = self._stage.set_up()
        settings = self._settings
        township = invent(settings.seed, settings.events, now_in_milliseconds(), settings.posting_seconds)
        mistakes = plant(settings.seed, township.registered)
        case = Case(settings, township, mistakes, devise(township.registered, settings))
        self._stage.control.add_people(township.people)
        self._stage.control.put_faults(case.scheme.plan)
        postroom = Postroom(self._stage.address, credentials, settings.connections)
        postroom.start(township.registered, mistakes.broken)
        try:
            with GatewayClient(self._stage.address, credentials, give_up_seconds=5) as operator:
                self._while_posting(postroom, operator)
                postroom.post_mistakes(mistakes)
                return self._until_still(case, postroom, operator)
        finally:
            postroom.stop()

    def _while_posting(self, postroom: Postroom, operator: GatewayClient) -> None:
        kill_at = time.monotonic() + KILL_AT * self._settings.posting_seconds
        while postroom.is_busy and self.elapsed_seconds < self._settings.limit_seconds:
            if self._settings.is_killed and not self._stage.kills and time.monotonic() > kill_at:
                self._show("killing the gateway with SIGKILL and starting it again")
                self._stage.kill_gateway()
            self._look("posting events", postroom, operator)
            time.sleep(LOOK_EVERY_SECONDS)

    def _until_still(self, case: Case, postroom: Postroom, operator: GatewayClient) -> Verdict:
        stillness = Stillness()
        while True:
            view = self._look("waiting until nothing moves", postroom, operator)
            still = stillness.seconds((self._moment.journals, self._moment.places))
            is_late = self.elapsed_seconds > self._settings.limit_seconds
            if still > STILL_SECONDS or is_late:
                verdict = self._judge(case, postroom, view)
                if not verdict.disagreements or still > STUCK_SECONDS or is_late:
                    return verdict
            time.sleep(LOOK_EVERY_SECONDS)

    def _judge(self, case: Case, postroom: Postroom, view: Mapping[str, Any]) -> Verdict:
        control = self._stage.control
        holdings = read_holdings({system: control.journal(system) for system in SYSTEMS})
        return judge(case, Evidence(postroom.outbox, holdings, control.planted(), view))

    def _look(self, phase: str, postroom: Postroom, operator: GatewayClient) -> Mapping[str, Any]:
        """Read the operators' view and the journals' counts, and show them."""
        self._stage.check()
        view = operator.get("/api/v1/deliveries/summary")
        places = {
            place["destination"]: {each["state"]: each["deliveries"] for each in place["states"]}
            for place in view["destinations"]
        }
        outbox = postroom.outbox
        self._moment = replace(
            self._moment,
            answered=len(outbox.events),
            accepted=len(outbox.accepted),
            journals=self._stage.control.summary(),
            places=places,
            faults=sum(each["kind"] != "latency" for each in self._stage.control.planted()),
            kills=self._stage.kills,
        )
        self._show(phase)
        return view

    def _show(self, phase: str) -> None:
        self._moment = replace(self._moment, phase=phase, elapsed_seconds=self.elapsed_seconds)
        self._progress.show(self._moment)


def run_in(settings: DemoSettings, folder: Path) -> tuple[Verdict, float]:
    """Run on files of its own in that folder; the verdict and how many seconds it took."""
    with Progress() as progress, Stage(settings, folder) as stage:
        run = Run(settings, stage, progress)
        return run.perform(), run.elapsed_seconds
