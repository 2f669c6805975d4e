"""No kind gets through that the platform team did not write down, in a template or in a list."""

from __future__ import annotations

import pytest

from kalypso.errors import TemplateError
from kalypso.model.objects import Template
from kalypso.model.origin import Origin
from kalypso.rendering.kinds import AllowedKinds, KindRule, literal_kinds, rule_for


def template(*manifests: object) -> Template:
    return Template(
        name="ns",
        labels={},
        origin=Origin("base/templates.yaml", "kind: Template\n", 0, 1),
        type="namespace",
        content_type="",
        manifests=manifests,  # type: ignore[arg-type]  # text, or a mapping of 2023
    )


LISTED: AllowedKinds = {"namespace": frozenset({"Namespace", "LimitRange"})}


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("kind: Kustomization\n", {"Kustomization"}),
        ("a: b\n---\nkind: 'ConfigMap'\n", {"ConfigMap"}),
        ("sourceRef:\n  kind: GitRepository  # the source\n", {"GitRepository"}),
        ('{"kind":"List","items":[{"kind": "Secret"}]}', {"List", "Secret"}),
        ("- kind: Role\n", {"Role"}),
        ("kind: {{ .Manifests.kind }}\n", set()),
        ('kind: {{ default "Role" .Manifests.kind }}\n', set()),
        ("kind: Cluster{{ .Manifests.kind }}\n", set()),
        ("kind: Role{{ .ConfigData.suffix }}\n", set()),
        ("{{/* kind: Role */}}\n", set()),
        ("kind: {{ if .X }}Role{{ else }}Secret{{ end }}\n", {"Role", "Secret"}),
        ("{{ if .X }}kind: Role{{ else }}kind: Secret{{ end }}\n", {"Role", "Secret"}),
        ("{{ $x := 1 }}kind: {{ with .X }}'Role'{{ end }}\n", {"Role"}),
        ('{{ print "kind: Role\\n" }}', set()),
        ("mankind: Role\nkind:\n  Role: x\n", set()),
        ({"kind": "Namespace", "spec": [{"kind": "{{ .X }}"}, {"kind": "Role"}]},
         {"Namespace", "Role"}),
    ],
)  # fmt: skip
def test_only_what_stands_outside_actions_is_a_literal_kind(text: object, kinds: set[str]) -> None:
    assert set(literal_kinds(template(text))) == kinds


def test_by_default_kinds_are_those_of_the_templates_in_use() -> None:
    rule = rule_for("config", {}, [template("kind: ConfigMap\n"), template("kind: Secret\n")])
    rule.check(["Secret", "ConfigMap", ""], template())
    with pytest.raises(TemplateError) as caught:
        rule.check(["Secret", "ClusterRoleBinding"], template())
    assert str(caught.value) == (
        "base/templates.yaml:1:1: error: the template 'ns' writes the kind 'ClusterRoleBinding',"
        " which a config may not be [kind-not-allowed]\n"
        "  hint: allowed are ConfigMap, Secret; the setting templates.kinds allows others"
    )


def test_by_default_a_namespace_template_writes_namespaces() -> None:
    rule = rule_for("namespace", {}, [template("kind: Namespace\n---\nkind: Role\n")])
    rule.check(["Namespace"], template())
    with pytest.raises(TemplateError, match="the kind 'Role', which a namespace may not be"):
        rule.check(["Namespace", "Role"], template())


def test_a_list_takes_the_place_of_the_default() -> None:
    rule = rule_for("namespace", LISTED, [template("kind: Role\n")])
    rule.check(["LimitRange"], template())
    with pytest.raises(TemplateError) as caught:
        rule.check(["Role"], template())
    assert str(caught.value) == (
        "base/templates.yaml:1:1: error: the template 'ns' writes the kind 'Role', which a"
        " namespace may not be [kind-not-allowed]\n"
        "  hint: allowed are LimitRange, Namespace"
    )


def test_where_kinds_are_listed_an_object_without_a_kind_is_refused() -> None:
    with pytest.raises(TemplateError, match="an object without a kind"):
        rule_for("namespace", LISTED, []).check([""], template())


def test_a_star_allows_all_kinds() -> None:
    KindRule("config", frozenset({"*"}), listed=True).check(["Role", ""], template())
