"""Changing plain JSON: JSON Pointer (RFC 6901), JSON Patch (RFC 6902), and differences field by field."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

OPERATIONS_MAX: Final = 1_000
"""A patch made to be long must not keep us busy."""


class ChangeFailed(ValueError):
    """A step of a change cannot be taken; says which, and why in both languages."""

    def __init__(self, pointer: str, code: str, message_vi: str, message_en: str) -> None:
        super().__init__(message_en)
        self.pointer, self.code = pointer, code
        self.message_vi, self.message_en = message_vi, message_en


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One place that differs. A value that is not there is absent from `sides`."""

    pointer: str
    sides: Mapping[str, Any]
    """`before` and `after`, each only where there is a value."""


def set_values(document: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Fields set one by one; the object that holds a field must be there. Raises `ChangeFailed`."""
    steps = [{"op": "add", "path": pointer, "value": value} for pointer, value in values.items()]
    return apply_patch(document, steps, replaces=True)


def apply_patch(
    document: Mapping[str, Any], steps: Sequence[Mapping[str, Any]], *, replaces: bool = False
) -> dict[str, Any]:
    """RFC 6902, all steps or `ChangeFailed`. `replaces`: a step into a list replaces instead of inserting."""
    if len(steps) > OPERATIONS_MAX:
        raise _failed("", "too many steps", "quá nhiều bước thay đổi")
    changed: Any = deepcopy(dict(document))
    for step in steps:
        changed = _taken(changed, step, replaces=replaces)
    if not isinstance(changed, dict):
        raise _failed("", "the result is no object", "kết quả không phải là một đối tượng")
    return changed


def differences(before: Any, after: Any, pointer: str = "") -> Iterator[FieldChange]:  # noqa: ANN401 - any JSON
    """Every leaf that differs, in the order of the keys."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after}):
            yield from _between(before, after, key, f"{pointer}/{escaped(key)}")
    elif isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            yield from _between(dict(enumerate(before)), dict(enumerate(after)), index, f"{pointer}/{index}")
    elif before != after or type(before) is not type(after):
        yield FieldChange(pointer, {"before": before, "after": after})


def value_at(document: Any, pointer: str) -> Any:  # noqa: ANN401 - any JSON
    """What stands there; None when nothing does."""
    try:
        return _walked(document, _steps(pointer))
    except ChangeFailed:
        return None


def escaped(part: object) -> str:
    """One step of a pointer."""
    return str(part).replace("~", "~0").replace("/", "~1")


def _between(before: Mapping[Any, Any], after: Mapping[Any, Any], key: Any, at: str) -> Iterator[FieldChange]:  # noqa: ANN401 - name or index
    if key in before and key in after:
        yield from differences(before[key], after[key], at)
    elif key in before:
        yield FieldChange(at, {"before": before[key]})
    else:
        yield FieldChange(at, {"after": after[key]})


def _taken(document: Any, step: Mapping[str, Any], *, replaces: bool) -> Any:  # noqa: ANN401 - any JSON
    path, operation = step.get("path"), step.get("op")
    if not isinstance(path, str):
        raise _failed("", "a step has no path", "một bước không có path")
    if operation not in _OPERATIONS:
        raise _failed(path, "op is none of add, remove, replace, move, copy, test", "op không hợp lệ")
    if operation in {"add", "replace", "test"} and "value" not in step:
        raise _failed(path, "the step has no value", "bước này không có value")
    if operation in {"move", "copy"} and not isinstance(step.get("from"), str):
        raise _failed(path, "the step has no from", "bước này không có from")
    if replaces and operation == "add":
        operation = "replace" if _is_list_item(document, path) else "add"
    return _OPERATIONS[operation](document, step)


def _is_list_item(document: Any, path: str) -> bool:  # noqa: ANN401 - any JSON
    steps = _steps(path)
    return bool(steps) and steps[-1] != "-" and isinstance(_walked(document, steps[:-1]), list)


def _add(document: Any, step: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    return _placed(document, step["path"], deepcopy(step["value"]))


def _remove(document: Any, step: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    steps = _steps(step["path"])
    if not steps:
        raise _failed("", "the whole message cannot be removed", "không thể xóa toàn bộ thông điệp")
    holder = _walked(document, steps[:-1])
    _walked(holder, steps[-1:], step["path"])
    holder.pop(_index(holder, steps[-1], step["path"]) if isinstance(holder, list) else steps[-1])
    return document


def _replace(document: Any, step: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    steps = _steps(step["path"])
    if not steps:
        return deepcopy(step["value"])
    holder = _walked(document, steps[:-1])
    _walked(holder, steps[-1:], step["path"])
    key = _index(holder, steps[-1], step["path"]) if isinstance(holder, list) else steps[-1]
    holder[key] = deepcopy(step["value"])
    return document


def _move(document: Any, step: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    if step["path"].startswith(step["from"] + "/"):
        raise _failed(step["path"], "a value cannot move into itself", "không thể chuyển vào chính nó")
    value = deepcopy(_walked(document, _steps(step["from"])))
    return _placed(_remove(document, {"path": step["from"]}), step["path"], value)


def _copy(document: Any, step: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    return _placed(document, step["path"], deepcopy(_walked(document, _steps(step["from"]))))


def _test(document: Any, step: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    found = _walked(document, _steps(step["path"]))
    if any(True for _ in differences(found, step["value"])):
        raise _failed(step["path"], "the tested value is another one", "giá trị kiểm tra không khớp")
    return document


_OPERATIONS: Final[Mapping[Any, Callable[[Any, Mapping[str, Any]], Any]]] = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "move": _move,
    "copy": _copy,
    "test": _test,
}


def _placed(document: Any, path: str, value: Any) -> Any:  # noqa: ANN401 - any JSON
    steps = _steps(path)
    if not steps:
        return value
    holder = _walked(document, steps[:-1])
    if isinstance(holder, list):
        at = len(holder) if steps[-1] == "-" else _index(holder, steps[-1], path, grows=True)
        holder.insert(at, value)
    elif isinstance(holder, dict):
        holder[steps[-1]] = value
    else:
        raise _missing(path)
    return document


def _walked(value: Any, steps: Sequence[str], whole: str | None = None) -> Any:  # noqa: ANN401 - any JSON
    at = "".join(f"/{escaped(step)}" for step in steps) if whole is None else whole
    for step in steps:
        if isinstance(value, list):
            value = value[_index(value, step, at)]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            raise _missing(at)
    return value


def _index(holder: Sequence[Any], step: str, path: str, *, grows: bool = False) -> int:
    limit = len(holder) + int(grows)
    is_number = step.isascii() and step.isdigit() and (step == "0" or not step.startswith("0"))
    if not is_number or int(step) >= limit:
        raise _missing(path)
    return int(step)


def _steps(pointer: str) -> list[str]:
    if pointer and not pointer.startswith("/"):
        raise _failed(pointer, "a pointer begins with /", "con trỏ phải bắt đầu bằng /")
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def _missing(pointer: str) -> ChangeFailed:
    return _failed(pointer, "there is nothing at this place", "không có gì ở vị trí này")


def _failed(pointer: str, english: str, vietnamese: str) -> ChangeFailed:
    place = pointer or "/"
    return ChangeFailed(
        pointer,
        "change_not_possible",
        f"{place}: {vietnamese}; hãy sửa lại thay đổi.",
        f"{place}: {english}; correct the change.",
    )
