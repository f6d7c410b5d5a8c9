"""The page docs/reference/rules.md, from the catalogue in gateway/receive/conformance/rules.csv."""

from collections.abc import Iterator

from gateway.bootstrap.conformance import every_rule
from mappings.canonical import EVENT_TYPES


def rules_page(generated: str) -> Iterator[str]:
    """Line by line."""
    yield from ("# Rules of messages (quy tắc của thông điệp)", "", generated, "")
    yield from (
        "What `hotich-gateway conformance` tells of each message: whether the rule holds. The code is that",
        "of the violation in an answer 422. [S]: seen in a public source. [I]: inferred, or set by us.",
        "Keys of sources (L, N123, T04, N120, N87) are those of [the law page](law.md); *event reference* is",
        "[event.md](event.md). A rule concerns messages that hold one of the fields named; without one, all.",
        "",
        "| code | rule | quy tắc | source | fields | event types |",
        "|---|---|---|---|---|---|",
    )
    for code, rule in every_rule().items():
        fields = ", ".join(f"`{each}`" for each in sorted(rule.needs)) or "–"
        everywhere = rule.event_types == EVENT_TYPES.keys()
        types = "all" if everywhere else ", ".join(f"`{each}`" for each in sorted(rule.event_types))
        source = f"{rule.source} [{rule.mark}]"
        yield f"| `{code}` | {rule.rule_en} | {rule.rule_vi} | {source} | {fields} | {types} |"
