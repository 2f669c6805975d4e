"""A CustomResourceDefinition's schema refuses what a server would refuse or drop."""

from __future__ import annotations

from typing import Any

import pytest

from kalypso.conformance.definitions import schemas_of
from kalypso.conformance.object_kind import ObjectKind
from kalypso.conformance.violations import ObjectSchema

KIND = ObjectKind("example.com/v1", "Own")


def definition(spec: dict[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "properties": {"spec": {"type": "object"} | spec}}
    version = {"name": "v1", "schema": {"openAPIV3Schema": schema}}
    return {"spec": {"group": "example.com", "names": {"kind": "Own"}, "versions": [version]}}


def wrong(spec: dict[str, Any], value: object) -> list[str]:
    """Return what is wrong with an object's spec."""
    schema = dict(schemas_of(definition(spec)))[KIND]
    body = {"apiVersion": "example.com/v1", "kind": "Own", "metadata": {"name": "a"}, "spec": value}
    return [each.sentence for each in ObjectSchema.compiled(schema).violations(body, "it")]


def fields(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"properties": properties}


def test_a_field_that_the_definition_lacks_is_refused_at_every_depth() -> None:
    deep = {"type": "array", "items": {"type": "object"} | fields(b={"type": "string"})}
    assert wrong(fields(a=deep), {"a": [{"b": "x"}, {"c": 1}]}) == [
        "it has an unknown field spec.a[1].c"
    ]


def test_a_field_of_the_object_itself_and_of_its_metadata_is_refused() -> None:
    schema = ObjectSchema.compiled(dict(schemas_of(definition({})))[KIND])
    body = {"metadata": {"name": "a", "lables": {}}, "spec": {}, "stauts": {}}
    assert sorted(each.sentence for each in schema.violations(body, "it")) == [
        "it has an unknown field metadata.lables",
        "it has an unknown field stauts",
    ]


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        ({"x-kubernetes-preserve-unknown-fields": True}, {"any": [1]}),
        ({"additionalProperties": {"type": "string"}}, {"any": "text"}),
        (
            fields(a={"x-kubernetes-int-or-string": True, "anyOf": [{"type": "integer"}]}),
            {"a": "1"},
        ),
        (fields(a={"x-kubernetes-int-or-string": True}), {"a": 1}),
        (fields(a={"type": "string", "nullable": True, "enum": ["x"]}), {"a": None}),
        (fields(a={"type": "string", "nullable": True, "anyOf": [{"pattern": "x"}]}), {"a": None}),
        (fields(a={"type": "string", "default": "x"}), {"a": None}),
        (fields(a={"type": "string", "default": "x"}) | {"required": ["a"]}, {}),
        (
            fields(a={"type": "object", "x-kubernetes-embedded-resource": True}),
            {"a": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}},
        ),
        (fields(a={"type": "number", "minimum": 1, "exclusiveMinimum": False}), {"a": 1}),
    ],
)
def test_what_a_server_takes_is_taken(spec: dict[str, Any], value: object) -> None:
    assert wrong(spec, value) == []


@pytest.mark.parametrize(
    ("spec", "value", "sentence"),
    [
        (fields(a={"type": "string"}), {"a": None}, "spec.a of it is not text"),
        (fields(a={"type": "string"}) | {"required": ["a"]}, {}, "it lacks spec.a"),
        ({"additionalProperties": {"type": "string"}}, {"a": 1}, "spec.a of it is not text"),
        (
            fields(a={"x-kubernetes-int-or-string": True}),
            {"a": []},
            "spec.a of it is not an integer or text",
        ),
        (
            fields(a={"type": "number", "minimum": 1, "exclusiveMinimum": True}),
            {"a": 1},
            "spec.a of it is less than or equal to the minimum of 1",
        ),
        (
            {"oneOf": [{"required": ["a"]}, {"required": ["b"]}], **fields(a={}, b={})},
            {},
            "spec of it has none of the forms that it may have",
        ),
        ({"not": {"required": ["a"]}, **fields(a={})}, {"a": 1}, "not allowed for spec of it"),
    ],
)
def test_what_a_server_refuses_is_refused(
    spec: dict[str, Any], value: object, sentence: str
) -> None:
    (found,) = wrong(spec, value)
    assert found.endswith(sentence)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "it lacks spec.group, spec.names.kind or spec.versions"),
        ({"spec": {"group": "a", "names": {"kind": 1}, "versions": []}}, "it lacks spec.group"),
        (
            definition({}) | {"spec": {"group": "a", "names": {"kind": "A"}, "versions": [1]}},
            "name",
        ),
        (
            {"spec": {"group": "a", "names": {"kind": "A"}, "versions": [{"name": "v1"}]}},
            "its version v1 has no schema.openAPIV3Schema",
        ),
    ],
)
def test_what_is_not_a_definition_says_what_it_lacks(body: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        dict(schemas_of(body))
