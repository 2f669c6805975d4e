"""The settings of a folder: those of its stacks, of `kalypso.yaml`, and where each comes from.

A stack's settings are in `Pulumi.<stack>.yaml`. `kalypso.yaml` has the same keys, without
`kalypso:` before them, for whoever uses the commands without Pulumi. A key that both name is an
error, since one of them would be ignored. Variables of the environment come before files.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import yaml

from kalypso.errors import Position, Problem, Problems, SettingsError
from kalypso.git import mask
from kalypso.spelling import nearest
from kalypso.stack.encrypted import has_encrypted, without_encrypted
from kalypso.stack.flat_keys import flat
from kalypso.stack.settings import GROUPS, SETTINGS, Settings
from kalypso.stack.stack_file import NAMESPACE, key_lines, parse_settings, project_in

FILE = "kalypso.yaml"
VARIABLES = {
    "KALYPSO_ENVIRONMENT": "environment",
    "KALYPSO_CONTROL_PLANE": "repositories.control-plane",
    "KALYPSO_BASE": "model.base",
    "KALYPSO_CONVENTIONS": "conventions",
    "KALYPSO_FORGE": "forge.folder",
    "KALYPSO_MISSING_KEY": "templates.missingKey",
    "KALYPSO_STRICT": "strict",
}
"""Variables of the environment that stand for settings."""
_FOLDERS = ("forge.folder", "model.folder", "model.base")
"""Settings that name a folder, from the folder of the file."""
_LOCAL_FORGE = Path(".kalypso/forge")
_SECRET = "(secret)"  # noqa: S105 - it stands in place of one


class FoundSettings(msgspec.Struct, frozen=True, dict=True):
    """The settings of one environment, and where each of them comes from."""

    folder: Path
    settings: Settings
    given: Mapping[str, object] = msgspec.field(default_factory=dict)
    """What is set, by key, as it is written."""
    sources: Mapping[str, str] = msgspec.field(default_factory=dict)
    """By key, for those that are set: a variable, or a file with its line."""

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Yield key, value and source of every setting, in their order."""
        values = self.settings.values
        for setting in SETTINGS:
            value = mask(_text(self.given.get(setting.key, values.get(setting.key, ""))))
            if setting.field.repr is False and value:
                value = _SECRET
            yield setting.key, value, self.sources.get(setting.key, "default")


def environments_in(folder: Path) -> list[str]:
    """Return the environments that a folder has settings for, in their order.

    Raises:
        Problems: Something is wrong with the settings.
        SettingsError: A file is not YAML.
    """
    stacks = _stacks(folder)
    for stack in stacks:
        named = _flat_config(stack).get("environments")
        if isinstance(named, list) and named:
            return [str(name) for name in named]
    named = _flat_plain(folder / FILE).get("environments")
    if isinstance(named, list) and named:
        return [str(name) for name in named]
    return sorted(str(_flat_config(path).get("environment", _name(path))) for path in stacks)


def settings_folder(start: Path) -> Path | None:
    """Return the folder whose settings hold in a folder; None if there is none.

    It is the folder itself, or the nearest one above it with `kalypso.yaml` or, beside its stacks,
    a local forge.
    """
    for folder in (start, *start.resolve().parents):
        if (folder / FILE).is_file():
            return folder
        if _stacks(folder) and (folder == start or (folder / _LOCAL_FORGE).is_dir()):
            return folder
    return None


def find_settings(folder: Path, environment: str, variables: Mapping[str, str]) -> FoundSettings:
    """Read the settings of an environment.

    Args:
        folder: Has the files.
        environment: Its name; empty for the only one there is.
        variables: Of the process.

    Raises:
        SettingsError: It is not clear which environment, or a file is not YAML.
        Problems: The settings are wrong: all their problems.
    """
    plain = _flat_plain(folder / FILE)
    name = (
        environment or variables.get("KALYPSO_ENVIRONMENT", "") or str(plain.get("environment", ""))
    )
    name = name or _only(folder)
    stack = _stack_of(folder, name)
    if stack is None:
        _refuse_unknown(folder, name)
    config = _flat_config(stack) if stack else {}
    _refuse_twice(folder, stack, config, plain)
    given = {**plain, **config, "environment": name}
    sources = {
        **_placed(folder / FILE, plain, _lines(folder / FILE)),
        **(_placed(stack, config, key_lines(stack.read_text(encoding="utf-8"))) if stack else {}),
    }
    for variable, key in VARIABLES.items():
        if variable in variables and key != "environment":
            given[key], sources[key] = variables[variable], variable
    shown = dict(given)
    for key in _FOLDERS:
        if key in given and sources.get(key) not in VARIABLES:
            given[key] = str(folder / str(given[key]))
    if given.get("forge", "local") == "local":
        given.setdefault("forge.folder", str(folder / _LOCAL_FORGE))
    sources.setdefault("environment", _environment_source(environment, variables))
    texts = {f"{NAMESPACE}:{key}": _text(value) for key, value in given.items()}
    lines = key_lines(stack.read_text(encoding="utf-8")) if stack else {}
    texts |= {key: "" for key in lines if ":" in key}  # those of other namespaces
    settings = parse_settings(
        texts,
        _name(stack) if stack else name,
        lines,
        project_in(folder),
        whole=stack is None or not has_encrypted(_loaded(stack)),
    )
    return FoundSettings(folder, settings, shown, sources)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _environment_source(environment: str, variables: Mapping[str, str]) -> str:
    if environment and environment != variables.get("KALYPSO_ENVIRONMENT"):
        return "--environment"
    return "KALYPSO_ENVIRONMENT" if "KALYPSO_ENVIRONMENT" in variables else "the only stack"


def _only(folder: Path) -> str:
    names = environments_in(folder)
    if len(names) == 1:
        return names[0]
    raise SettingsError(
        "it is not clear which environment is meant",
        Position(str(folder)),
        f"name one with --environment: {', '.join(names) or 'the folder has no stack'}",
        code="no-stack",
    )


def _refuse_unknown(folder: Path, name: str) -> None:
    """Refuse an environment without settings where others have some: its own would be guessed."""
    known = environments_in(folder)
    if not known or (name in known and (folder / FILE).is_file()):
        return
    if name in known:
        message = f"the environment {name!r} has no settings: there is no Pulumi.{name}.yaml"
        like = _stacks(folder)[0].name if _stacks(folder) else FILE
        hint = f"write it like {like}, with {NAMESPACE}:environment: {name}"
    else:
        near = nearest(name, known)
        message = f"there is no environment {name!r}: the settings have {', '.join(known)}"
        add = f"`kalypso environment add {name}` begins it"
        hint = f"did you mean {near!r}?" if near else add
    raise SettingsError(message, Position(str(folder)), hint, code="unknown-environment")


def _stacks(folder: Path) -> list[Path]:
    return sorted(folder.glob("Pulumi.*.yaml"))


def _name(stack: Path) -> str:
    return stack.name.removeprefix("Pulumi.").removesuffix(".yaml")


def _stack_of(folder: Path, environment: str) -> Path | None:
    for path in _stacks(folder):
        if _flat_config(path).get("environment", _name(path)) == environment:
            return path
    return None


def _refuse_twice(
    folder: Path, stack: Path | None, config: Mapping[str, object], plain: Mapping[str, object]
) -> None:
    twice = sorted((config.keys() & plain.keys()) - {"environment"})
    if stack is None or not twice:
        return
    lines, others = _lines(folder / FILE), key_lines(stack.read_text(encoding="utf-8"))
    raise Problems(
        Problem(
            "setting-twice",
            f"the setting {key!r} is in this file and in {stack.name}:{others.get(key, 1)}",
            Position(str(folder / FILE), lines.get(key, 1)),
            f"remove it here: where there is a stack, its settings are in {stack.name}",
        )
        for key in twice
    )


def _placed(path: Path, values: Mapping[str, object], lines: Mapping[str, int]) -> dict[str, str]:
    return {key: f"{path.name}:{lines.get(key, 1)}" for key in values}


def _flat_config(stack: Path) -> dict[str, object]:
    """Return what a stack sets, by whole key; values that are encrypted are left out."""
    config = _loaded(stack).get("config")
    if not isinstance(config, dict):
        return {}
    own = {
        key.removeprefix(f"{NAMESPACE}:"): value
        for key, value in without_encrypted(config).items()
        if key.startswith(f"{NAMESPACE}:")
    }
    return _flattened(own)


def _flat_plain(path: Path) -> dict[str, object]:
    return _flattened(_loaded(path)) if path.is_file() else {}


def _flattened(values: Mapping[str, object]) -> dict[str, object]:
    return dict(flat({str(key): _text(value) for key, value in values.items()}, GROUPS))


def _loaded(path: Path) -> dict[str, object]:
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(
            "the file cannot be read", Position(str(path)), str(error), code="no-stack"
        ) from error
    if not isinstance(found, dict):
        raise SettingsError(
            "the file is not a mapping of settings", Position(str(path)), code="no-stack"
        )
    return found


def _lines(path: Path) -> dict[str, int]:
    """Find in which line of `kalypso.yaml` each key is."""
    if not path.is_file():
        return {}
    root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    return dict(_below(root, ""))


def _below(node: yaml.Node | None, key: str) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            inner = f"{key}.{name.value}" if key else str(name.value)
            yield inner, name.start_mark.line + 1
            yield from _below(value, inner)
