"""Kubernetes' schemas, read from the files of an installed package."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kalypso.conformance.kubernetes import KubernetesSchemas, installed
from kalypso.conformance.object_kind import ObjectKind
from kalypso.conformance.violations import ObjectSchema
from kalypso.errors import SettingsError
from tests.conformance.played import kubernetes_schemas

OLD = ObjectKind("networking.k8s.io/v1beta1", "IPAddress")
"""A kind in a version that Kubernetes 1.37 no longer has."""


def of(version: str = "") -> KubernetesSchemas:
    with kubernetes_schemas():
        return installed(version)


def test_the_newest_version_is_taken_unless_one_is_named() -> None:
    assert of().version == "1.37"


@pytest.mark.parametrize("name", ["1.36", "v1.36", "1.36.4", "v1.36.3-gke.100"])
def test_a_version_is_named_as_clusters_name_it(name: str) -> None:
    assert of(name).version == "1.36"


def test_a_kind_belongs_to_the_versions_that_serve_it() -> None:
    assert of("1.36").schema(OLD) is not None
    assert of("1.37").schema(OLD) is None


def test_a_schema_has_every_definition_that_it_needs() -> None:
    schema = of().schema(ObjectKind("v1", "Service"))
    body = {"apiVersion": "v1", "kind": "Service", "spec": {"ports": [{"port": "80"}]}}
    found = ObjectSchema.compiled(schema or {}).violations(body, "it")
    assert [each.sentence for each in found] == ["spec.ports[0].port of it is not an integer"]


def test_a_field_that_takes_numbers_and_texts_takes_both() -> None:
    schema = ObjectSchema.compiled(of().schema(ObjectKind("v1", "Service")) or {})
    for port in (80, "http"):
        body = {"kind": "Service", "spec": {"ports": [{"port": 80, "targetPort": port}]}}
        assert list(schema.violations(body, "it")) == []


@pytest.mark.parametrize("name", ["1.3", "1.99", "latest", "..", "1"])
def test_a_version_that_is_not_installed_names_those_that_are(name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        of(name)
    assert str(caught.value) == (
        f"--kubernetes-version:1:1: error: there are no schemas of Kubernetes {name!r} [option]\n"
        "  hint: there are those of 1.36, 1.37"
    )


def test_a_missing_package_is_one_error_that_names_the_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(SettingsError) as caught:
        installed("")
    assert str(caught.value) == (
        "--schemas:1:1: error: --schemas needs Kubernetes' schemas, which are not installed"
        " [no-library]\n  hint: pip install 'kalypso-on-pulumi[schemas]'"
    )


def test_a_package_without_schemas_is_a_missing_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kubernetes_validate" / "kubernetes-json-schema" / "v1.37.0").mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(SettingsError, match="not installed"):
        installed("")


@pytest.mark.parametrize(
    "kind",
    [
        ObjectKind("v1", "../v1.36.0-local-strict/namespace"),
        ObjectKind("../v1", "Namespace"),
        ObjectKind("v1/../..", "Namespace"),
        ObjectKind("*/v1", "Namespace"),
        ObjectKind("v1", "Name*"),
    ],
)
def test_no_name_in_a_manifest_leads_to_another_file(kind: ObjectKind) -> None:
    assert of().schema(kind) is None
    assert of().near(ObjectKind(kind.api_version, "Namespac")) in ("", "Namespace")


def test_a_group_that_begins_like_one_of_kubernetes_is_another_one() -> None:
    assert of("1.36").schema(ObjectKind("networking.example.com/v1beta1", "IPAddress")) is None
    assert not of("1.36").serves("networking.example.com")


@pytest.mark.parametrize("group", ["", "apps", "rbac.authorization.k8s.io"])
def test_groups_of_kubernetes_are_known(group: str) -> None:
    assert of().serves(group)


def test_the_nearest_kind_is_of_the_same_group_and_version() -> None:
    assert of().near(ObjectKind("v1", "Namspace")) == "Namespace"
    assert of().near(ObjectKind("rbac.authorization.k8s.io/v1", "Rol")) == "Role"
    assert of().near(ObjectKind("apps/v1", "Namspace")) == ""


def test_a_part_of_an_object_is_no_kind(tmp_path: Path) -> None:
    (tmp_path / "podspec-v1.json").write_text('{"type": "object"}')
    assert KubernetesSchemas(tmp_path, "1.37").schema(ObjectKind("v1", "PodSpec")) is None
