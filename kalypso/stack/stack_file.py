"""Reading a stack's settings: checked whole before anything happens, and told with their lines."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml
from pydantic import ValidationError

from kalypso.errors import Position, Problem, Problems, SettingsError
from kalypso.forge import FORGES
from kalypso.spelling import nearest
from kalypso.stack.cluster_checks import cluster_problems
from kalypso.stack.clusters import FIELDS
from kalypso.stack.encrypted import has_encrypted, without_encrypted
from kalypso.stack.flat_keys import flat
from kalypso.stack.keys import key_of, nested
from kalypso.stack.promotion_settings import CONDITIONS
from kalypso.stack.settings import GROUPS, SETTINGS, Settings

NAMESPACE = "kalypso"
_FIRST_PARTS = {setting.key.partition(".")[0] for setting in SETTINGS}
_CLUSTER = re.compile(r"clusters\[\d+\]\.")
_ENVIRONMENT = re.compile(r"promotion\.[^.]+\.")
_CLASS = re.compile(r" or instance of \w+$")
_LAST_STEP = re.compile(r"(\.[^.\[\]]*|\[\d+\])$")


def known_keys() -> list[str]:
    """Return every key that a stack may set, sorted."""
    return sorted(setting.key for setting in SETTINGS)


def parse_settings(
    config: Mapping[str, str],
    stack: str,
    lines: Mapping[str, int] | None = None,
    project: str = NAMESPACE,
    *,
    whole: bool = True,
) -> Settings:
    """Read the settings of a stack.

    Args:
        config: All configuration of the stack, `namespace:key` to text or JSON text.
        stack: Name of the stack; the default of `environment`.
        lines: Where keys stand in the stack's file, for messages.
        project: Name of the Pulumi project; what `pulumi config set` writes without a namespace
            has this one.
        whole: Whether nothing was left out because it is encrypted; else a key may seem missing.

    Raises:
        Problems: The settings are wrong: all their problems.
    """
    namespace = f"{NAMESPACE}:"
    own = {k.removeprefix(namespace): v for k, v in config.items() if k.startswith(namespace)}
    values: dict[str, object] = {"environment": stack, **dict(flat(own, GROUPS))}
    known = set(known_keys())
    wrong = [(key, _unknown(key, known_keys())) for key in values if key not in known]
    wrong += _unread(config, project)
    settings = None
    try:
        settings = Settings.model_validate(nested(values, SETTINGS))
    except ValidationError as error:
        wrong += [
            _problem(key_of(e["loc"], SETTINGS), e["msg"], e["type"])
            for e in error.errors()
            if e["type"] != "default_factory_not_called"  # it follows from another one
        ]
    if settings is not None and not wrong:
        wrong = [*cluster_problems(settings), *_incomplete(settings)]
        wrong += _credential_problems(settings) if whole else ()
        if not wrong:
            return settings
    raise Problems(_placed(key, each, stack, lines or {}) for key, each in wrong)


def read_settings(folder: Path, stack: str) -> Settings:
    """Read the settings of a stack from its file; values that are encrypted are left out.

    Args:
        folder: Of the program: it has the file.
        stack: Name of the stack.

    Raises:
        SettingsError: There is no such file, or it is not YAML.
        Problems: The settings are wrong: all their problems.
    """
    path = folder / f"Pulumi.{stack}.yaml"
    try:
        text = path.read_text(encoding="utf-8")
        config = (yaml.safe_load(text) or {}).get("config") or {}
    except OSError as error:
        hint = "run this in the folder of the program, or name it with --program"
        raise SettingsError(
            f"there is no file {path}: {error.strerror}", Position(str(path)), hint, code="no-stack"
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError, AttributeError) as error:
        message = "the file of the stack cannot be read"
        raise SettingsError(message, Position(str(path)), str(error), code="no-stack") from error
    known = without_encrypted(config)
    plain = {
        key: value if isinstance(value, str) else json.dumps(value, default=str)
        for key, value in known.items()
    }
    whole = not has_encrypted(config)
    return parse_settings(plain, stack, key_lines(text), project_in(folder), whole=whole)


def key_lines(text: str) -> dict[str, int]:
    """Find in which line of a stack's file each key is, also those inside objects.

    Returns:
        The lines of Kalypso's keys by their names, of others by namespace and name.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:  # the engine has a better message for it
        return {}
    return {
        key.removeprefix("config.").removeprefix(f"{NAMESPACE}:"): line
        for key, line in _lines(root, "")
        if key.startswith("config.") and ":" in key
    }


def _lines(node: yaml.Node | None, key: str) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            inner = f"{key}.{name.value}" if key else str(name.value)
            yield inner, name.start_mark.line + 1
            yield from _lines(value, inner)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield f"{key}[{number}]", item.start_mark.line + 1
            yield from _lines(item, f"{key}[{number}]")


def _problem(key: str, message: str, kind: str) -> tuple[str, Problem]:
    if kind == "extra_forbidden":
        return key, _unknown(key, _neighbours(key))
    message = _CLASS.sub("", message)
    # A pattern says less to people than an example does.
    why = "" if kind == "string_pattern_mismatch" else f": {message[:1].lower()}{message[1:]}"
    hint = f"for example {_example(key)}; see docs/reference/settings.md"
    return key, Problem("setting", f"the setting {key!r} is wrong{why}", Position(""), hint)


def _neighbours(key: str) -> list[str]:
    """Return the keys that could stand where one is unknown, in a record."""
    for record, fields in ((_CLUSTER, FIELDS), (_ENVIRONMENT, CONDITIONS)):
        found = record.match(key)
        if found:
            return [f"{found[0]}{name}" for name in fields]
    return []


def _unknown(key: str, known: Sequence[str]) -> Problem:
    near = nearest(key, known)
    hint = f"did you mean {near}?" if near else f"known keys: {', '.join(known)}"
    return Problem("unknown-setting", f"there is no setting {key!r}", Position(""), hint)


def _example(key: str) -> str:
    if found := _CLUSTER.match(key):
        field = FIELDS.get(key.removeprefix(found[0]))
    elif found := _ENVIRONMENT.match(key):
        field = CONDITIONS.get(key.removeprefix(found[0]))
    else:
        around = [each for each in SETTINGS if f"{key}.".startswith(f"{each.key}.")]
        field = max(around, key=lambda each: len(each.key)).field if around else None
    if field is not None and field.examples:
        return str(field.examples[0])
    return "the default, by leaving it out"


def _incomplete(settings: Settings) -> Iterator[tuple[str, Problem]]:
    forge = settings.forge
    if not (forge.home or settings.repositories.control_plane):
        message = f"the forge is {forge.name}, and nothing says where the control plane is"
        hint = f"{forge.home_hint}, or repositories.control-plane with its URL"
        yield "forge", Problem("no-owner", message, Position(""), hint)
    if settings.delivery == "repository-files" and not forge.writes_single_files:
        message = f"delivery 'repository-files' is GitHub's: {forge.name} has pull requests"
        hint = "use delivery: pull-request, or set forge to github"
        yield "delivery", Problem("setting", message, Position(""), hint)


def _credential_problems(settings: Settings) -> Iterator[tuple[str, Problem]]:
    for kind in FORGES.values():
        yield from kind.problems(settings.values)


def _placed(key: str, problem: Problem, stack: str, lines: Mapping[str, int]) -> Problem:
    at = Position(f"Pulumi.{stack}.yaml", _line(key, lines))
    return Problem(problem.code, problem.message, at, problem.hint)


def _line(key: str, lines: Mapping[str, int]) -> int:
    """Return the line of a key, or else of the nearest thing around it."""
    while key not in lines:
        around = _LAST_STEP.sub("", key)
        if around == key:
            return 1
        key = around
    return lines[key]


def _unread(config: Mapping[str, str], project: str) -> Iterator[tuple[str, Problem]]:
    """Find settings of Kalypso under the name of a project that has another one."""
    for key in config:
        namespace, _, name = key.partition(":")
        if namespace == project != NAMESPACE and name.partition(".")[0] in _FIRST_PARTS:
            message = f"the setting {key!r} is not read: Kalypso's are under {NAMESPACE!r}"
            hint = f"`pulumi config rm {key}`, then `pulumi config set {NAMESPACE}:{name} VALUE`"
            yield key, Problem("setting", message, Position(""), hint)


def project_in(folder: Path) -> str:
    """Return the name of the project in a folder; Kalypso's own if nothing there has one."""
    try:
        return project_name(folder)
    except SettingsError:
        return NAMESPACE


def project_name(program: Path) -> str:
    """Return what the project of a program is called, as its Pulumi.yaml says.

    Raises:
        SettingsError: The folder has no such file, or it names no project.
    """
    file = program / "Pulumi.yaml"
    try:
        name = yaml.safe_load(file.read_text("utf-8"))["name"]
    except (OSError, UnicodeError, yaml.YAMLError, TypeError, KeyError):
        name = None
    if not isinstance(name, str):
        raise SettingsError(
            "recover needs the name of the project, and no Pulumi.yaml here has one",
            Position(str(file)),
            "run it in the folder of the program, or name that folder with --program",
            code="no-stack",
        )
    return name
