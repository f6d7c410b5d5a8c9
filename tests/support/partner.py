"""A partner that answers as it was told and remembers what it was asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from adapters.port import Accepted, Announce, Evidence, News, OutboundMessage, Repeats, Standing

EVIDENCE = Evidence(operation="doSomething", http_status=200, partner_code="1")

Answer = Accepted | Exception
Reply = Standing | Exception


@dataclass
class ScriptedPartner:
    """Implements the adapter's port; each verb takes its next answer, and accepts when none is left."""

    answers: list[Answer] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    news: list[Sequence[News] | Exception] = field(default_factory=list)
    fetch_limit: int = 3
    repeats: Repeats = Repeats(asks=True, idempotent=True)  # noqa: RUF009 - a frozen value
    before_answer: Callable[[], None] = lambda: None
    sent: list[OutboundMessage] = field(default_factory=list)
    asked: list[OutboundMessage] = field(default_factory=list)
    fetched: list[Sequence[OutboundMessage]] = field(default_factory=list)
    fails_before_announce: Exception | None = None

    def send(self, message: OutboundMessage, announce: Announce) -> Accepted:
        if self.fails_before_announce is not None:
            raise self.fails_before_announce
        announce()
        self.sent.append(message)
        self.before_answer()
        answer = self.answers.pop(0) if self.answers else Accepted(EVIDENCE)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def ask(self, message: OutboundMessage) -> Standing:
        self.asked.append(message)
        reply = self.replies.pop(0) if self.replies else Accepted(EVIDENCE, already_there=True)
        if isinstance(reply, Exception):
            raise reply
        return reply

    def fetch(self, outstanding: Sequence[OutboundMessage]) -> Sequence[News]:
        self.fetched.append(tuple(outstanding))
        news = self.news.pop(0) if self.news else ()
        if isinstance(news, Exception):
            raise news
        return news

    def close(self) -> None:
        """Nothing to let go of."""
