"""A fault plan as JSON: read with every mistake named, written back as it was understood."""

from dataclasses import asdict, fields
from typing import Any

from simulators.faults import SYSTEMS, FaultKind, FaultPlan, FaultRule

_NAMES_IN_FILE = {"is_committed": "committed"}
_FORMS: dict[FaultKind, frozenset[str]] = {
    FaultKind.WRONG_ANSWER: frozenset({"", "garbage", "html", "wrong_shape", "empty"}),
    FaultKind.OUTAGE: frozenset({"", "refuse", "unavailable"}),
    FaultKind.REFUSAL: frozenset({"", "technical"}),
}
_STATUSES: dict[FaultKind, frozenset[int]] = {
    FaultKind.SERVER_ERROR: frozenset({500, 502, 503}),
    FaultKind.CLERK_DECISION: frozenset({2, 6}),
}
_KEYS = {_NAMES_IN_FILE.get(each.name, each.name): each for each in fields(FaultRule)}


class FaultPlanBroken(ValueError):
    """The plan cannot be used; `faults` names every mistake with its place."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def parse_plan(content: object, seed: int = 1) -> FaultPlan:
    """Plan from decoded JSON; `seed` stands where the plan names none. Raises `FaultPlanBroken`."""
    if not isinstance(content, dict) or not isinstance(content.get("faults", []), list):
        raise FaultPlanBroken(["the plan must be an object with a list `faults`"])
    mistakes = [f"{key}: unknown key" for key in content if key not in {"seed", "faults"}]
    if type(content.get("seed", seed)) is not int:
        mistakes.append("seed: must be a whole number")
    rules = []
    for position, entry in enumerate(content.get("faults", [])):
        found = _mistakes_of(entry)
        mistakes += [f"faults[{position}].{mistake}" for mistake in found]
        if not found:
            rules.append(_rule(entry))
    if mistakes:
        raise FaultPlanBroken(mistakes)
    return FaultPlan(content.get("seed", seed), tuple(rules))


def plan_as_json(plan: FaultPlan) -> dict[str, Any]:
    """Render a plan so that `parse_plan` reads it back to the same value."""
    return {"seed": plan.seed, "faults": [_rule_as_json(rule) for rule in plan.rules]}


def _rule(entry: dict[str, Any]) -> FaultRule:
    values = {_KEYS[key].name: value for key, value in entry.items()}
    values["kind"] = FaultKind(values["kind"])
    if values["kind"] is FaultKind.CLERK_DECISION:
        values.setdefault("status", 6)
    if values["kind"] is FaultKind.WRONG_ANSWER:
        values.setdefault("is_committed", True)
    return FaultRule(**values)


def _rule_as_json(rule: FaultRule) -> dict[str, Any]:
    plain = FaultRule(rule.system, rule.kind)
    said = {
        _NAMES_IN_FILE.get(name, name): value
        for name, value in asdict(rule).items()
        if value != getattr(plain, name) or name in {"system", "kind", "is_committed", "status"}
    }
    return {**said, "kind": str(rule.kind)}


def _mistakes_of(entry: object) -> list[str]:
    if not isinstance(entry, dict):
        return ["must be an object"]
    mistakes = [f"{key}: unknown key; known: {', '.join(sorted(_KEYS))}" for key in entry if key not in _KEYS]
    if entry.get("system") not in SYSTEMS:
        mistakes.append(f"system: must be one of {', '.join(SYSTEMS)}")
    if entry.get("kind") not in set(FaultKind):
        return [*mistakes, f"kind: must be one of {', '.join(FaultKind)}"]
    mistakes += [
        f"{key}: must be of type {_type_name(key)}"
        for key, value in entry.items()
        if key in _KEYS and not _has_type(key, value)
    ]
    return mistakes or _mistakes_of_values(FaultKind(entry["kind"]), entry)


def _mistakes_of_values(kind: FaultKind, entry: dict[str, Any]) -> list[str]:
    mistakes = []
    if not 0.0 <= entry.get("probability", 1.0) <= 1.0:
        mistakes.append("probability: must lie between 0 and 1")
    if entry.get("times", 1) < 0:
        mistakes.append("times: must not be negative; 0 means always")
    if entry.get("form", "") not in _FORMS.get(kind, frozenset({""})):
        mistakes.append(f"form: must be one of {sorted(_FORMS.get(kind, frozenset()))} for {kind}")
    statuses = _STATUSES.get(kind)
    if "status" in entry and (statuses is None or entry["status"] not in statuses):
        mistakes.append(f"status: must be one of {sorted(statuses or ())} for {kind}")
    if entry.get("max_ms", 0) < entry.get("min_ms", 0):
        mistakes.append("max_ms: must not be less than min_ms")
    if entry.get("to_seconds", 0.0) < entry.get("from_seconds", 0.0):
        mistakes.append("to_seconds: must not be less than from_seconds")
    return mistakes


def _type_name(key: str) -> str:
    return str(_KEYS[key].type).replace("<class '", "").replace("'>", "")


def _has_type(key: str, value: object) -> bool:
    wanted = _KEYS[key].type
    if wanted is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if wanted is bool:
        return isinstance(value, bool)
    if wanted is str or wanted is FaultKind:
        return isinstance(value, str)
    return isinstance(value, int) and not isinstance(value, bool)
