"""What breaks a schema, in sentences that show no value."""

from __future__ import annotations

from typing import Any

import pytest

from kalypso.conformance.violations import ObjectSchema, Violation

SECRET = "hunter2"  # noqa: S105 - what no sentence may show
CLOSED = {"properties": {"interval": {}, "path": {}}, "additionalProperties": False}


def found(schema: dict[str, Any], value: object) -> list[Violation]:
    return list(ObjectSchema.compiled({"properties": {"a": schema}}).violations({"a": value}, "it"))


@pytest.mark.parametrize(
    ("schema", "value", "sentence"),
    [
        ({"type": "integer"}, SECRET, "a of it is not an integer"),
        ({"type": ["null", "boolean"]}, SECRET, "a of it is not true or false"),
        ({"type": ["array", "object"]}, SECRET, "a of it is not a list or a mapping"),
        ({"type": "null"}, SECRET, "a of it is not null"),
        ({"enum": ["x", "y", None]}, SECRET, "a of it is not one of x, y"),
        ({"enum": ["", 0, True, "x"]}, SECRET, 'a of it is not one of "", 0, true, x'),
        ({"pattern": "^x$"}, SECRET, 'a of it does not match "^x$"'),
        ({"maxLength": 1}, SECRET, "a of it is longer than 1 character"),
        ({"anyOf": [{"type": "null"}]}, SECRET, "a of it has none of the forms that it may have"),
        ({"oneOf": [{"type": "null"}]}, SECRET, "a of it has none of the forms that it may have"),
        ({"oneOf": [{}, {}]}, SECRET, "a of it has several forms, of which it may have only one"),
        ({"not": {}}, SECRET, "{} is not allowed for a of it"),
        ({"const": "x"}, SECRET, 'a of it: "x" was expected'),
        ({"items": {"type": "null"}}, [SECRET], "a[0] of it is not null"),
        ({"minProperties": 2}, {"x": SECRET}, "a of it has less than 2 properties"),
        ({"uniqueItems": True}, [SECRET, SECRET], "a of it has non-unique elements"),
    ],
)
def test_a_sentence_names_the_place_and_the_rule_and_no_value(
    schema: dict[str, Any], value: object, sentence: str
) -> None:
    (violation,) = found(schema, value)
    assert violation.sentence.startswith(sentence)
    assert SECRET not in repr(violation)


def test_an_unknown_field_names_the_nearest() -> None:
    assert found(CLOSED, {"intervall": SECRET}) == [
        Violation(
            ("a", "intervall"), "it has an unknown field a.intervall", "did you mean 'interval'?"
        )
    ]


def test_an_unknown_field_that_is_like_none_has_no_hint() -> None:
    assert found(CLOSED, {"zzz": 1}) == [Violation(("a", "zzz"), "it has an unknown field a.zzz")]


def test_a_field_with_a_slip_is_one_mistake_and_not_also_a_missing_one() -> None:
    needed = CLOSED | {"required": ["interval", "path"]}
    assert [each.sentence for each in found(needed, {"intervall": 1})] == [
        "it lacks a.path",
        "it has an unknown field a.intervall",
    ]


def test_the_nearest_field_is_looked_for_behind_references_and_in_lists() -> None:
    schema = {
        "properties": {"spec": {"items": {"$ref": "#/$defs/part"}}},
        "$defs": {"part": CLOSED},
    }
    body = {"spec": [{"pth": 1}]}
    (violation,) = ObjectSchema.compiled(schema).violations(body, "it")
    assert (violation.path, violation.hint) == (("spec", 0, "pth"), "did you mean 'path'?")


@pytest.mark.parametrize("value", ["${replicas}", "${a:=1}0", "x-${_b}"])
def test_a_text_that_flux_fills_in_later_is_not_judged(value: str) -> None:
    for schema in ({"type": "integer"}, {"enum": ["a"]}, {"anyOf": [{"type": "null"}]}):
        assert found(schema, value) == []


@pytest.mark.parametrize("value", ["$replicas", "${}", "$(replicas)", "{replicas}"])
def test_a_text_that_only_looks_like_a_variable_is_judged(value: str) -> None:
    assert [each.sentence for each in found({"type": "integer"}, value)] == [
        "a of it is not an integer"
    ]


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 10**400, -(2**70)])
def test_numbers_that_json_lacks_or_that_are_very_large_break_nothing_else(value: float) -> None:
    assert len(found({"type": "string"}, value)) == 1


def test_a_very_long_name_is_cut() -> None:
    (violation,) = found({"additionalProperties": False}, {"x" * 10_000: 1})
    assert len(violation.sentence) < 400


@pytest.mark.parametrize("schema", [{"type": "txt"}, {"$ref": "other.json"}, {"pattern": "("}])
def test_what_is_not_a_schema_says_so(schema: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        ObjectSchema.compiled(schema)
