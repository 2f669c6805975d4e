"""JSON Schemas of whole objects, for editors: made from the same specs that files are read with.

They are as strict as reading is, but for an unknown field, which is an error here and a warning
there: in an editor it is almost always a slip.

Source: docs/explanation/model.md, "Objects" and "Selectors".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kalypso.loading import specs
from kalypso.model import (
    API_VERSION,
    AZURE_CONFIG_PREFIX,
    CONFIG_LABEL,
    MAX_LABEL,
    MAX_SUBDOMAIN,
    OPERATORS,
)

Schema = dict[str, Any]
"""A JSON Schema, draft 7: the one that editors know."""

DRAFT = "http://json-schema.org/draft-07/schema#"
CONFIG_MAP = "ConfigMap"
SPECS: Mapping[str, type[specs.Spec]] = {
    "BaseRepo": specs.BaseRepoSpec,
    "ClusterType": specs.ClusterTypeSpec,
    "ConfigSchema": specs.ConfigSchemaSpec,
    "Environment": specs.EnvironmentSpec,
    "GitOpsRepo": specs.GitOpsRepoSpec,
    "SchedulingPolicy": specs.SchedulingPolicySpec,
    "Template": specs.TemplateSpec,
    "Workload": specs.WorkloadSpec,
    "WorkloadRegistration": specs.WorkloadRegistrationSpec,
}
KINDS = (*SPECS, CONFIG_MAP)
"""Kinds that have a schema."""

_WORD = "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
_SUBDOMAIN = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
_LABEL_KEY: Schema = {"type": "string", "pattern": f"^({_SUBDOMAIN}/)?{_WORD}$"}
_LABEL_VALUE: Schema = {"type": "string", "pattern": f"^({_WORD})?$", "maxLength": MAX_LABEL}
_TEXTS: Schema = {"type": "object", "additionalProperties": {"type": "string"}}
_VERSION = "Group and version of the kind."
_KIND = "What the object is."
_SHARED: Mapping[str, Schema] = {
    "Labels": {
        "description": "Text on both sides: quote true, false and numbers.",
        "type": ["object", "null"],
        "propertyNames": _LABEL_KEY,
        "additionalProperties": _LABEL_VALUE,
    },
    "LabelSelector": {
        "description": "All conditions must hold. {} selects everything.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "matchLabels": {
                "description": "Labels that an object must have, each with this value.",
                "type": ["object", "null"],
                "propertyNames": _LABEL_KEY,
                "additionalProperties": _LABEL_VALUE,
            },
            "matchExpressions": {
                "description": "Conditions on labels, for more than one value or none.",
                "type": ["array", "null"],
                "items": {"$ref": "#/definitions/LabelExpression"},
            },
        },
    },
    "LabelExpression": {
        "type": "object",
        "additionalProperties": False,
        "required": ["key", "operator"],
        "properties": {
            "key": {"description": "The label.", **_LABEL_KEY},
            "operator": {
                "description": "In and NotIn compare with values, Exists and DoesNotExist do not.",
                "enum": list(OPERATORS),
            },
            "values": {
                "description": "For In and NotIn: at least one. For the others: none.",
                "type": ["array", "null"],
                "items": _LABEL_VALUE,
            },
        },
        "if": {"properties": {"operator": {"enum": ["In", "NotIn"]}}},
        "then": {
            "required": ["values"],
            "properties": {"values": {"type": "array", "minItems": 1}},
        },
        "else": {"properties": {"values": {"maxItems": 0}}},
    },
    "Metadata": {
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {
                "description": "Unique among the objects of its kind in an environment.",
                "type": "string",
                "pattern": f"^{_SUBDOMAIN}$",
                "maxLength": MAX_SUBDOMAIN,
            },
            "labels": {"$ref": "#/definitions/Labels"},
        },
    },
}


def kind_schema(kind: str) -> Schema:
    """Return the schema of one kind.

    Raises:
        KeyError: The kind does not exist.
    """
    definitions: dict[str, Schema] = {}
    whole = _object(kind, definitions)
    return {"$schema": DRAFT, **whole, "definitions": dict(sorted(definitions.items()))}


def any_schema() -> Schema:
    """Return a schema for files of any kinds: each object is held against that of its own."""
    definitions: dict[str, Schema] = {}
    for kind in KINDS:
        definitions[kind] = _object(kind, definitions)
        del definitions[kind]["properties"]["metadata"]  # which every object is held against
    return {
        "$schema": DRAFT,
        "title": "Object of a Kalypso platform model",
        "type": "object",
        "required": ["apiVersion", "kind"],
        "properties": {
            "apiVersion": {"description": _VERSION, "type": "string"},
            "kind": {"description": _KIND, "type": "string"},
            "metadata": {"$ref": "#/definitions/Metadata"},
        },
        "allOf": list(_choices()),
        "definitions": dict(sorted(definitions.items())),
    }


def _choices() -> Iterator[Schema]:
    of_the_group = {"apiVersion": {"const": API_VERSION}}
    yield {
        "if": {"required": ["apiVersion"], "properties": of_the_group},
        "then": {"properties": {"kind": {"enum": list(SPECS)}}},
    }
    for kind in SPECS:
        yield {
            "if": {
                "required": ["apiVersion", "kind"],
                "properties": {**of_the_group, "kind": {"const": kind}},
            },
            "then": {"$ref": f"#/definitions/{kind}"},
        }
    marked = {"required": ["labels"], "properties": {"labels": {"required": [CONFIG_LABEL]}}}
    named = {"properties": {"name": {"pattern": f"^{AZURE_CONFIG_PREFIX}"}}}
    yield {
        "if": {
            "required": ["kind", "metadata"],
            "properties": {"kind": {"const": CONFIG_MAP}, "metadata": {"anyOf": [marked, named]}},
        },
        "then": {"$ref": f"#/definitions/{CONFIG_MAP}"},
    }


def _object(kind: str, definitions: dict[str, Schema]) -> Schema:
    definitions.update(_SHARED)
    if kind == CONFIG_MAP:
        return _config_map()
    spec = SPECS[kind].model_json_schema(by_alias=True, ref_template="#/definitions/{model}")
    for name, body in spec.pop("$defs", {}).items():
        definitions[name] = _tidy(body)
    tidy = _tidy(spec)
    return {
        "title": kind,
        "description": tidy["description"],
        "type": "object",
        "required": ["apiVersion", "kind", "metadata", "spec"],
        "properties": {
            "apiVersion": {"description": _VERSION, "const": API_VERSION},
            "kind": {"description": _KIND, "const": kind},
            "metadata": {"$ref": "#/definitions/Metadata"},
            "spec": tidy,
        },
    }


def _config_map() -> Schema:
    return {
        "title": "ConfigMap with platform configuration",
        "description": "Values; the labels beside platform-config say for whom.",
        "type": "object",
        "required": ["apiVersion", "kind", "metadata"],
        "properties": {
            "apiVersion": {"description": _VERSION, "const": "v1"},
            "kind": {"description": _KIND, "const": CONFIG_MAP},
            "metadata": {"$ref": "#/definitions/Metadata"},
            "data": {**_TEXTS, "description": "Text: quote true, false and numbers."},
        },
    }


def _tidy(body: Schema) -> Schema:
    """Close a spec's schema, type its selectors and labels, drop what pydantic says of Python."""
    properties: dict[str, Schema] = {}
    for name, field in body.get("properties", {}).items():
        known = {"labelSelector": "LabelSelector", "labels": "Labels"}.get(name)
        kept = {key: value for key, value in field.items() if key not in ("title", "default")}
        properties[name] = {"$ref": f"#/definitions/{known}"} if known else kept
    required = [
        *body.get("required", ()),
        *(("labelSelector",) if "labelSelector" in properties else ()),
    ]
    closed = {
        "description": body.get("description", ""),
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }
    return {**closed, "required": required} if required else closed
