"""Where settings come from: defaults, then the TOML file named by HOTICH_CONFIG, then HOTICH_* variables."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from gateway.errors import SettingsInvalid
from gateway.settings.section import Section
from gateway.settings.tree import Settings

PREFIX = "HOTICH_"
CONFIG_VARIABLE = "HOTICH_CONFIG"
NESTING = "__"
FILE_SUFFIX = "_file"
SettingPath = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting as it is documented and explained."""

    path: SettingPath
    description: str
    default: object
    is_required: bool

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return variable_of(self.path)


@dataclass(frozen=True, slots=True)
class _Source:
    """What one place says, and what is wrong with it."""

    tree: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Build the tree or raise `SettingsInvalid` naming every wrong setting at once."""
    file = _from_file(environment.get(CONFIG_VARIABLE))
    variables = _from_variables(environment)
    problems = [*file.problems, *variables.problems]
    try:
        settings = Settings.model_validate(_laid_over(file.tree, variables.tree))
    except ValidationError as invalid:
        problems += [_explain(error) for error in invalid.errors(include_input=False, include_url=False)]
        settings = None
    if problems or settings is None:
        # Without the cause: it quotes what was set, secrets too.
        raise SettingsInvalid(problems=problems)
    return settings


def list_settings(section: type[Section] = Settings, path: SettingPath = ()) -> Iterator[SettingRow]:
    """Every setting of the tree, sections taken apart."""
    for name, declared in section.model_fields.items():
        nested = section_of(declared.annotation)
        if nested is not None:
            yield from list_settings(nested, (*path, name))
            continue
        default = None if declared.is_required() else declared.get_default()
        yield SettingRow((*path, name), declared.description or "", default, declared.is_required())


def variable_of(path: SettingPath) -> str:
    """The environment variable of a setting."""
    return PREFIX + NESTING.join(path).upper()


def section_of(annotation: object) -> type[Section] | None:
    """The section a field holds, also behind an optional."""
    for candidate in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(candidate, type) and issubclass(candidate, Section):
            return candidate
    return None


def _from_file(name: str | None) -> _Source:
    if name is None:
        return _Source()
    try:
        tree = tomllib.loads(Path(name).read_text(encoding="utf-8"))
    except OSError as missing:
        return _Source(problems=[f"{CONFIG_VARIABLE}: cannot read {name}: {missing.strerror}."])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        return _Source(problems=[f"{CONFIG_VARIABLE}: {name} is not TOML in UTF-8: {broken}."])
    source = _Source(tree)
    _read_secret_files(source.tree, (), source.problems)
    return source


def _from_variables(environment: Mapping[str, str]) -> _Source:
    source = _Source()
    for variable, text in sorted(environment.items()):
        if variable.startswith(PREFIX) and variable != CONFIG_VARIABLE:
            path = variable.removeprefix(PREFIX).lower().split(NESTING)
            if not _place(source.tree, path, _value_of(text)):
                source.problems.append(f"{variable}: names a section and a value at once. Set one of them.")
    _read_secret_files(source.tree, (), source.problems)
    return source


def _place(tree: dict[str, Any], path: list[str], value: object) -> bool:
    for name in path[:-1]:
        branch: object = tree.setdefault(name, {})
        if not isinstance(branch, dict):
            return False
        tree = branch
    tree[path[-1]] = value
    return True


def _value_of(text: str) -> object:
    """A list is written `[a, b]`; everything else stays text and is read by its type."""
    if text.startswith("[") and text.endswith("]"):
        return [part.strip() for part in text[1:-1].split(",") if part.strip()]
    return text


def _read_secret_files(tree: dict[str, Any], path: SettingPath, problems: list[str]) -> None:
    """`<name>_file` stands for `<name>`, within one source: a variable still goes before the file."""
    for name, value in list(tree.items()):
        if isinstance(value, dict):
            _read_secret_files(value, (*path, name), problems)
        elif name.endswith(FILE_SUFFIX) and isinstance(value, str):
            del tree[name]
            meant = name.removesuffix(FILE_SUFFIX)
            if meant in tree:
                problems.append(f"{'.'.join((*path, name))}: {meant} is set as well. Set one of them.")
                continue
            try:
                tree[meant] = Path(value).read_text(encoding="utf-8").strip()
            except OSError as missing:
                problems.append(f"{'.'.join((*path, name))}: cannot read {value}: {missing.strerror}.")
            except UnicodeDecodeError:
                problems.append(f"{'.'.join((*path, name))}: {value} is not text in UTF-8.")


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for name, value in above.items():
        under = merged.get(name)
        if isinstance(under, dict) and isinstance(value, dict):
            merged[name] = _laid_over(under, value)
        else:
            merged[name] = value
    return merged


def _explain(error: Mapping[str, Any]) -> str:
    """Which setting, what is wrong, what it means, and how to set it, in both languages."""
    place = tuple(str(part) for part in error["loc"])
    wrong = str(error["msg"]).removeprefix("Value error, ")
    if not place:
        return wrong
    if error["type"] == "extra_forbidden":
        return f"{'.'.join(place)}: there is no such setting (không có thiết lập này).{_guess(place)}"
    inside = [row.variable for row in list_settings() if row.path[: len(place)] == place != row.path]
    if inside:
        return f"{'.'.join(place)}: {wrong}. Set its parts (đặt các phần của nó): {', '.join(inside)}."
    known = [row for row in list_settings() if row.path == place[: len(row.path)]]
    path = known[0].path if known else place
    meaning = f" ({known[0].description} Default: {_default(known[0])}.)" if known else ""
    name, variable = ".".join(path), variable_of(path)
    remedy = f"Set {variable}, or {name} in the file. (Đặt {variable}, hoặc {name} trong tệp cấu hình.)"
    return f"{name}: {wrong}.{meaning} {remedy}"


def _default(row: SettingRow) -> object:
    return "none, it must be set" if row.is_required else row.default


def _guess(place: SettingPath) -> str:
    names = {".".join(row.path): row for row in list_settings()}
    close = get_close_matches(".".join(place), names, n=1)
    return f" Did you mean {close[0]} ({names[close[0]].variable})?" if close else ""
