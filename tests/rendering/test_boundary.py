"""A team's text changes what a manifest says, never what it is, whatever functions it passes."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from kalypso.errors import KalypsoError
from kalypso.golang.yaml.v3 import marshal
from kalypso.model import Assignment, ClusterType, DeploymentTarget, TargetName, Template
from kalypso.model.origin import Origin
from kalypso.rendering.context import Context
from kalypso.rendering.functions import functions, refused
from kalypso.rendering.kinds import KindRule
from kalypso.rendering.manifests import CompiledTemplate
from kalypso.rendering.memo import Memo
from kalypso.rendering.rules import Rules

ORIGIN = Origin("base/templates.yaml", "kind: Template\n", 0, 1)
CLUSTER = ClusterType(
    name="large",
    labels={},
    origin=ORIGIN,
    reconciler="rec",
    namespace_service="ns",
    config_type="",
)
VALUES: dict[str, Any] = {
    "kinds": {"helm": "HelmRelease"},
    "HOST": "https://{{ .Workload }}.example",
}
PAYLOAD = "./x\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\n"


def compiled(*manifests: Any) -> CompiledTemplate:
    memo = Memo()
    rules = Rules(functions=functions(memo), memo=memo, refused=refused(frozenset()))
    template = Template(
        name="rec",
        labels={},
        origin=ORIGIN,
        type="reconciler",
        content_type="",
        manifests=manifests,
    )
    return CompiledTemplate(template, rules)


def context(manifests: Mapping[str, str], labels: Mapping[str, str] | None = None) -> Context:
    body = {"spec": {"deploymentTargets": [{"name": "test", "manifests": dict(manifests)}]}}
    target = DeploymentTarget(
        name=TargetName("app-test"),
        short_name="test",
        environment="dev",
        workload="app",
        workspace="team-a",
        labels={"workload": "app", "workspace": "team-a", **(labels or {})},
        manifests=dict(manifests),
        config_schemas=(),
        origin=Origin("workload.yaml", marshal(body), 0, 1),
        index=0,
    )
    return Context(Assignment(CLUSTER, target, ()), "dev", "dev-team-a-app-test", VALUES)


def rendered(manifest: object, texts: Mapping[str, str], **labels: str) -> str:
    rule = KindRule("reconciler", frozenset({"*"}))
    return compiled(manifest).render(context(texts, labels), rule)


def refusal(manifest: object, texts: Mapping[str, str], **labels: str) -> str:
    with pytest.raises(KalypsoError) as caught:
        rendered(manifest, texts, **labels)
    return str(caught.value)


TRANSFORMED = [
    'trimPrefix "./"', 'trimAll "./"', 'trimSuffix "\\n"', "trim", 'replace "./" ""', "clean",
    "substr 2 500", "trunc 300", 'regexReplaceAll "^./" ""', "lower", "upper", "untitle", "title",
    "toString", 'default "x"', 'printf "%s"', "print", "html",
    'nospace | replace "---" "\\n---\\n"',
    'splitList "\\n" | join "\\n"', 'split "#" | toJson | fromJson | values | first',
    "list | first", 'dict "a" | values | first', "quote | unquote", "b64enc | b64dec",
    "b32enc | b32dec", "toJson | fromJson", 'regexFind "(?s).*"', 'coalesce ""',
    'ternary "x" false', "indent 0", "squote | unquote", 'wrapWith 500 "-"', 'cat ""',
    "toYaml | fromJson",
    "swapcase", "repeat 1", "abbrev 400", 'splitList "~" | first',
    'initials | cat "a: b\\n---\\nc: "',
]  # fmt: skip


@pytest.mark.parametrize("pipe", TRANSFORMED)
def test_no_function_carries_a_document_out_of_its_place(pipe: str) -> None:
    manifest = f"spec:\n  path: {{{{ .Manifests.path | {pipe} }}}}\n"
    try:
        text = rendered(manifest, {"path": PAYLOAD})
    except KalypsoError:
        return
    assert "\n---" not in text
    assert "\nkind" not in text.lower()


@pytest.mark.parametrize(
    ("manifest", "texts", "what"),
    [
        ("a: {{ .Manifests.x | b64dec }}\n", {"x": base64.b64encode(b"b\nc: d").decode()}, "adds"),
        ('a: {{ .Manifests.x | replace "_" "\\n" | replace "+" " " }}\n', {"x": "b_c:+d"}, "adds"),
        ("a: {{ (fromJson .Manifests.x).y }}\n", {"x": r'{"y":"b\nc: d"}'}, "adds"),
        ("a:\n{{ fromJson .Manifests.x | toYaml | indent 2 }}\n", {"x": '{"spec": 1}'}, "adds"),
        ("a: {{ .Manifests.x }}\n", {"x": "{b: c}"}, "adds"),
        ("a: &b {c: d}\ne: {{ .Manifests.x }}\n", {"x": "*b"}, "adds"),
        ("a: [{{ .Manifests.x }}]\n", {"x": "b, c"}, "adds"),
        ("a: [{{ .Manifests.x }}]\n", {"x": "b,c"}, "adds"),
        ("a:\n- {{ .Manifests.x }}\n", {"x": "b\n- c"}, "adds"),
        ("a: {b: {{ .Manifests.x }}, c: d}\n", {"x": "e, f: g"}, "adds"),
        ("a: {b: {{ .Manifests.x }}, c: d}\n", {"x": "e} #"}, "adds"),
        ("a: !!str {{ .Manifests.x }}\n", {"x": "\n  b: c"}, "adds"),
        ("{{ .Manifests.x }}: b\n", {"x": "spec"}, "adds"),
        ("a:\n{{ .Manifests.x | indent 2 }}\n", {"x": "b: c"}, "adds"),
        ('a: "{{ .Manifests.x }}"\n', {"x": 'b"\nc: "d'}, "adds"),
        ("a: |\n  {{ .Manifests.x }}\n", {"x": "b\nc: d"}, "adds"),
        ("kind: {{ .Manifests.x }}\n", {"x": "Role"}, "becomes the kind of an object"),
        ('kind: {{ default "Role" .Manifests.x }}\n', {"x": "Secret"}, "becomes the kind of"),
        ("kind: {{ .Manifests.x | title }}\n", {"x": "secret"}, "becomes the kind of"),
        ("apiVersion: {{ .Manifests.x }}\n", {"x": "v1"}, "becomes the apiVersion of"),
        ("metadata: {name: '{{ .Manifests.x }}'}\n", {"x": "other"}, "becomes the name of"),
        ("metadata: {namespace: 'a-{{ .Manifests.x }}'}\n", {"x": "b"}, "becomes the namespace of"),
        ('kind: {{ (dict "root" .).root.Manifests.x }}\n', {"x": "Role"}, "becomes the kind of"),
        ("kind: {{ (list . | first).Manifests.x }}\n", {"x": "Role"}, "becomes the kind of"),
        ("kind: {{ (default . nil).Manifests.x }}\n", {"x": "Role"}, "becomes the kind of"),
        (('{{ define "k" }}kind: {{ .root.Manifests.x }}{{ end }}'
          '{{ template "k" (dict "root" $) }}\n'), {"x": "Role"}, "becomes the kind of"),
        ({"kind": "{{ .Manifests.x }}"}, {"x": "Role"}, "becomes the kind of"),
        ({"metadata": {"name": "{{ .Path }}"}}, {"path": "other"}, "becomes the name of"),
    ],
)  # fmt: skip
def test_a_text_that_does_more_than_saying_something_is_refused(
    manifest: object, texts: Mapping[str, str], what: str
) -> None:
    (key,) = texts
    told = refusal(manifest, texts)
    assert told.startswith(
        f"base/templates.yaml:1:1: error: template 'rec': a text of the workload {what}"
    )
    assert f"; the text is manifests.{key} in workload.yaml:" in told


@pytest.mark.parametrize(
    "manifest",
    [
        "kind: {{ .Labels.x }}\n",
        "a: {{ .Labels.x | b64dec }}\n",
        '{{ $d := dict }}{{ $_ := set $d "a" .Labels.x }}x: {{ $d.a | b64dec }}\n',
        "{{ range $k, $v := .Labels }}{{ $v }}: a\n{{ end }}",
        '{{ define "k" }}kind: {{ . }}{{ end }}{{ template "k" .Labels.x }}\n',
        "{{ with .Labels }}kind: {{ .x }}{{ end }}\n",
        'kind: {{ index .Labels "x" }}\n',
        'kind: {{ get .Labels "x" }}\n',
    ],
)  # fmt: skip
def test_labels_are_texts_of_a_team_as_well(manifest: str) -> None:
    assert "[value-breaks-out]" in refusal(manifest, {}, x="YQpiOiBj")


@pytest.mark.parametrize("action", ["print .", ".", 'dict "root" $', "list . | first"])
def test_all_of_the_data_is_not_printed_past_the_check(action: str) -> None:
    told = refusal(f"a: {{{{ {action} }}}}\n", {"x": "b\nc: d"})
    assert "[value-breaks-out]" in told or "[template-in-workload]" in told or "[not-yaml]" in told


LEGITIMATE = [
    ('{{ if eq .Manifests.type "helm" }}kind: A{{ else }}kind: B{{ end }}\n', "kind: A\n"),
    ("kind: {{ index .ConfigData.kinds .Manifests.type }}\n", "kind: HelmRelease\n"),
    ("kind: {{ get .ConfigData.kinds .Manifests.type }}\n", "kind: HelmRelease\n"),
    ('kind: {{ dig "kinds" .Manifests.type "x" .ConfigData }}\n', "kind: HelmRelease\n"),
    ('kind: {{ ternary "A" "B" (hasPrefix "he" .Manifests.type) }}\n', "kind: A\n"),
    ("kind: {{ pluck .Manifests.type .ConfigData.kinds | first }}\n", "kind: HelmRelease\n"),
    ("metadata: {name: '{{ .DeploymentTargetName | trunc 5 }}'}\n", "metadata: {name: 'app-t'}\n"),
    ("metadata: {name: '{{ .Manifests.path | sha256sum | trunc 4 }}'}\n",
     "metadata: {name: 'd3e8'}\n"),
    ("metadata: {namespace: {{ .Namespace }}, name: {{ .Workload }}}\n",
     "metadata: {namespace: dev-team-a-app-test, name: app}\n"),
    ('a:\n{{ range splitList "," .Manifests.hosts }}- h: {{ . }}\n{{ end }}',
     "a:\n- h: one\n- h: two\n- h: three\n"),
    ('a:\n{{ splitList "," .Manifests.hosts | toYaml }}\n', "a:\n- one\n- two\n- three\n"),
    ("a: {{ .Manifests.port | int | add 1 }}\n", "a: 8081\n"),
    ("a: {{ .Manifests.port }}\nb: {{ .Manifests.nothing | default 7 }}\n", "a: 8080\nb: 7\n"),
    ("a: {{ .Manifests.message | quote }}\n", 'a: "one: two\\n- three"\n'),
    ("a: |\n  {{ .Manifests.message | nindent 2 | trim }}\n", "a: |\n  one: two\n  - three\n"),
    ("a: {{ .Manifests.message | toJson }}\n", 'a: "one: two\\n- three"\n'),
    ("a: {{ .Manifests.message | b64enc }}\n", "a: b25lOiB0d28KLSB0aHJlZQ==\n"),
    ("a: {{ .Manifests.encoded | b64dec | quote }}\n", 'a: "hello there"\n'),
    ("a:\n{{ range $k, $v := .Manifests }}  {{ $k }}: {{ $v | quote }}\n{{ end }}", None),
    ("a:\n{{ toYaml .Manifests | indent 2 }}\n", None),
    ("a:\n{{ toYaml .Labels | indent 2 }}\n", None),
    ("labels: {app/{{ .Workload }}: 'true'}\n", "labels: {app/app: 'true'}\n"),
    ("a: {{ if and .Manifests.type (or .Manifests.no .Manifests.port) }}b{{ end }}\n", "a: b\n"),
    (('{{ $d := dict "k" .Manifests.type }}{{ $_ := set $d "l" .Manifests.path }}'
     'a: {{ toJson $d }}\n'),
     'a: {"k":"helm","l":"./apps/x"}\n'),
    ("a: {{ (urlParse .Manifests.url).host }}\n", "a: git.example\n"),
    ('a: {{ .Manifests.url | trimSuffix ".git" | base }}\n', "a: repo\n"),
    ("a: {{ (fromJson .Manifests.json).replicas }}\n", "a: 3\n"),
    ('a: {{ .ConfigData.HOST }}/{{ .Manifests.path | trimPrefix "./" }}\n',
     "a: https://app.example/apps/x\n"),
    ('a: {{ (dict "root" .).root.ConfigData.HOST }}/{{ (list $ | first).Workload }}\n',
     "a: https://app.example/app\n"),
    ('metadata: {name: {{ (dict "root" .).root.DeploymentTargetName }}}\n',
     "metadata: {name: app-test}\n"),
    ({"kind": "A", "a": ["{{ .Manifests.message }}"]},
     "a:\n    - |-\n      one: two\n      - three\nkind: A\n"),
    ({"a": "{{ .ConfigData.HOST }}/{{ .Manifests.type }}"}, "a: https://app.example/helm\n"),
]  # fmt: skip
BEGUN = {
    "kind:": "apiVersion: v1\nmetadata: {name: a}\n",
    "metadata: {namespace": "apiVersion: v1\nkind: A\n",
    "metadata: {name": "apiVersion: v1\nkind: A\n",
}
"""What makes an object of a part of one."""
TEXTS = {
    "type": "helm",
    "path": "./apps/x",
    "hosts": "one,two,three",
    "port": "8080",
    "message": "one: two\n- three",
    "encoded": base64.b64encode(b"hello there").decode(),
    "url": "https://git.example/team/repo.git",
    "json": '["replicas", 3]',
}


@pytest.mark.parametrize(("manifest", "expected"), LEGITIMATE, ids=range(len(LEGITIMATE)))
def test_a_template_may_do_with_a_text_what_it_likes(
    manifest: str | dict[str, Any], expected: str | None
) -> None:
    texts = {**TEXTS, "json": '{"replicas": 3}'} if "fromJson" in str(manifest) else TEXTS
    if "ConfigData.HOST" in str(manifest):
        texts = {key: text for key, text in texts.items() if "{" not in text}
    if isinstance(manifest, str):
        begun = next((BEGUN[key] for key in BEGUN if (expected or "").startswith(key)), "")
        text = rendered(f"{begun}{manifest}", texts)
        assert expected is None or text == f"{begun}{expected}"
    else:
        whole = {"apiVersion": "v1", "kind": "A", "metadata": {"name": "a"}}
        text = rendered({**whole, **manifest}, texts)
        assert yaml.safe_load(text) == {**whole, **yaml.safe_load(expected or "")}


def test_a_good_shape_does_not_let_a_name_of_a_team_through() -> None:
    begun = "apiVersion: v1\nkind: A\n"
    name = "{{ default .DeploymentTargetName .Manifests.x }}"
    template = compiled(f"{begun}metadata: {{name: '{name}'}}\n")
    rule = KindRule("reconciler", frozenset({"A"}))
    assert template.render(context({}), rule) == f"{begun}metadata: {{name: 'app-test'}}\n"
    with pytest.raises(KalypsoError, match="becomes the name of an object"):
        template.render(context({"x": "other"}), rule)


def test_what_the_second_pass_runs_is_platform_text() -> None:
    manifest = 'a: {{ "{{" }} .ConfigData.{{ .Manifests.x }} }}\n'
    assert refusal(manifest, {"x": "HOST"}) == (
        "base/templates.yaml:1:1: error: template 'rec': the result would run a text of the"
        " workload as a template [template-in-workload]\n"
        "  hint: an application team's text is never run as a template"
    )


@pytest.mark.parametrize(
    "manifest",
    ["a: {{ .Manifests.x | b64dec }}\n", "a: {{ .Manifests.x | b64dec }} {{ .ConfigData.HOST }}\n"],
)
def test_braces_that_a_function_makes_are_not_run(manifest: str) -> None:
    hidden = base64.b64encode(b"{{ .ConfigData | toJson }}").decode()
    assert "[template-in-workload]" in refusal(manifest, {"x": hidden})


def test_the_second_pass_sees_a_team_s_text_as_data() -> None:
    manifest = "a: {{ .Manifests.x }}\nb: {{ .ConfigData.HOST }}\n"
    assert rendered(manifest, {"x": "'}} y'"}) == "a: '}} y'\nb: https://app.example\n"
