"""What clusters refuse does not depend on which assignments were rendered before."""

from __future__ import annotations

import pytest

from kalypso.rendering.identity import found_objects, glance, may_repeat
from kalypso.rendering.objects import refusals


@pytest.mark.parametrize("kind", ["Namespace", "Service"])
def test_the_length_of_a_label_is_judged_where_it_is_made(kind: str) -> None:
    text = "apiVersion: v1\nkind: {}\nmetadata: {{name: {}}}\n"
    assert refusals(text.format(kind, "a" * 64)) == []
    assert [each.line for each in refusals(text.format(kind, "a_b"))] == [3]


def test_a_name_that_is_given_again_hides_nothing() -> None:
    text = "apiVersion: v1\nkind: A\nmetadata: {name: &x a}\nspec: {b: &x 1, b: *x}\n"
    assert [each.line for each in refusals(text)] == [4]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "apiVersion: v1\nkind: A\nmetadata:\n  labels:\n    name: x\n  name: 'n'\n",
            [("A", "default", "n")],
        ),
        ("kind: A\nmetadata:\n  namespace: m\n  name: n\nspec: {}\n", [("A", "m", "n")]),
        ("kind: A\nmetadata: {name: n}\n", None),
        ("kind: A\nmetadata:\n  namespace: default\n  name: n\n", [("A", "default", "n")]),
        ("kind: Namespace\nmetadata:\n  namespace: m\n  name: n\n", [("Namespace", "", "n")]),
        ("kind: AList\nmetadata:\n  name: n\nitems: []\n", None),
        ('{"kind": "A", "metadata": {"name": "n"}}\n', None),
        ("kind: A\nmetadata:\n  labels: {name: x}\n", None),
        ("", []),
    ],
)
def test_a_glance_sees_what_is_written_line_by_line(text: str, found: object) -> None:
    assert glance(text) == found
    if found:
        assert [each.glance for each in found_objects(text)] == found


def test_kinds_that_stand_once_cannot_repeat_an_object() -> None:
    assert not may_repeat(["kind: A\n", "kind: B\n---\nkind: C\n"])
    assert may_repeat(["kind: A\n", "kind: B\n---\nkind: A\n"])
    assert may_repeat(['{"kind": "A"}\n'])
    assert may_repeat(["kind: List\nitems: []\n", "kind: A\n"])


def told(version: str, kind: str) -> list[str]:
    text = f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a}}\n"
    return [each.sentence for each in refusals(text)]


@pytest.mark.parametrize(
    ("version", "kind", "instead"),
    [
        ("extensions/v1beta1", "Deployment", "use apps/v1"),
        ("extensions/v1beta1", "Ingress", "use networking.k8s.io/v1"),
        ("apps/v1beta2", "StatefulSet", "use apps/v1"),
        ("batch/v1beta1", "CronJob", "use batch/v1"),
        ("policy/v1beta1", "PodDisruptionBudget", "use policy/v1"),
        ("policy/v1beta1", "PodSecurityPolicy", "nothing took its place"),
        ("autoscaling/v2beta2", "HorizontalPodAutoscaler", "use autoscaling/v2"),
        ("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", "use apiextensions.k8s.io/v1"),
        ("rbac.authorization.k8s.io/v1beta1", "Role", "use rbac.authorization.k8s.io/v1"),
    ],
)
def test_a_version_that_kubernetes_no_longer_serves_is_refused(
    version: str, kind: str, instead: str
) -> None:
    sentence = f"Kubernetes no longer serves {version} of the {kind}: {instead}"
    assert told(version, kind) == [sentence]


@pytest.mark.parametrize(
    ("version", "kind"),
    [
        ("apps/v1", "Deployment"),
        ("networking.k8s.io/v1beta1", "ServiceCIDR"),
        ("networking.k8s.io/v1beta1", "IPAddress"),
        ("storage.k8s.io/v1beta1", "VolumeAttributesClass"),
        ("certificates.k8s.io/v1beta1", "ClusterTrustBundle"),
        ("coordination.k8s.io/v1beta1", "LeaseCandidate"),
        ("example.org/v1beta1", "Ingress"),
        ("source.toolkit.fluxcd.io/v1beta1", "GitRepository"),
    ],
)
def test_a_version_that_some_cluster_serves_is_not(version: str, kind: str) -> None:
    assert told(version, kind) == []


def test_a_version_that_is_gone_is_found_in_a_list_too() -> None:
    text = (
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: batch/v1beta1\n  kind: CronJob\n"
        "  metadata: {name: a}\n"
    )
    assert [each.line for each in refusals(text)] == [4]


def written(version: str, kind: str, *metadata: str) -> str:
    return "---\n".join(
        f"apiVersion: {version}\nkind: {kind}\nmetadata: {{{each}}}\n" for each in metadata
    )


@pytest.mark.parametrize(
    "text",
    [
        written("v1", "ConfigMap", "name: a", "name: a, namespace: default"),
        written("example.org/v1", "Thing", "name: a", "name: a, namespace: default"),
        written("v1", "ConfigMap", "name: a, namespace: ", "name: a, namespace: 'default'"),
        written("v1", "Namespace", "name: a, namespace: x", "name: a, namespace: y"),
        written("rbac.authorization.k8s.io/v1", "ClusterRole", "name: a", "name: a, namespace: y"),
        written("storage.k8s.io/v1", "StorageClass", "name: a", "name: a, namespace: y"),
        written("apps/v1", "Deployment", "name: a")
        + "---\n"
        + written("apps/v1beta1", "Deployment", "name: a"),
        (
            "apiVersion: v1\nkind: List\nitems: [{kind: A, metadata: {name: n}}]\n---\n"
            "kind: A\nmetadata: {name: n}\n"
        ),
        "kind: AList\nitems:\n- {kind: A, metadata: {name: n}}\n- {kind: A, metadata: {name: n}}\n",
        (
            "kind: List\nitems:\n- kind: List\n  items: [{kind: A, metadata: {name: n}}]\n"
            "- {kind: A, metadata: {name: n}}\n"
        ),
    ],
)
def test_what_kustomize_takes_for_one_object_has_one_identity(text: str) -> None:
    first, second = found_objects(text)
    assert first.identity == second.identity
    assert first.glance == second.glance


@pytest.mark.parametrize(
    "text",
    [
        written("v1", "ConfigMap", "name: a", "name: a, namespace: other"),
        written("example.org/v1", "Namespace", "name: a, namespace: x", "name: a, namespace: y"),
        written("example.org/v1", "A", "name: a") + "---\n" + written("v1", "A", "name: a"),
    ],
)
def test_what_kustomize_takes_for_two_objects_has_two(text: str) -> None:
    first, second = found_objects(text)
    assert first.identity != second.identity


@pytest.mark.parametrize(
    "text",
    ["&a\nkind: List\nitems: [*a]\n", "kind: List\nitems:\n- &a {kind: List, items: [*a]}\n"],
)
def test_a_list_that_holds_itself_has_an_end(text: str) -> None:
    assert found_objects(text) == []
    assert {each.sentence for each in refusals(text)} == {"an object has no apiVersion"}


OBJECT = "apiVersion: v1\nkind: A\nmetadata:\n  name: a\n"


@pytest.mark.parametrize(
    ("text", "sentence", "line"),
    [
        (OBJECT.replace("v1", "1"), "apiVersion is not text but 1", 1),
        (OBJECT.replace("v1", "a/b/c"), "apiVersion is 'a/b/c', and not a version or a group", 1),
        (OBJECT.replace("v1", "a/"), "apiVersion is 'a/', and not a version or a group and a", 1),
        (OBJECT.replace("v1", "/v1"), "apiVersion is '/v1', and not a version or a group and", 1),
        (OBJECT.replace("v1", "[v1]"), "an object has no apiVersion", 1),
        (OBJECT.replace("A", "5"), "kind is not text but 5", 2),
        (OBJECT.replace("A", "true"), "kind is not text but true", 2),
        (OBJECT + "  labels: {a: 1}\n", "'a' in metadata.labels of the A is not text but 1", 5),
        (OBJECT + "  labels:\n    a: x\n    b: true\n", "'b' in metadata.labels of the A is", 7),
        (OBJECT + "  labels: {a: [x]}\n", "'a' in metadata.labels of the A is not text but a", 5),
        (OBJECT + "  labels: [a]\n", "metadata.labels of the A is not a mapping", 5),
        (OBJECT + "  annotations: {a: 0755}\n", "'a' in metadata.annotations of the A is not", 5),
        (OBJECT + "  annotations: {a: {}}\n", "'a' in metadata.annotations of the A is not", 5),
        (OBJECT + "  annotations: x\n", "metadata.annotations of the A is not a mapping", 5),
        ("apiVersion: v1\nkind: List\nitems: {a: b}\n", "the items of the List are not a list", 3),
        ("apiVersion: v1\nkind: AList\nitems: a\n", "the items of the AList are not a list", 3),
        ("apiVersion: v1\nkind: List\nitems: [a]\n", "it holds text where an object has to", 3),
        ("apiVersion: v1\nkind: List\n", "the List has no metadata.name", 1),
    ],
)
def test_what_an_api_server_cannot_read_as_an_object_is_refused(
    text: str, sentence: str, line: int
) -> None:
    [found] = refusals(text)
    assert found.sentence.startswith(sentence)
    assert found.line == line


@pytest.mark.parametrize(
    "text",
    [
        OBJECT + "  labels: {a: on, b: y, c: '1', d: }\n  annotations:\n",
        OBJECT + "  annotations: {a: 2024-01-01, b: 1.2.3, c: ''}\n",
        OBJECT.replace("v1", "example.org/v1") + "  labels: {}\n",
        "apiVersion: v1\nkind: List\nitems: []\n",
    ],
)
def test_what_an_api_server_reads_is_not(text: str) -> None:
    assert refusals(text) == []
