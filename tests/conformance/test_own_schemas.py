"""A user's own definitions and JSON Schemas, and what is wrong with their files."""

from __future__ import annotations

import json
import textwrap

import pytest

from kalypso.conformance.object_kind import ObjectKind
from kalypso.errors import Problems
from tests.conformance.played import catalogue

DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: owns.example.com}
spec:
  group: example.com
  names: {kind: Own, plural: owns}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: {type: object, properties: {size: {type: integer}}}
"""
OWN = ObjectKind("example.com/v1", "Own")
APPLICATION = ObjectKind("argoproj.io/v1alpha1", "Application")


def wrong(files: dict[str, str], kind: ObjectKind, spec: object) -> list[str]:
    schema = catalogue(files).schema(kind)
    assert schema is not None
    body = {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": {}, "spec": spec}
    return [each.sentence for each in schema.violations(body, "it")]


def problems(files: dict[str, str]) -> str:
    with pytest.raises(Problems) as caught:
        catalogue(files)
    return str(caught.value)


def test_a_definition_is_found_in_any_file_of_any_folder() -> None:
    for path in ("crds.yaml", "deep/er/crds.yml"):
        files = {path: f"apiVersion: v1\nkind: Namespace\n---\n{DEFINITION}"}
        assert wrong(files, OWN, {"size": "1"}) == ["spec.size of it is not an integer"]


def test_the_list_that_kubectl_prints_is_searched() -> None:
    item = textwrap.indent(DEFINITION, "    ").replace("    api", "  - api", 1)
    listed = f"apiVersion: v1\nkind: List\nitems:\n{item}"
    assert wrong({"a.yaml": listed}, OWN, {"size": "1"}) == ["spec.size of it is not an integer"]
    assert problems({"a.yaml": listed.replace("scope:", "scop:")}).startswith("own/a.yaml:10:7: ")


@pytest.mark.parametrize("name", ["own-example.com-v1.json", "Own-Example.com-V1.json"])
def test_a_json_schema_is_found_by_its_name(name: str) -> None:
    files = {f"deep/{name}": json.dumps({"properties": {"spec": {"maxProperties": 0}}})}
    (sentence,) = wrong(files, OWN, {"size": "1"})
    assert sentence.startswith("spec of it has more than 0 properties")


def test_a_json_schema_of_the_core_group_has_no_group_in_its_name() -> None:
    files = {"namespace-v1.json": json.dumps({"required": ["owner"]})}
    assert wrong(files, ObjectKind("v1", "Namespace"), {}) == ["it lacks owner"]


def test_own_schemas_count_more_than_those_of_kalypso() -> None:
    assert wrong({}, APPLICATION, {"any": 1}) != []
    assert wrong({"application-argoproj.io-v1alpha1.json": "{}"}, APPLICATION, {"any": 1}) == []


def test_other_objects_and_files_are_passed_over() -> None:
    files = {"readme.yaml": "- a list\n", "deploy.yaml": "kind: Deployment\n"}
    assert catalogue(files).schema(OWN) is None


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        ("a.yaml", "a: [", "own/a.yaml:2:1: error: this is not YAML"),
        ("own-v1.json", "{", "own/own-v1.json:1:1: error: the schema is not JSON [bad-schema]"),
        ("own-v1.json", "[]", "own/own-v1.json:1:1: error: the schema is not a mapping"),
        (
            "own.json",
            "{}",
            (
                "own/own.json:1:1: error: the file's name does not say the kind [bad-schema]\n"
                "  hint: a JSON Schema is called KIND-GROUP-VERSION.json"
            ),
        ),
        (
            "own-v1.json",
            '{"type": "txt"}',
            "own/own-v1.json:1:1: error: this is not a valid JSON Schema: ",
        ),
        (
            "own-v1.json",
            '{"$ref": "https://example.com/all.json"}',
            "own/own-v1.json:1:1: error: this is not a valid JSON Schema: ",
        ),
        (
            "own.yaml",
            DEFINITION.replace("scope:", "scop:"),
            (
                "own/own.yaml:7:3: error: this CustomResourceDefinition has an unknown field"
                " spec.scop [bad-schema]\n  hint: did you mean 'scope'?"
            ),
        ),
        (
            "own.yaml",
            DEFINITION.partition("      schema:")[0],
            (
                "own/own.yaml:1:1: error: this CustomResourceDefinition cannot be used: its"
                " version v1 has no schema.openAPIV3Schema [bad-schema]"
            ),
        ),
        (
            "own.yaml",
            DEFINITION.replace("{type: integer}", "{type: integr}"),
            "own/own.yaml:1:1: error: this CustomResourceDefinition cannot be used: ",
        ),
        (
            "own.yaml",
            f"# {'x' * 2**20}\n{DEFINITION}",
            (
                "own/own.yaml:1:1: error: the file has 1,048,983 bytes, more than 1,048,576"
                " [file-too-large]\n  hint: split it"
            ),
        ),
    ],
)
def test_a_file_that_is_wrong_says_where_and_why(path: str, text: str, message: str) -> None:
    assert problems({path: text}).startswith(message)


def test_all_that_is_wrong_in_a_file_is_reported_together() -> None:
    first = DEFINITION.replace("scope:", "scop:").replace("served:", "servd:")
    second = DEFINITION.replace("{type: integer}", "{type: integr}")
    found = problems({"own.yaml": f"{first}---\n{second}"})
    assert [line.split(":")[1] for line in found.splitlines() if " error: " in line] == [
        "7",
        "10",
        "18",
    ]


def test_all_files_that_are_wrong_are_reported_together() -> None:
    found = problems({"b-v1.json": "{", "a.yaml": "a: ["})
    assert [line.partition(":")[0] for line in found.splitlines()] == [
        "own/a.yaml",
        "own/b-v1.json",
    ]
