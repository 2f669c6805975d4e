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
