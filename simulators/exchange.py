"""One call to a simulated system: faults before it acts, the act, faults after it."""

import logging

from simulators.clock import Clock
from simulators.exchange_values import Call, Cut, Reply, Request
from simulators.faults import FaultKind
from simulators.partner import Partner
from simulators.planting import Effects, FaultBook

logger = logging.getLogger("simulators")
PAGE = b"<html><body><h1>Service temporarily unavailable</h1></body></html>"


class Exchange:
    """Answers for one partner, with the faults of the plan in force."""

    def __init__(self, partner: Partner, book: FaultBook, clock: Clock) -> None:
        self._partner = partner
        self._book = book
        self._clock = clock

    def respond(self, request: Request) -> Reply | Cut:
        """Answer one request, or cut it off."""
        timed = self._book.find_timed(self._partner.name)
        if timed is not None:
            return Reply(503, PAGE, "text/html") if timed.form == "unavailable" else Cut()
        call = self._partner.open(request)
        effects = self._book.effects_on(self._partner.name, call)
        before = self._before(request, call, effects)
        if before is not None:
            return before
        return self._after(self._act(call, effects), effects)

    def _before(self, request: Request, call: Call, effects: Effects) -> Reply | Cut | None:
        latency = effects.take(FaultKind.LATENCY)
        if latency is not None:
            span_ms = latency.max_ms - latency.min_ms
            self._clock.wait((latency.min_ms + span_ms * effects.draw(FaultKind.LATENCY)) / 1000)
        if self._strikes(effects, FaultKind.HANG, after_commit=False):
            return self._hang(effects)
        error = effects.take(FaultKind.SERVER_ERROR)
        if error is not None:
            return self._failure(error.status, error.retry_after_seconds)
        if self._strikes(effects, FaultKind.WRONG_ANSWER, after_commit=False):
            return self._wrong(effects)
        if not call.asks_for_credentials and effects.take(FaultKind.EXPIRED_TOKEN) is not None:
            return self._partner.expire_credentials(request)
        return None

    def _act(self, call: Call, effects: Effects) -> Reply:
        try:
            return call.act(effects)
        except Exception:
            # A simulator that dies on a request would look like a planted fault: say loudly that it is not.
            logger.exception("simulator.act_failed")
            return Reply(500, b"simulator failed, see its log\n", "text/plain", {"X-Simulator-Failed": "1"})

    def _after(self, reply: Reply, effects: Effects) -> Reply | Cut:
        if self._strikes(effects, FaultKind.HANG, after_commit=True):
            return self._hang(effects)
        if effects.take(FaultKind.ANSWER_LOST) is not None:
            return Cut()
        if self._strikes(effects, FaultKind.WRONG_ANSWER, after_commit=True):
            return self._wrong(effects)
        return reply

    @staticmethod
    def _strikes(effects: Effects, kind: FaultKind, *, after_commit: bool) -> bool:
        rule = effects.peek(kind)
        return rule is not None and rule.is_committed is after_commit

    def _hang(self, effects: Effects) -> Cut:
        rule = effects.take(FaultKind.HANG)
        self._clock.wait(0.0 if rule is None else rule.seconds)
        return Cut()

    def _wrong(self, effects: Effects) -> Reply:
        rule = effects.take(FaultKind.WRONG_ANSWER)
        return self._partner.wrong_answer("" if rule is None else rule.form)

    def _failure(self, status: int, retry_after_seconds: int | None) -> Reply:
        reply = self._partner.failure(status)
        if retry_after_seconds is None:
            return reply
        headers = {**reply.headers, "Retry-After": str(retry_after_seconds)}
        return Reply(reply.status, reply.body, reply.content_type, headers)


def wrong_reply(form: str, *, garbage: bytes, wrong_shape: bytes, content_type: str) -> Reply:
    """Pick an answer that breaks the contract; garbage where the plan names no form."""
    match form:
        case "html":
            return Reply(200, PAGE, "text/html")
        case "wrong_shape":
            return Reply(200, wrong_shape, content_type)
        case "empty":
            return Reply(200, b"", content_type)
        case _:
            return Reply(200, garbage, content_type)
