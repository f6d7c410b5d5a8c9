"""The page for a person who must decide, as the terminal shows it."""

from gateway.commands.output import print_facts, print_table, say
from gateway.operations.decision import DecisionPage
from gateway.operations.journey import AttemptStory


def print_decision(page: DecisionPage) -> None:
    """Question, stake, what was sent and said, what may be done."""
    say(f"{page.question.vi} / {page.question.en}")
    say(f"{page.stake.vi} / {page.stake.en}")
    exchange, delivery = page.exchange, page.delivery
    print_facts(
        "Delivery",
        {
            "delivery": delivery.delivery_id,
            "state": f"{delivery.state} ({delivery.reason or '-'})",
            "fence": page.expected.fence,
            "content version": page.expected.version,
            "request": delivery.request_id,
            "earlier requests": ", ".join(each.request_id for each in page.past.earlier_requests) or "-",
            "sent": f"{exchange.times_sent} (last {exchange.last_sent_at or '-'})",
            "asked": f"{exchange.times_asked} (last {exchange.last_asked_at or '-'})",
            "may be there": exchange.may_be_there,
            "due": delivery.due_at.isoformat(),
        },
    )
    columns = ("no", "what", "when", "outcome", "answer", "reference")
    print_table("Attempts", columns, (_attempt(each) for each in delivery.attempts))
    if page.past.acts:
        rows = (
            (
                each.happened_at.isoformat(),
                each.actor,
                each.act.value,
                each.before_state,
                each.after_state,
                each.reason,
            )
            for each in page.past.acts
        )
        print_table("What people did", ("when", "who", "act", "before", "after", "why"), rows)
    for item in page.past.bundles:
        result = item.result.value if item.result else "open"
        say(f"bundle {item.bundle_id}: {result} {item.reference or item.refusal or ''}")
    for proposal in page.past.proposals:
        say(f"proposed edit {proposal.proposal_id} by {proposal.proposed_by}: {proposal.content_sha256}")
    allowed = (
        (each.act.value, ", ".join(each.needs), each.consequence.vi, each.consequence.en)
        for each in page.allowed
    )
    print_table("What you may do", ("act", "needs", "nghĩa", "what it does"), allowed)


def _attempt(story: AttemptStory) -> tuple[object, ...]:
    outcome = story.outcome.value if story.outcome else "-"
    said = " ".join(part for part in (story.partner_code, story.partner_text) if part)
    when = story.started_at.isoformat()
    return (story.number, story.verb, when, outcome, said, story.partner_reference or "")
