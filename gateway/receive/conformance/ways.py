"""Which rules are about one way of writing a message only: of another way nothing is said about them."""

from collections.abc import Mapping
from typing import Final

from gateway.receive.wordings_of_elements import OF_ELEMENTS

JSON: Final = "json"
LINES: Final = "ndjson"
SOAP: Final = "soap"
OF_QUESTIONS: Final = frozenset({"parameter_out_of_range", "parameter_text"})
"""What SOAP asks beside events; a message that is checked is an event."""
_OF_JSON_TEXT: Final = frozenset(
    {"body_not_json", "body_not_object", "json_too_deep", "number_not_whole", "text_not_unicode"}
)
_ONLY_IN: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(OF_ELEMENTS.keys() - OF_QUESTIONS, frozenset({SOAP})),
    "line_blank": frozenset({LINES}),
}
_NOT_IN: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(_OF_JSON_TEXT, frozenset({SOAP})),
    "body_not_utf8": frozenset({SOAP}),  # XML names its own encoding
}


def is_rule_of(code: str, kind: str) -> bool:
    """Whether a message that is written so can keep or break the rule at all."""
    if code in OF_QUESTIONS:
        return False
    return kind in _ONLY_IN.get(code, {kind}) and kind not in _NOT_IN.get(code, ())
