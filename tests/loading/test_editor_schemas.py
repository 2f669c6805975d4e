"""What editors say of a file is what reading says of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kalypso.loading.editor_schemas import KINDS, any_schema, kind_schema
from kalypso.model.selector import SelectorError, parse_selector

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for folder in ("sample/control-plane", "sample/app-src/main/workload", "sample/svc-src")
    for path in (ROOT / folder).rglob("*.yaml")
    if ".github" not in path.parts
) + sorted((ROOT / "tests/cli/fleet").rglob("*.yaml"))
ANY = jsonschema_rs.validator_for(any_schema())
API = "scheduler.kalypso.io/v1alpha1"


def documents(text: str) -> list[Any]:
    return [each for each in yaml.safe_load_all(text) if each is not None]


def faults(text: str) -> list[str]:
    return [
        "/".join(map(str, error.instance_path))
        for each in documents(text)
        for error in ANY.iter_errors(each)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_of_the_sample_is_good(path: Path) -> None:
    assert faults(path.read_text()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_schema_of_its_own_that_is_one(kind: str) -> None:
    schema = kind_schema(kind)
    jsonschema_rs.meta.validate(schema)
    validator = jsonschema_rs.validator_for(schema)
    found = [each for path in FILES for each in documents(path.read_text()) if each["kind"] == kind]
    others = [
        each for path in FILES for each in documents(path.read_text()) if each["kind"] != kind
    ]
    assert all(validator.is_valid(each) for each in found)
    assert not any(validator.is_valid(each) for each in others)


def test_the_schema_for_any_kind_is_one() -> None:
    jsonschema_rs.meta.validate(any_schema())


TARGETS = "deploymentTargetSelector"
SELECTOR = "spec/clusterTypeSelector/labelSelector"
POLICY = """\
apiVersion: scheduler.kalypso.io/v1alpha1
kind: SchedulingPolicy
metadata: {name: p}
spec:
  deploymentTargetSelector: {labelSelector: {}}
  clusterTypeSelector: {labelSelector: {matchLabels: {region: west}}}
"""
CLUSTER = """\
apiVersion: scheduler.kalypso.io/v1alpha1
kind: ClusterType
metadata: {name: c, labels: {region: west}}
spec: {reconciler: r, namespaceService: n}
"""
CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: c, labels: {platform-config: "true"}}
data: {KEY: text}
"""


@pytest.mark.parametrize(
    ("text", "old", "new", "place"),
    [
        (POLICY, "SchedulingPolicy", "SchedulingPolcy", "kind"),
        (POLICY, "{name: p}", "{name: P}", "metadata/name"),
        (POLICY, "{name: p}", "{}", "metadata"),
        (POLICY, "matchLabels", "matchLables", SELECTOR),
        (POLICY, "region: west", "region: true", f"{SELECTOR}/matchLabels/region"),
        (POLICY, "{labelSelector: {}}", "{}", "spec/deploymentTargetSelector"),
        (POLICY, "{labelSelector: {}}", "{labelSelector: {}, of: x}", f"spec/{TARGETS}"),
        (CLUSTER, "reconciler: r, ", "", "spec"),
        (CLUSTER, "reconciler: r", "reconciler: 1", "spec/reconciler"),
        (CLUSTER, "region: west", "restricted: true", "metadata/labels/restricted"),
        (CLUSTER, "region: west", "region: 'we st'", "metadata/labels/region"),
        (CLUSTER, "region: west", "-region: west", "metadata/labels"),
        (CONFIG, "KEY: text", "KEY: 1", "data/KEY"),
        (CONFIG, "{KEY: text}", "[KEY]", "data"),
        (CONFIG, 'c, labels: {platform-config: "true"}', "azure-app-config", ""),
    ],
)  # fmt: skip
def test_a_slip_is_seen_where_it_is(text: str, old: str, new: str, place: str) -> None:
    assert faults(text) == []
    wrong = text.replace(old, new)
    assert faults(wrong) == ([place] if place else [])


def test_objects_of_other_kinds_are_left_alone() -> None:
    assert faults("apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: 1}") == []
    assert faults("apiVersion: v1\nkind: List\nitems: []") == []
    assert faults("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s}\ndata: {a: 1}") == []


def test_what_is_no_object_is_seen() -> None:
    assert set(faults("- a")) == {""}
    assert faults("a: b") == ["", ""]


WORDS = st.sampled_from(
    ["region", "example.com/region", "a b", "", "west", "-", "x" * 64, "x" * 63]
)
VALUES = st.one_of(WORDS, st.just(1), st.none())
EXPRESSIONS = st.fixed_dictionaries(
    {},
    optional={
        "key": VALUES,
        "operator": st.sampled_from(["In", "NotIn", "Exists", "DoesNotExist", "in", ""]),
        "values": st.one_of(st.none(), st.lists(VALUES, max_size=2), WORDS),
        "vals": WORDS,
    },
)
SELECTORS = st.one_of(
    st.none(),
    WORDS,
    st.fixed_dictionaries(
        {},
        optional={
            "matchLabels": st.one_of(st.none(), st.dictionaries(WORDS, VALUES, max_size=2), WORDS),
            "matchExpressions": st.one_of(st.none(), st.lists(EXPRESSIONS, max_size=2), WORDS),
            "matchlabels": st.just({}),
        },
    ),
)


@given(SELECTORS)
def test_a_selector_is_good_for_an_editor_if_it_is_good_for_the_scheduler(body: object) -> None:
    try:
        parse_selector(body)
    except SelectorError:
        good = False
    else:
        good = True
    policy = documents(POLICY)[0]
    policy["spec"]["clusterTypeSelector"]["labelSelector"] = body
    assert ANY.is_valid(policy) is good


def described(body: object, path: str) -> Iterator[str]:
    """Yield the fields below a schema that have no description; conditions are no fields."""
    if not isinstance(body, dict):
        return
    for name, field in body.get("properties", {}).items():
        if "$ref" not in field and not field.get("description"):
            yield f"{path}.{name}"
        yield from described(field, f"{path}.{name}")
    yield from described(body.get("items"), f"{path}[]")
    for name, definition in body.get("definitions", {}).items():
        yield from described(definition, name)


@pytest.mark.parametrize("kind", ["", *KINDS])
def test_an_editor_has_a_description_of_every_field(kind: str) -> None:
    assert list(described(kind_schema(kind) if kind else any_schema(), kind)) == []


def test_a_field_without_a_description_would_be_found() -> None:
    body = {"properties": {"a": {"type": "string"}, "b": {"description": "x", "items": {
        "properties": {"c": {}}}}}}  # fmt: skip
    assert list(described(body, "K")) == ["K.a", "K.b[].c"]
