"""The schema of the package, derived from resources and components as a program declares them.

Each is written once: the names, types and docstrings of its arguments are its inputs. Outputs are
the properties of a resource, and the attributes of a component that are annotated as outputs. Other
languages and the engine's tools read them from here.
"""

import inspect
import json
from collections.abc import Iterator, Mapping
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import pulumi

from .property_types import (
    SDK,
    Described,
    NamedTypes,
    attribute_docstrings,
    fields_of,
    inner,
    inputs_of,
    type_of,
    wire_name,
)


def schema(
    version: str,
    resources: Mapping[str, type[pulumi.CustomResource]],
    components: Mapping[str, type[pulumi.ComponentResource]],
) -> str:
    """Return the schema as the engine wants it: JSON text.

    Args:
        version: Of the package.
        resources: By type token, for example ``kalypso:index:GitOpsBranch``.
        components: In the same way.
    """
    types: NamedTypes = {}
    described = {token: _resource(kind, types) for token, kind in resources.items()}
    described |= {token: _component(kind, types) for token, kind in components.items()}
    return json.dumps(
        {
            "name": "kalypso",
            "version": version,
            "description": "Schedules workloads on fleets of Kubernetes clusters from Git.",
            "types": types,
            "resources": described,
        },
        indent=2,
    )


def required_inputs(resource: type[pulumi.Resource]) -> tuple[str, ...]:
    """Return the names of the inputs that must be given, as they are declared."""
    return tuple(each.wire_name for each in fields_of(arguments_of(resource)) if each.required)


def arguments_of(resource: type[pulumi.Resource]) -> Any:  # noqa: ANN401 - any TypedDict
    """Return the TypedDict that a resource or a component takes as its arguments."""
    return get_type_hints(resource.__init__, localns=SDK)["args"]


def outputs_of(component: type[pulumi.ComponentResource]) -> Iterator[tuple[str, object]]:
    """Return the attributes of a component that other languages see, with their annotations."""
    for name, hint in inspect.get_annotations(component).items():
        if _is_output(inner(hint)):
            yield name, hint


def _resource(resource: type[pulumi.CustomResource], types: NamedTypes) -> Described:
    inputs, required = _inputs(resource, types)
    return {
        "description": inspect.getdoc(resource),
        "inputProperties": inputs,
        "requiredInputs": required,
        "properties": {**inputs, **_properties(resource)},
        "required": required,
    }


def _component(component: type[pulumi.ComponentResource], types: NamedTypes) -> Described:
    inputs, required = _inputs(component, types)
    texts, hints = attribute_docstrings(component), dict(outputs_of(component))
    return {
        "isComponent": True,
        "description": inspect.getdoc(component),
        "inputProperties": inputs,
        "requiredInputs": required,
        "properties": {
            wire_name(name): {**_output_type(inner(hint)), "description": texts[name]}
            for name, hint in hints.items()
        },
        "required": sorted(
            wire_name(name) for name, hint in hints.items() if NoneType not in get_args(hint)
        ),
    }


def _inputs(resource: type[pulumi.Resource], types: NamedTypes) -> tuple[Described, list[str]]:
    return inputs_of(arguments_of(resource), types), sorted(required_inputs(resource))


def _properties(resource: type[pulumi.CustomResource]) -> Described:
    """Return the properties that the provider adds, by their names in the state."""
    found: Described = {}
    for name, member in vars(resource).items():
        if isinstance(member, property) and member.fget is not None:
            hint = get_type_hints(member.fget, localns=SDK)["return"]
            shown = getattr(member.fget, "_pulumi_name", name)
            secret = {"secret": True} if shown in getattr(resource, "secrets", ()) else {}
            text = {"description": inspect.getdoc(member)}
            found[shown] = {**_output_type(hint), **text, **secret}
    return found


def _is_output(hint: object) -> bool:
    return get_origin(hint) is pulumi.Output or (
        get_origin(hint) is dict and _is_output(get_args(hint)[1])
    )


def _output_type(hint: object) -> Described:
    """Return the type of an output, or of outputs by their names."""
    if get_origin(hint) is dict:
        return {"type": "object", "additionalProperties": _output_type(get_args(hint)[1])}
    (value,) = get_args(hint)
    return {key: what for key, what in type_of(value, {}).items() if key != "plain"}
