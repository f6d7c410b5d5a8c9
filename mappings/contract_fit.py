"""Whether the rows of a message fit the contract of its partner."""

from collections.abc import Iterator, Mapping

from mappings.contracts import Contract, ContractField, contracts_beside, find_text_breach, load_contract
from mappings.loading import MessageRow, PartnerTables, RuleRow
from mappings.rules import WhenMissing


def load_message_contracts(tables: PartnerTables, message: MessageRow) -> Mapping[tuple[str, ...], Contract]:
    """Contracts of a message by where they hold: `("body",)`, and `("body", "data")` for an inner record.

    Raises:
        TableBroken: a contract cannot be read.
        FileNotFoundError: there is none of this name.

    """
    home = contracts_beside(tables.folder, tables.partner)
    contracts: dict[tuple[str, ...], Contract] = {
        ("body",): load_contract(tables.partner, message.body_contract, home)
    }
    for name, contract in message.inner_contracts.items():
        contracts["body", name] = load_contract(tables.partner, contract, home)
    return contracts


def _place(
    contracts: Mapping[tuple[str, ...], Contract], target: tuple[str, ...]
) -> tuple[Contract, str] | None:
    """The contract that a target falls under, and its path there; None for routing."""
    for place in sorted(contracts, key=len, reverse=True):
        if target[: len(place)] == place and len(target) > len(place):
            return contracts[place], ".".join(target[len(place) :])
    return None


def _find_field(
    contracts: Mapping[tuple[str, ...], Contract], target: tuple[str, ...]
) -> ContractField | None:
    found = _place(contracts, target)
    return None if found is None else found[0].fields.get(found[1])


def target_problems(contracts: Mapping[tuple[str, ...], Contract], rule: RuleRow) -> Iterator[str]:
    """Go through what the contract has against the target of one row."""
    if rule.target[:1] != ("body",):
        return
    field = _find_field(contracts, rule.target)
    if field is None:
        yield f"the contract has no field {'.'.join(rule.target[1:])}"
    elif rule.constant is not None and (breach := find_text_breach(field, rule.constant)) is not None:
        yield f"the constant does not fit the contract: {breach.kind} {breach.limit}".rstrip()


def required_problems(
    contracts: Mapping[tuple[str, ...], Contract], rules: tuple[RuleRow, ...]
) -> Iterator[str]:
    """Go through the fields that the contract requires and no row fills for certain."""
    by_target = {rule.target: rule for rule in rules}
    objects = {target[:length] for target in by_target for length in range(1, len(target))}
    for place, contract in contracts.items():
        for field in contract.fields.values():
            target = (*place, *field.path.split("."))
            if target in contracts or target[:-1] not in objects or not _is_wanted(field, target, by_target):
                continue  # filled as a whole by a converter, which the check of each message covers
            rule = by_target.get(target)
            if rule is None and target not in objects:
                yield f"the contract requires {field.path}, and no row fills it"
            elif rule is not None and target[:-1] == place and _may_be_dropped(rule):
                yield f"the contract requires {field.path}, and line {rule.row.line} may leave it out"


def _is_wanted(
    field: ContractField, target: tuple[str, ...], by_target: Mapping[tuple[str, ...], RuleRow]
) -> bool:
    """Always, or because a field that makes it required is filled for certain."""
    beside = (by_target.get((*target[:-1], name)) for name in field.required_with)
    return field.required or any(rule is not None and not _may_be_dropped(rule) for rule in beside)


def _may_be_dropped(rule: RuleRow) -> bool:
    return rule.constant is None and rule.row["when_missing"] != WhenMissing.REFUSE
