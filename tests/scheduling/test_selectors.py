"""Selectors: answers of Kubernetes' own library, the messages, and one index for many objects."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kalypso.model.selector import Selector, SelectorError, parse_selector
from kalypso.scheduling.selectors import LabelIndex, matches

RECORDED = json.loads((Path(__file__).parent / "data" / "selectors.json").read_text())["cases"]
VALID = [case for case in RECORDED if case["matches"] != "invalid"]
INVALID = [case for case in RECORDED if case["matches"] == "invalid"]


@pytest.mark.parametrize("case", VALID, ids=range(len(VALID)))
def test_selects_what_kubernetes_selects(case: dict[str, Any]) -> None:
    assert [matches(case["selector"], labels) for labels in case["labels"]] == case["matches"]


@pytest.mark.parametrize("case", INVALID, ids=range(len(INVALID)))
def test_refuses_what_the_api_server_refuses(case: dict[str, Any]) -> None:
    with pytest.raises(SelectorError):
        matches(case["selector"], {})


def test_an_empty_selector_selects_everything() -> None:
    assert matches({}, {})
    assert matches({"matchLabels": {}, "matchExpressions": []}, {"a": "b"})
    assert matches({"matchLabels": None, "matchExpressions": None}, {})


def test_not_in_selects_objects_that_lack_the_key() -> None:
    body = {"key": "a", "operator": "NotIn", "values": [""]}
    assert matches({"matchExpressions": [body]}, {})
    assert not matches({"matchExpressions": [body]}, {"a": ""})
    assert not matches({"matchExpressions": [{**body, "operator": "In"}]}, {})


def test_labels_of_the_object_are_not_checked() -> None:
    assert matches({"matchLabels": {"a": "b"}}, {"a": "b", "no key!": "no value!"})


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (None, "the label selector is missing; {} selects everything"),
        ([], "the label selector is not a mapping"),
        ({"matchlabels": {}}, "unknown field 'matchlabels' in the label selector"),
        ({"matchLabels": ["a"]}, "matchLabels is not a mapping"),
        ({"matchLabels": {"a": True}}, "the label value true is not text: quote it"),
        ({"matchLabels": {"a": None}}, "the label value null is not text: quote it"),
        (
            {"matchLabels": {"-a": "x"}},
            (
                "the label key '-a' may hold only letters, digits, '-', '_' and '.', with a letter"
                " or digit at both ends"
            ),
        ),
        ({"matchLabels": {"a/b/c": "x"}}, "the label key 'a/b/c' may hold only one '/'"),
        (
            {"matchLabels": {f"{'p' * 254}/a": "x"}},
            f"the label key '{'p' * 254}/a' has a prefix that has 254 characters, more than 253",
        ),
        (
            {"matchLabels": {"a": "x" * 64}},
            f"the label value '{'x' * 64}' has 64 characters, more than 63",
        ),
        ({"matchExpressions": {}}, "matchExpressions is not a list"),
        ({"matchExpressions": ["a"]}, "an expression is not a mapping"),
        (
            {"matchExpressions": [{"operator": "Exists"}]},
            "an expression needs a key, which is text",
        ),
        (
            {"matchExpressions": [{"key": "a", "operator": "Equals", "values": ["b"]}]},
            "the operator 'Equals' is not one of In, NotIn, Exists, DoesNotExist",
        ),
        (
            {"matchExpressions": [{"key": "a", "operator": "In"}]},
            "the operator In needs values",
        ),
        (
            {"matchExpressions": [{"key": "a", "operator": "NotIn", "values": []}]},
            "the operator NotIn needs values",
        ),
        (
            {"matchExpressions": [{"key": "a", "operator": "Exists", "values": [""]}]},
            "the operator Exists takes no values",
        ),
        (
            {"matchExpressions": [{"key": "a", "operator": "In", "values": "b"}]},
            "values is not a list; the operator In needs values",
        ),
        (
            {"matchExpressions": [{"key": "a", "operator": "Exists", "value": "b"}]},
            "unknown field 'value' in an expression",
        ),
    ],
)
def test_says_what_is_wrong_with_a_selector(body: object, sentence: str) -> None:
    with pytest.raises(SelectorError) as caught:
        parse_selector(body)
    assert str(caught.value) == sentence


def test_all_faults_of_a_selector_are_told() -> None:
    body = {
        "matchLabels": {"-a": "x", "b": "x\n"},
        "matchExpressions": [{"key": "c", "operator": "in", "values": ["a b"]}],
    }
    with pytest.raises(SelectorError) as caught:
        parse_selector(body)
    assert [path for path, _ in caught.value.faults] == [
        ("matchLabels", "-a"),
        ("matchLabels", "b"),
        ("matchExpressions", 0, "operator"),
        ("matchExpressions", 0, "values", 0),
    ]


def test_a_final_newline_is_no_part_of_a_name() -> None:
    with pytest.raises(SelectorError):
        matches({"matchLabels": {"a\n": "b"}}, {})


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ({}, "everything"),
        ({"matchLabels": {"a": "b"}}, "a = b"),
        (
            {
                "matchExpressions": [
                    {"key": "a", "operator": "In", "values": ["b", "c"]},
                    {"key": "d", "operator": "NotIn", "values": ["e"]},
                    {"key": "f", "operator": "Exists"},
                    {"key": "g", "operator": "DoesNotExist"},
                ]
            },
            "a in (b, c) and d != e and f exists and g does not exist",
        ),
    ],
)
def test_a_selector_reads_like_a_sentence(body: object, shown: str) -> None:
    assert str(parse_selector(body)) == shown


def test_an_index_finds_positions_in_order() -> None:
    index = LabelIndex([{"a": "1"}, {}, {"a": "2"}, {"a": "1", "b": "x"}])
    assert index.select(Selector()) == [0, 1, 2, 3]
    assert index.select(parse_selector({"matchLabels": {"a": "1"}})) == [0, 3]
    missing = {"matchExpressions": [{"key": "a", "operator": "DoesNotExist"}]}
    assert index.select(parse_selector(missing)) == [1]
    assert index.select(parse_selector({"matchLabels": {"a": "3"}})) == []
