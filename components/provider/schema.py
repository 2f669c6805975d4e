"""The schema of the package, derived from the resources as a program declares them.

A resource is written once, in `components/resources.py`: the names, types and docstrings of its
arguments are its inputs, and its properties are its outputs. Other languages and the engine's
tools read them from here.
"""

import ast
import inspect
import json
import sys
from collections.abc import Mapping
from itertools import pairwise
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pulumi

_TYPES: Mapping[object, str] = {str: "string", bool: "boolean", int: "integer"}
_SDK = {"Output": pulumi.Output, "T": Any}
"""What `pulumi.Input` names in quotes; of such a union only the first member counts here."""

Fields = dict[str, dict[str, object]]
"""Type and description of each property by its name."""


def schema(version: str, resources: Mapping[str, type[pulumi.CustomResource]]) -> str:
    """Return the schema as the engine wants it: JSON text.

    Args:
        version: Of the package.
        resources: By type token, for example ``kalypso:index:GitOpsBranch``.
    """
    return json.dumps(
        {
            "name": "kalypso",
            "version": version,
            "description": "Schedules workloads on fleets of Kubernetes clusters from Git.",
            "resources": {token: _described(kind) for token, kind in resources.items()},
        },
        indent=2,
    )


def required_inputs(resource: type[pulumi.CustomResource]) -> tuple[str, ...]:
    """Return the names of the inputs that must be given, as they are declared."""
    arguments = arguments_of(resource)
    return tuple(name for name in arguments.__annotations__ if name in arguments.__required_keys__)


def arguments_of(resource: type[pulumi.CustomResource]) -> Any:  # noqa: ANN401 - any TypedDict
    """Return the TypedDict that a resource takes as its arguments."""
    return get_type_hints(resource.__init__, localns=_SDK)["args"]


def _described(resource: type[pulumi.CustomResource]) -> dict[str, object]:
    required = sorted(required_inputs(resource))
    inputs = _inputs(arguments_of(resource))
    return {
        "description": inspect.getdoc(resource),
        "inputProperties": inputs,
        "requiredInputs": required,
        "properties": {**inputs, **_outputs(resource)},
        "required": required,
    }


def _inputs(arguments: type) -> Fields:
    """Return the fields of a TypedDict, those of its bases first."""
    source = inspect.getsource(sys.modules[arguments.__module__])
    classes = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)}
    descriptions = _attribute_docstrings(arguments.__name__, classes)
    return {
        name: {**_type_of(hint), "description": descriptions[name]}
        for name, hint in get_type_hints(arguments, localns=_SDK).items()
    }


def _outputs(resource: type[pulumi.CustomResource]) -> Fields:
    """Return the properties that the provider adds, by their names in the state."""
    found: Fields = {}
    for name, member in vars(resource).items():
        if isinstance(member, property) and member.fget is not None:
            hint = get_args(get_type_hints(member.fget, localns=_SDK)["return"])[0]
            shown = getattr(member.fget, "_pulumi_name", name)
            found[shown] = {**_type_of(hint), "description": inspect.getdoc(member)}
    return found


def _type_of(hint: object) -> dict[str, object]:
    """Return a type of the schema: of ``pulumi.Input[str]`` and ``str | None``, that of ``str``."""
    if get_origin(hint) in {Union, UnionType}:
        return _type_of(get_args(hint)[0])
    if get_origin(hint) is dict:
        return {"type": "object", "additionalProperties": _type_of(get_args(hint)[1])}
    return {"type": _TYPES[hint]}


def _attribute_docstrings(name: str, classes: Mapping[str, ast.ClassDef]) -> dict[str, str]:
    """Return the text below each attribute of a class and its bases; only the source has it.

    A TypedDict forgets its bases, so these are read from the source too.
    """
    found: dict[str, str] = {}
    for base in classes[name].bases:
        if isinstance(base, ast.Name) and base.id in classes:
            found |= _attribute_docstrings(base.id, classes)
    body = classes[name].body
    for field, text in pairwise(body):
        match field, text:
            case (
                ast.AnnAssign(target=ast.Name(id=attribute)),
                ast.Expr(value=ast.Constant(value=str(docstring))),
            ):
                found[attribute] = inspect.cleandoc(docstring)
            case _:
                pass
    return found
