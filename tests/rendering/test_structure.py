"""The structure of a manifest: what may not change with a team's text, and what may."""

from __future__ import annotations

import pytest

from kalypso.rendering.structure import structure

OBJECT = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  namespace: b
data:
  k: v
  l: [x, y]
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [("k: v", "k: other"), ("k: v", "k: 'v'"), ("[x, y]", "[1, true]"), ("k: v", "k: |\n    v")],
)
def test_what_a_manifest_says_is_no_part_of_it(old: str, new: str) -> None:
    assert structure(OBJECT.replace(old, new)) == structure(OBJECT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind: ConfigMap", "kind: Secret"),
        ("apiVersion: v1", "apiVersion: v2"),
        ("name: a", "name: c"),
        ("namespace: b", "namespace: c"),
        ("k: v", "m: v"),
        ("k: v", "k: {v: w}"),
        ("k: v", "k: [v]"),
        ("k: v", "k: &a v"),
        ("k: v", "k: !!binary v"),
        ("k: v", "k: v\n  m: w"),
        ("[x, y]", "[x, y, z]"),
        ("  l: [x, y]\n", "  l: [x, y]\n---\nkind: Role\n"),
    ],
)
def test_what_a_manifest_is_is_part_of_it(old: str, new: str) -> None:
    assert structure(OBJECT.replace(old, new)) != structure(OBJECT)


def test_an_alias_is_no_text() -> None:
    assert structure("a: &x y\nb: *x\n") != structure("a: &x y\nb: y\n")


def test_objects_in_a_list_have_kinds_and_names_too() -> None:
    text = "kind: List\nitems:\n- kind: Role\n  metadata: {name: a}\n- {kind: Secret}\n"
    found = structure(text)
    assert found is not None
    assert sorted(found.kinds) == ["List", "Role", "Secret"]
    assert structure(text.replace("name: a", "name: b")) != found


def test_kinds_below_an_object_are_what_it_says() -> None:
    text = "kind: Kustomization\nspec: {sourceRef: {kind: GitRepository, name: x}}\n"
    assert structure(text) == structure(text.replace("GitRepository", "Bucket"))


@pytest.mark.parametrize("text", ["a: [", "a: b: c", "[" * 2000])
def test_what_is_no_yaml_has_no_structure(text: str) -> None:
    assert structure(text) is None


def test_documents_without_a_kind_are_told_from_empty_ones() -> None:
    found = structure("---\n---\na: b\n---\njust text\n---\nkind: Role\n")
    assert found is not None
    assert found.kinds == ("", "", "Role")
