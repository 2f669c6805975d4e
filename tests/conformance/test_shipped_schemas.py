"""The schemas of Flux's and Argo CD's kinds that are part of Kalypso."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from kalypso.conformance.object_kind import JsonSchema, ObjectKind
from kalypso.conformance.shipped_schemas import SHIPPED, pack, shipped_schemas, unpack
from kalypso.conformance.violations import ObjectSchema
from tools.cluster_manifests import ARGO_CD, KUSTOMIZE, SOURCE

ROOT = Path(__file__).parents[2]
KUSTOMIZATION = ObjectKind("kustomize.toolkit.fluxcd.io/v1", "Kustomization")
SOURCES = "OCIRepository, GitRepository, Bucket, ExternalArtifact"
APPLICATION = ObjectKind("argoproj.io/v1alpha1", "Application")


def test_every_kind_that_a_git_repository_is_applied_with_has_a_schema() -> None:
    assert sorted(map(str, shipped_schemas())) == [
        "AppProject (argoproj.io/v1alpha1)",
        "Application (argoproj.io/v1alpha1)",
        "ApplicationSet (argoproj.io/v1alpha1)",
        "Bucket (source.toolkit.fluxcd.io/v1)",
        "ExternalArtifact (source.toolkit.fluxcd.io/v1)",
        "GitRepository (source.toolkit.fluxcd.io/v1)",
        "HelmChart (source.toolkit.fluxcd.io/v1)",
        "HelmRepository (source.toolkit.fluxcd.io/v1)",
        "Kustomization (kustomize.toolkit.fluxcd.io/v1)",
        "OCIRepository (source.toolkit.fluxcd.io/v1)",
    ]


@pytest.mark.parametrize("kind", shipped_schemas(), ids=str)
def test_every_schema_compiles_and_refuses_an_unknown_field(kind: ObjectKind) -> None:
    schema = ObjectSchema.compiled(shipped_schemas()[kind])
    found = [each.sentence for each in schema.violations({"spec": {}, "speck": 1}, "it")]
    assert "it has an unknown field speck" in found


@pytest.mark.parametrize(
    ("kind", "body", "sentence"),
    [
        (KUSTOMIZATION, "{spec: {interval: 5, prune: true, sourceRef: {kind: Bucket, name: a}}}",
         "spec.interval of it is not text"),
        (KUSTOMIZATION, "{spec: {interval: 5 m, prune: true, sourceRef: {kind: Bucket, name: a}}}",
         'spec.interval of it does not match "^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$"'),
        (KUSTOMIZATION, "{spec: {interval: 5m, prune: true, sourceRef: {kind: Git, name: a}}}",
         f"spec.sourceRef.kind of it is not one of {SOURCES}"),
        (KUSTOMIZATION, "{spec: {interval: 5m, prune: true}}", "it lacks spec.sourceRef"),
        (APPLICATION, "{metadata: {}, spec: {destination: {}, project: 1}}",
         "spec.project of it is not text"),
    ],
)  # fmt: skip
def test_rules_of_the_definitions_hold(kind: ObjectKind, body: str, sentence: str) -> None:
    schema = ObjectSchema.compiled(shipped_schemas()[kind])
    found = [each.sentence for each in schema.violations(yaml.safe_load(body), "it")]
    assert found == [sentence]


def test_what_the_sample_applies_is_in_order() -> None:
    schema = ObjectSchema.compiled(shipped_schemas()[APPLICATION])
    source = {"repoURL": "https://a", "path": "b", "directory": {"recurse": True}}
    automated = {"prune": True, "selfHeal": True, "allowEmpty": False}
    spec = {
        "project": "default",
        "source": source,
        "destination": {"server": "https://c", "namespace": "d"},
        "syncPolicy": {"automated": automated, "syncOptions": ["CreateNamespace=true"]},
    }
    body = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "a"}}
    assert list(schema.violations({**body, "spec": spec}, "it")) == []


def test_equal_schemas_are_packed_to_equal_bytes() -> None:
    some: dict[ObjectKind, JsonSchema] = {
        APPLICATION: {"type": "object"},
        KUSTOMIZATION: {"a": 1, "b": 2},
    }
    other: dict[ObjectKind, JsonSchema] = {
        KUSTOMIZATION: {"b": 2, "a": 1},
        APPLICATION: {"type": "object"},
    }
    assert pack(some) == pack(other)
    assert pack(some)[4:8] == bytes(4)  # where gzip has the time
    assert unpack(pack(some)) == some


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.gz")), ids=lambda path: path.name)
def test_a_file_is_what_packing_it_again_gives(path: Path) -> None:
    content = path.read_bytes()
    assert len(content) < 20_000
    assert unpack(pack(unpack(content))) == unpack(content)


def test_licence_and_origin_are_beside_the_schemas() -> None:
    assert (
        "Apache License\n                           Version 2.0"
        in (SHIPPED / "LICENSE").read_text()
    )
    notice = (SHIPPED / "NOTICE").read_text()
    for module in (ARGO_CD, KUSTOMIZE, SOURCE):
        assert module.replace("@", " ") in notice
    assert "changed" in notice


@pytest.mark.parametrize("module", [ARGO_CD, KUSTOMIZE, SOURCE])
def test_the_page_names_the_versions_that_are_shipped(module: str) -> None:
    page = (ROOT / "docs/how-to/check-against-schemas.md").read_text(encoding="utf-8")
    name, version = module.rpartition("/")[2], module.rpartition("@v")[2]
    shown = "Argo CD" if module == ARGO_CD else name.partition("@")[0]
    assert re.search(rf"{shown}.* {version.rpartition('.')[0]}, which are part of Kalypso", page)
