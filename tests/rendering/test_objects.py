"""What clusters refuse does not depend on which assignments were rendered before."""

from __future__ import annotations

import pytest

from kalypso.rendering.objects import found_objects, glance, may_repeat, refusals


@pytest.mark.parametrize("kind", ["Namespace", "Service"])
def test_the_length_of_a_label_is_judged_where_it_is_made(kind: str) -> None:
    text = "apiVersion: v1\nkind: {}\nmetadata: {{name: {}}}\n"
    assert refusals(text.format(kind, "a" * 64)) == []
    assert [each.line for each in refusals(text.format(kind, "a_b"))] == [3]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "apiVersion: v1\nkind: A\nmetadata:\n  labels:\n    name: x\n  name: 'n'\n",
            [("A", "", "n")],
        ),
        ("kind: A\nmetadata:\n  namespace: m\n  name: n\nspec: {}\n", [("A", "m", "n")]),
        ("kind: A\nmetadata: {name: n}\n", None),
        ('{"kind": "A", "metadata": {"name": "n"}}\n', None),
        ("kind: A\nmetadata:\n  labels: {name: x}\n", None),
        ("", []),
    ],
)
def test_a_glance_sees_what_is_written_line_by_line(text: str, found: object) -> None:
    assert glance(text) == found
    if found:
        exact = [(each.kind, each.namespace, each.name) for each in found_objects(text)]
        assert exact == found


def test_kinds_that_stand_once_cannot_repeat_an_object() -> None:
    assert not may_repeat(["kind: A\n", "kind: B\n---\nkind: C\n"])
    assert may_repeat(["kind: A\n", "kind: B\n---\nkind: A\n"])
    assert may_repeat(['{"kind": "A"}\n'])
