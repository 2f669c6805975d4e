"""Where a platform team lists the kinds that a template may write, no other gets through."""

from __future__ import annotations

import pytest

from kalypso.errors import TemplateError
from kalypso.model.objects import Template
from kalypso.model.origin import Origin
from kalypso.rendering.kinds import AllowedKinds, check_kinds

TEMPLATE = Template(
    name="ns",
    labels={},
    origin=Origin("base/templates.yaml", "kind: Template\n", 0, 1),
    type="namespace",
    content_type="",
    manifests=(),
)
ALLOWED: AllowedKinds = {"namespace": frozenset({"Namespace", "LimitRange"})}


@pytest.mark.parametrize(
    "text",
    [
        "kind: Namespace\n",
        "kind: Namespace\n---\nkind: LimitRange\n",
        "---\nkind: 'Namespace'\n---\n",
        "",
    ],
)
def test_what_is_listed_may_be_written(text: str) -> None:
    check_kinds(text, "namespace", TEMPLATE, ALLOWED)


def test_a_type_without_a_list_may_hold_any_kind() -> None:
    check_kinds("kind: ClusterRoleBinding\n", "reconciler", TEMPLATE, ALLOWED)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "kind: Namespace\n---\nkind: ClusterRoleBinding\n",
            "the template 'ns' writes the kind 'ClusterRoleBinding', which a namespace may not be",
        ),
        (
            "metadata:\n  kind: Namespace\n",
            "the template 'ns' writes an object without a kind, which a namespace may not be",
        ),
    ],
)
def test_what_is_not_listed_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(TemplateError) as caught:
        check_kinds(text, "namespace", TEMPLATE, ALLOWED)
    assert str(caught.value) == (
        f"base/templates.yaml:1:1: error: {sentence} [kind-not-allowed]\n"
        "  hint: allowed are LimitRange, Namespace"
    )
