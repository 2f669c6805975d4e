"""What is known to be good is filled in; everything else is looked at as if it were the first."""

from __future__ import annotations

import pytest

from kalypso.errors import KalypsoError
from kalypso.rendering.context import Context
from kalypso.rendering.filling import FilledTemplate
from kalypso.rendering.identity import kinds_apart
from kalypso.rendering.kinds import KindRule
from kalypso.rendering.manifests import CompiledTemplate
from tests.rendering.contexts import ANY, VALUES, of, on, target, template

PAYLOAD = "./x\nkind: ClusterRoleBinding"


def written(compiled: CompiledTemplate, *contexts: Context) -> list[str]:
    filled = FilledTemplate(compiled)
    return [filled.write(context, ANY).text for context in contexts]


def looked_at(monkeypatch: pytest.MonkeyPatch, compiled: CompiledTemplate) -> list[str]:
    """Return a list to which the workload of each whole rendering will be added."""
    found: list[str] = []
    render = compiled.render

    def noted(context: Context, rule: KindRule) -> str:
        found.append(context.assignment.target.workload)
        return render(context, rule)

    monkeypatch.setattr(compiled, "render", noted)
    return found


OBJECT = (
    'apiVersion: v1\nkind: A\nmetadata:\n  name: "{{ .Workload }}"\nurl: {{ .Manifests.repo }}\n'
)


def test_manifests_that_differ_in_harmless_texts_are_looked_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compiled = template(OBJECT, "apiVersion: v1\nkind: B\nmetadata:\n  name: {{ .Namespace }}\n")
    whole = looked_at(monkeypatch, compiled)
    first, second = of("shop", repo="https://git/a"), of("cart", repo="https://git/b")
    assert written(compiled, first, second)[1] == (
        'apiVersion: v1\nkind: A\nmetadata:\n  name: "cart"\nurl: https://git/b\n---\n'
        "apiVersion: v1\nkind: B\nmetadata:\n  name: dev-large-cart-test\n"
    )
    assert whole == ["shop"]


@pytest.mark.parametrize(
    "action", ["{{ .Workload | quote }}", '{{ printf "%s/%s" .Workload .Namespace }}']
)
def test_harmless_texts_inside_other_text_are_looked_at_once(
    action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = template(f"apiVersion: v1\nkind: A\nmetadata:\n  name: a\nof: {action}\n")
    whole = looked_at(monkeypatch, compiled)
    written(compiled, of("shop"), of("cart"))
    assert whole == ["shop"]


def test_what_functions_make_of_the_configuration_is_kept_for_each_configuration() -> None:
    compiled = template(
        "{{ toYaml .ConfigData }}\n{{ if .ConfigData.SIZE }}run: {{ .ClusterType }}{{ end }}"
    )
    small, big = of("shop"), of("cart", values={"SIZE": "big"})
    other, again = of("till", cluster="edge"), of("desk")
    assert written(compiled, small, big, other, again) == [
        "PORTS:\n    http: 80\nSIZE: small\nrun: large\n",
        "SIZE: big\nrun: large\n",
        "PORTS:\n    http: 80\nSIZE: small\nrun: edge\n",
        "PORTS:\n    http: 80\nSIZE: small\nrun: large\n",
    ]


@pytest.mark.parametrize(
    "field",
    [
        "size: {{ .ConfigData.SIZE }}",
        "size: {{ if .ClusterType }}{{ .ConfigData.SIZE }}{{ end }}",
    ],
)
def test_configurations_that_are_gone_leave_nothing_behind(field: str) -> None:
    filled = FilledTemplate(template(f"{field}\n"))
    sizes = [f"size-{number}" for number in range(50)]
    texts = [filled.write(of(f"of-{size}", values={"SIZE": size}), ANY).text for size in sizes]
    assert [text.partition(": ")[2] for text in texts] == [f"{size}\n" for size in sizes]


def test_configurations_that_are_gone_leave_nothing_behind_where_names_are_keys() -> None:
    filled = FilledTemplate(template("{{ .Workload }}: {{ .ConfigData.SIZE }}\n"))
    for number in range(10):
        values = {"SIZE": f"size-{number}"}
        for workload in ("shop", f"other-{number}"):
            text = filled.write(of(workload, values=values), ANY).text
            assert text == f"{workload}: size-{number}\n"
        del values


def test_a_shell_file_is_joined_without_separators() -> None:
    compiled = template("export A={{ .Workload }}", "export B=100%\n", content_type="sh")
    assert written(compiled, of("shop"), of("cart"))[1] == "export A=cart\nexport B=100%\n"


def test_a_result_that_is_a_template_again_is_rendered_again() -> None:
    compiled = template("size: {{ .ConfigData.SIZE }}\n")
    values = {"SIZE": "{{ .Workload }}-size"}
    assert written(compiled, of("shop", values=values), of("cart", values=values)) == [
        "size: shop-size\n",
        "size: cart-size\n",
    ]


CLUSTERS = {
    "SIZE": "{{ .Environment }}-{{ .ClusterType }}",
    "AGAIN": '{{ print "{{ .Environment }}" }}',
}


def test_values_that_are_templates_are_rendered_once_for_each_cluster_type(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compiled = template("{{ toYaml .ConfigData }}\nof: {{ .Workload }}\n")
    whole = looked_at(monkeypatch, compiled)
    contexts = [
        of("shop", values=CLUSTERS),
        of("cart", values=CLUSTERS),
        of("till", values=CLUSTERS, cluster="edge"),
    ]
    assert written(compiled, *contexts)[1:] == [
        "AGAIN: 'dev'\nSIZE: 'dev-large'\nof: cart\n",
        "AGAIN: 'dev'\nSIZE: 'dev-edge'\nof: till\n",
    ]
    assert whole == ["shop", "till"]


def test_braces_of_a_team_are_refused_where_values_are_templates() -> None:
    compiled = template("a: {{ .ConfigData.SIZE }}\nof: {{ .Manifests.path }}\n")
    good = of("shop", values=CLUSTERS, path="shop")
    assert "holds '{'" in refusal(compiled, good, of("cart", values=CLUSTERS, path="{x"))


def test_braces_are_refused_although_a_value_without_templates_says_the_same() -> None:
    compiled = template('a: {{ .ConfigData.SIZE }}\nof: "{{ .Manifests.path }}"\n')
    own = target("shop", path="{x")
    plain, again = ({"SIZE": size} for size in ("large", "{{ .ClusterType }}"))
    assert "holds '{'" in refusal(compiled, on("large", own, plain), on("large", own, again))


def test_braces_that_no_gap_prints_are_refused_after_good_ones_as_before_them() -> None:
    compiled = template("a: {{ .ConfigData.SIZE }}\nof: {{ .Workload }}\n")
    good, bad = of("shop", values=CLUSTERS), of("cart", values=CLUSTERS, unused="{x")
    assert "manifests.unused holds '{'" in refusal(compiled, good, bad)


def test_a_value_that_yields_itself_has_an_end_wherever_it_is() -> None:
    filled = FilledTemplate(template("a: {{ .ConfigData.A }}\n"))
    for workload in ("shop", "cart"):
        with pytest.raises(KalypsoError, match="10"):
            filled.write(of(workload, values={"A": "{{ .ConfigData.A }}"}), ANY)


def test_a_manifest_that_renders_to_nothing_is_left_out() -> None:
    compiled = template(
        "{{ if eq .Workload `shop` }}apiVersion: v1\nkind: A\nmetadata: {name: a}\n{{ end }}",
        "b: c\n",
    )
    assert written(compiled, of("cart"), of("shop"), of("till")) == [
        "b: c\n",
        "apiVersion: v1\nkind: A\nmetadata: {name: a}\n---\nb: c\n",
        "b: c\n",
    ]


def refusal(compiled: CompiledTemplate, good: Context, bad: Context) -> str:
    filled = FilledTemplate(compiled)
    filled.write(good, ANY)
    with pytest.raises(KalypsoError) as caught:
        filled.write(bad, ANY)
    return str(caught.value)


def test_a_text_that_breaks_out_is_refused_after_good_ones() -> None:
    good, bad = of("shop", repo="https://git/a"), of("cart", repo=PAYLOAD)
    assert "adds keys or documents" in refusal(template(OBJECT), good, bad)


def test_a_name_that_becomes_a_key_is_compared_with_the_keys_beside_it() -> None:
    compiled = template(
        "apiVersion: v1\nkind: A\nmetadata:\n  name: a\n"
        "  labels:\n    app: x\n    {{ .Workload }}: y\n"
    )
    assert "'app' is defined twice" in refusal(compiled, of("shop"), of("app"))


LABELLED = (
    "apiVersion: v1\nkind: A\nmetadata:\n  name: a\n  labels:\n    app: x\n"
    "    {{ .Workload }}: y\nof: {{ .Manifests.path }}\n"
)


def test_a_name_that_was_seen_as_a_key_is_looked_for_in_all_targets_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compiled = template(LABELLED)
    whole = looked_at(monkeypatch, compiled)
    shop, cart = target("shop", path="cart"), target("cart", path="shop")
    contexts = [on(name, own, VALUES) for name in ("large", "edge", "west") for own in (shop, cart)]
    assert written(compiled, *contexts)[-1].endswith("    cart: y\nof: shop\n")
    assert whole == ["shop", "cart", "shop"]


@pytest.mark.parametrize("path", ["large", "dev-large-cart-test"])
def test_a_text_that_is_the_name_of_something_else_is_looked_at(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = template(OBJECT.replace("repo", "path"))
    whole = looked_at(monkeypatch, compiled)
    written(compiled, of("shop", path="west"), of("cart", path=path), of("till", path="east"))
    assert whole == ["shop", "cart"]


@pytest.mark.parametrize("namespace", ["true", "12", "x: y", "-a"])
def test_a_namespace_that_is_not_harmless_is_looked_at_after_others(namespace: str) -> None:
    compiled = template("apiVersion: v1\nkind: A\nmetadata:\n  name: {{ .Namespace }}\n")
    bad = on("large", target("shop"), VALUES, namespace)
    refusal(compiled, of("cart"), bad)


def test_a_value_that_needs_the_target_is_rendered_for_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compiled = template("size: {{ .ConfigData.SIZE }}\nof: {{ .Workload }}\n")
    whole = looked_at(monkeypatch, compiled)
    values = {"SIZE": "{{ .Workload }}-size"}
    shop, cart = (target(name) for name in ("shop", "cart"))
    contexts = [on(name, own, values) for name in ("large", "edge") for own in (shop, cart)]
    assert written(compiled, *contexts)[2:] == [
        "size: shop-size\nof: shop\n",
        "size: cart-size\nof: cart\n",
    ]
    assert whole == ["shop", "cart", "shop", "cart"]


def test_a_word_of_yaml_is_looked_at_after_harmless_names() -> None:
    compiled = template("apiVersion: v1\nkind: A\nmetadata:\n  name: {{ .Workload }}\n")
    assert "metadata.name is not text but true" in refusal(compiled, of("shop"), of("true"))


def test_a_key_that_only_one_workload_lacks_is_missing_there() -> None:
    compiled = template(OBJECT)
    sentence = refusal(compiled, of("shop", repo="https://git/a"), of("cart"))
    assert 'map has no entry for key "repo"' in sentence


def test_a_template_that_failed_once_says_the_same_again() -> None:
    filled = FilledTemplate(template("a: {{ fail .Workload }}\n"))
    for workload in ("shop", "cart"):
        with pytest.raises(KalypsoError, match=f"error calling fail: {workload}"):
            filled.write(of(workload), ANY)


def test_a_kind_that_one_type_may_have_another_may_not() -> None:
    filled = FilledTemplate(
        template("apiVersion: v1\nkind: A\nmetadata:\n  name: {{ .Workload }}\n")
    )
    filled.write(of("shop"), ANY)
    with pytest.raises(KalypsoError, match="the kind 'A', which a namespace may not be"):
        filled.write(of("cart"), KindRule("namespace", frozenset({"Namespace"})))


@pytest.mark.parametrize("action", [".Manifests.path", "print .Manifests.path"])
@pytest.mark.parametrize(("good", "bad"), [("shop", "\0"), ("https://git/a", "\1")])
def test_a_control_character_is_not_taken_for_a_harmless_text(
    action: str, good: str, bad: str
) -> None:
    compiled = template(f"apiVersion: v1\nkind: A\nmetadata:\n  name: a\nof: {{{{ {action} }}}}\n")
    sentence = refusal(compiled, of("shop", path=good), of("cart", path=bad))
    assert "is not allowed" in sentence


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("kind: A\n---\nkind: B\n", ("A", "B")),
        ("kind: A\n---\nkind: A\n", None),
        ("kind: List\nitems: []\n", None),
        ('{"kind": "A"}\n', None),
    ],
)
def test_kinds_are_known_where_no_object_can_be_there_twice(
    text: str, kinds: tuple[str, ...] | None
) -> None:
    assert kinds_apart(text) == kinds


@pytest.mark.parametrize(
    ("cluster", "mark"),
    [
        *(
            (word, None)
            for word in ("false", "true", "null", "yes", "off", "ab", "1west", "2-2-2-2")
        ),
        *((name, True) for name in ("large", "west-us-2", "falsely", "a" * 63)),
        ("a" * 64, None),
        ("west-", None),
        ("Large", None),
    ],
)
def test_a_name_is_harmless_unless_yaml_may_read_a_value_or_kubernetes_no_name(
    cluster: str, *, mark: bool | None
) -> None:
    assert of("web", cluster=cluster).marks.get(cluster) is mark
