"""Templates as the reference operator renders them, for whoever compares with it.

What differs from the scheduler's own rendering: the root is a struct, so that an unknown
field is an error while a missing key prints ``<no value>``; there is Sprig 2.22 only; and
whatever a rendering yields is rendered again while it holds ``{{``, data included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from kalypso.errors import Position, TemplateError
from kalypso.golang.values import (
    AnyMap,
    NilMap,
    NilStringMap,
    StringMap,
    Struct,
    Uint64,
    Value,
    map_key,
)
from kalypso.template import Limits, parse

_NAME: Final = "template"
_MOST_PASSES: Final = 32
"""Go goes on until its stack overflows, when a value yields itself."""
_LARGEST_INT: Final = (1 << 63) - 1
_STRINGS: Final = ("DeploymentTargetName", "Namespace", "Environment", "Workspace", "Workload")
_OLD_STRINGS: Final = ("Repo", "Branch", "Path")
"""Fields until March 2023; there is one only where the data have it."""
_LIMITS: Final = Limits()


def render(template: str, data: Mapping[str, object]) -> str:
    """Render a manifest like the reference operator.

    Args:
        template: Its text.
        data: Fields of the operator's ``dataType`` by name. ``Labels`` and ``Manifests`` map
            strings to strings, ``ConfigData`` holds what yaml.v2 makes of the values: text,
            numbers, bools, None, lists, mappings with keys of any type.

    Returns:
        The manifest; the empty string means that the operator drops it.

    Raises:
        TemplateError: The template fails, or is not done after 32 passes.
    """
    return render_all([template], data)[0]


def render_all(templates: Iterable[str], data: Mapping[str, object]) -> list[str]:
    """Render the manifests of one Template object one after the other.

    They share their data: what ``set`` or ``merge`` change in ``ConfigData``, the later ones see.
    ``data`` itself stays as it is.
    """
    root = _root(data)
    return [_render(template, root) for template in templates]


def _render(template: str, root: Struct) -> str:
    text = template
    for _ in range(_MOST_PASSES):
        text = parse(text, _NAME, functions="sprig2", refuse={}, limits=_LIMITS).render(root)
        if "{{" not in text:
            return text
    raise TemplateError(
        f"the result still holds {{{{ after {_MOST_PASSES} passes",
        Position(_NAME),
        "a value yields itself",
        code="template-limit",
    )


def _root(data: Mapping[str, object]) -> Struct:
    fields: dict[str, Value] = {name: data.get(name, "") for name in _STRINGS}
    fields["Labels"] = _string_map(data.get("Labels"))
    fields["Manifests"] = _string_map(data.get("Manifests"))
    fields["ClusterType"] = data.get("ClusterType", "")
    fields["ConfigData"] = _config_data(data.get("ConfigData"))
    fields.update((name, data[name]) for name in _OLD_STRINGS if name in data)
    return Struct(fields, "scheduler.dataType")


def _string_map(value: Value) -> StringMap:
    return NilStringMap() if value is None else StringMap(value)


def _config_data(value: Value) -> dict[str, Value]:
    if value is None:
        return NilMap()
    return {key: _typed(item) for key, item in value.items()}


def _typed(value: Value) -> Value:
    if isinstance(value, dict):
        return AnyMap((map_key(_typed(key)), _typed(item)) for key, item in value.items())
    if isinstance(value, list):
        return [_typed(item) for item in value]
    if type(value) is int and value > _LARGEST_INT:
        return Uint64(value)
    return value
