"""Every fault in words: rule and remedy, in Vietnamese and English. `{name}` stands for a value of the rule.

The model's own rules have their words in `mappings.canonical.violations`; no two tables share a code.
"""

from collections.abc import Mapping
from typing import Final

from gateway.model.submission import Violation
from gateway.receive.finding import Finding, field_name, pointer
from gateway.receive.wordings_of_elements import OF_ELEMENTS
from gateway.receive.wordings_of_rules import OF_RULES
from gateway.receive.wordings_of_shape import OF_SHAPE
from gateway.receive.wordings_of_warnings import OF_WARNINGS
from mappings.canonical import WORDINGS as OF_MODEL
from mappings.canonical import Wording

WORDINGS: Final[Mapping[str, Wording]] = {**OF_MODEL, **OF_SHAPE, **OF_ELEMENTS, **OF_RULES}


def put_into_words(finding: Finding) -> Violation:
    """The fault, or the warning, as the sender gets it."""
    wording = WORDINGS.get(finding.code) or OF_WARNINGS[finding.code]
    values = {"field": field_name(finding.path), **finding.values}
    return Violation(
        pointer=pointer(finding.path),
        code=finding.code,
        message_vi=wording.vietnamese.format_map(values),
        message_en=wording.english.format_map(values),
    )
