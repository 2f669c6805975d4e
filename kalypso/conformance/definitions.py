"""Schemas of a CustomResourceDefinition, as JSON Schemas that refuse every unknown field.

A definition's schema says which fields a server keeps; others are dropped, or refused by a server
that applies an object field by field, as Flux's and Argo CD's do. A JSON Schema takes anything that
it does not mention, so each mapping is closed here. Rules in CEL are left out: nothing here runs
them.

Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/,
"Specifying a structural schema".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kalypso.conformance.object_kind import JsonSchema, ObjectKind

_CHECKS = (
    *("enum", "maxItems", "maxLength", "maxProperties", "minItems", "minLength", "minProperties"),
    *("maximum", "minimum", "multipleOf", "pattern", "uniqueItems", "required"),
)
"""Keywords that mean the same in both languages."""
_ALTERNATIVES = ("allOf", "anyOf", "oneOf")
_TEXT: JsonSchema = {"type": "string"}
_NUMBER: JsonSchema = {"type": "integer"}
_LIST: JsonSchema = {"type": "array"}
_TEXTS: JsonSchema = {"type": ["object", "null"], "additionalProperties": _TEXT}
METADATA: JsonSchema = {
    "type": "object",
    "properties": {
        "annotations": _TEXTS,
        "creationTimestamp": {},
        "deletionGracePeriodSeconds": _NUMBER,
        "deletionTimestamp": {},
        "finalizers": _LIST | {"items": _TEXT},
        "generateName": _TEXT,
        "generation": _NUMBER,
        "labels": _TEXTS,
        "managedFields": _LIST,
        "name": _TEXT,
        "namespace": _TEXT,
        "ownerReferences": _LIST,
        "resourceVersion": _TEXT,
        "selfLink": _TEXT,
        "uid": _TEXT,
    },
    "additionalProperties": False,
}
"""What any object may say of itself."""


def schemas_of(definition: Mapping[str, Any]) -> Iterator[tuple[ObjectKind, JsonSchema]]:
    """Yield the schema of each version of a CustomResourceDefinition.

    Args:
        definition: The object, of `apiextensions.k8s.io/v1`.

    Raises:
        ValueError: The definition lacks what it needs, which the message names.
    """
    match definition.get("spec"):
        case {"group": str(group), "names": {"kind": str(kind)}, "versions": [*versions]}:
            for version in versions:
                yield _of_version(group, kind, version)
        case _:
            raise ValueError("it lacks spec.group, spec.names.kind or spec.versions")


def _of_version(group: str, kind: str, version: object) -> tuple[ObjectKind, JsonSchema]:
    match version:
        case {"name": str(name), "schema": {"openAPIV3Schema": dict(schema)}}:
            found = _closed(schema)
        case {"name": str(name)}:
            raise ValueError(f"its version {name} has no schema.openAPIV3Schema")
        case _:
            raise ValueError("a version has no name")
    properties = found.setdefault("properties", {})
    properties |= {"apiVersion": _TEXT, "kind": _TEXT, "metadata": METADATA}
    return ObjectKind(f"{group}/{name}", kind), found


def _closed(node: Mapping[str, Any]) -> JsonSchema:
    """Turn a structural schema into a JSON Schema."""
    found = _value_rules(node)
    properties = node.get("properties") or {}
    if node.get("x-kubernetes-int-or-string"):
        found = {key: found[key] for key in found if key not in _ALTERNATIVES}
        found["type"] = ["integer", "string"]
    elif "type" in node:
        found["type"] = node["type"]
    if properties:
        found["properties"] = {key: _property(each) for key, each in properties.items()}
    if node.get("x-kubernetes-embedded-resource"):
        embedded = {"apiVersion": _TEXT, "kind": _TEXT, "metadata": METADATA}
        found["properties"] = found.get("properties", {}) | embedded
    if "required" in found:
        found["required"] = [key for key in found["required"] if not _has_default(properties, key)]
    if isinstance(node.get("items"), Mapping):
        found["items"] = _closed(node["items"])
    if isinstance(more := node.get("additionalProperties"), Mapping):
        found["additionalProperties"] = _closed(more)
    elif _is_closed(node):
        found["additionalProperties"] = False
    return _nullable(found) if node.get("nullable") else found


def _property(node: Mapping[str, Any]) -> JsonSchema:
    """Turn the schema of a field into a JSON Schema; null stands for its default, if it has one."""
    return _nullable(_closed(node)) if "default" in node else _closed(node)


def _has_default(properties: Mapping[str, Any], key: str) -> bool:
    return "default" in (properties.get(key) or {})


def _is_closed(node: Mapping[str, Any]) -> bool:
    return (
        node.get("type") == "object"
        and "additionalProperties" not in node
        and not node.get("x-kubernetes-preserve-unknown-fields")
    )


def _value_rules(node: Mapping[str, Any]) -> JsonSchema:
    """Return what a node demands of values, without the fields that it defines."""
    found = {key: node[key] for key in _CHECKS if key in node}
    for key in _ALTERNATIVES:
        if key in node:
            found[key] = [_alternative(each) for each in node[key]]
    if "not" in node:
        found["not"] = _alternative(node["not"])
    for bound in ("Maximum", "Minimum"):
        if node.get(f"exclusive{bound}") is True:  # as in draft 4
            found[f"exclusive{bound}"] = found.pop(bound.lower())
    return found


def _alternative(node: Mapping[str, Any]) -> JsonSchema:
    """Turn a part of `anyOf` into a JSON Schema; it defines no fields, so it stays open."""
    found = _value_rules(node)
    if "type" in node:
        found["type"] = node["type"]
    if "properties" in node:
        found["properties"] = {key: _alternative(each) for key, each in node["properties"].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(node.get(key), Mapping):
            found[key] = _alternative(node[key])
    return found


def _nullable(schema: JsonSchema) -> JsonSchema:
    """Return a schema that takes null too."""
    if any(key in schema for key in (*_ALTERNATIVES, "not")):
        return {"anyOf": [{"type": "null"}, schema]}
    kinds = schema.get("type", [])
    found = schema | {"type": [*([kinds] if isinstance(kinds, str) else kinds), "null"]}
    if "enum" in schema:
        found["enum"] = [*schema["enum"], None]
    return found if kinds else schema
