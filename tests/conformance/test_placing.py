"""Where in a template a field of a rendered object comes from."""

from __future__ import annotations

import textwrap

import pytest

from kalypso.conformance.object_kind import ObjectKind
from kalypso.conformance.placing import place_in
from kalypso.conformance.violations import Path
from kalypso.loading import read_documents
from kalypso.model import Template

KIND = ObjectKind("apps/v1", "Deployment")
HEAD = "metadata: {name: t}\nspec:\n  manifests:\n"
FIRST = """\
apiVersion: v1
kind: Service
spec:
  replicas: 1
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Name }}
  labels: {tier: web}
spec:
{{- if .Many }}
  replicas: {{ .Many }}
{{- end }}
  template:
    spec:
      containers:
        - name: app
          "image": x
          env: {{ .Env | toYaml | nindent 10 }}
      replicas: not this
"""


def place(manifests: str, path: Path, kind: ObjectKind = KIND) -> str:
    """Return the line that a place is in, and what begins there."""
    text = HEAD + manifests
    (document,) = read_documents("t.yaml", text.encode())
    template = Template(
        name="t",
        labels={},
        origin=document.origin,
        type="reconciler",
        content_type="yaml",
        manifests=tuple(document.value["spec"]["manifests"]),
    )
    at = place_in(template, kind, path)
    return text.splitlines()[at.line - 1][at.column - 1 :]


def block(text: str) -> str:
    return f"    - |\n{textwrap.indent(text, '      ')}"


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("kind",), "kind: Deployment"),
        (("metadata", "name"), "name: {{ .Name }}"),
        (("spec", "replicas"), "replicas: {{ .Many }}"),
        (("spec", "template", "spec", "containers", 0, "name"), "name: app"),
        (("spec", "template", "spec", "containers", 0, "image"), '"image": x'),
        (("spec", "template", "spec", "replicas"), "replicas: not this"),
    ],
)
def test_a_field_that_is_written_is_found_in_the_object_of_its_kind(path: Path, line: str) -> None:
    assert place(block(FIRST), path) == line


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("spec", "strategy"), "spec:"),
        (("metadata", "replicas"), "metadata:"),
        (("metadata", "labels", "tier"), "labels: {tier: web}"),
        (
            ("spec", "template", "spec", "containers", 0, "env", 3, "value"),
            "env: {{ .Env | toYaml | nindent 10 }}",
        ),
        (("status",), "kind: Deployment"),
        ((), "kind: Deployment"),
    ],
)
def test_a_field_that_is_not_written_has_the_place_of_what_holds_it(path: Path, line: str) -> None:
    assert place(block(FIRST), path) == line


LIST = """\
kind: Deployment
spec:
  containers:
  - name: app
    env:
    - name: A
  # the second one
  - name: proxy
    image: y
  paused: true
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((0, "name"), "name: app"),
        ((1, "name"), "name: proxy"),
        ((1, "image"), "image: y"),
        ((0, "image"), "containers:"),
        ((0, "env", 0, "name"), "name: A"),
        ((0, "env", 7, "name"), "name: A"),
        ((2, "name"), "containers:"),
    ],
)
def test_a_field_of_an_item_is_not_looked_for_in_another_one(path: Path, line: str) -> None:
    assert place(block(LIST), ("spec", "containers", *path)) == line


def test_of_several_manifests_it_is_the_one_that_writes_the_field() -> None:
    other = "kind: Deployment\nspec:\n  paused: true\n"
    assert place(block(other) + block(FIRST), ("spec", "replicas")) == "replicas: {{ .Many }}"
    assert place(block(FIRST) + block(other), ("spec", "paused")) == "paused: true"


def test_a_kind_that_begins_with_another_is_not_taken_for_it() -> None:
    other = "kind: DeploymentConfig\nspec:\n  paused: true\n"
    assert place(block(other) + block(FIRST), ("spec", "paused")) == "spec:"


@pytest.mark.parametrize("text", ["{{ include . }}\n", "kind: {{ .Kind }}\nspec: {}\n"])
def test_a_kind_that_is_not_written_has_the_place_of_the_first_manifest(text: str) -> None:
    assert place(block(text), ("spec", "a")) == "- |"[2:]


def test_a_manifest_that_is_a_mapping_is_searched_by_its_keys() -> None:
    mapping = "    - kind: Deployment\n      spec: {a: {b: 1}}\n"
    assert place(mapping, ("spec", "a", "b")) == "b: 1}}"


def test_a_manifest_that_is_one_quoted_line_has_its_own_place() -> None:
    assert place('    - "kind: Deployment\\nspec:\\n  a: 1\\n"\n', ("spec", "a")).startswith(
        '"kind:'
    )
