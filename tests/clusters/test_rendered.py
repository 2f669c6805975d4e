"""Another program uses a reconciler alone; the real provider renders it, without a cluster."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.clusters.cluster_bench import MANIFESTS, use_provider
from tests.engine.bench import Bench

PROGRAM = """
import json
import sys
from pathlib import Path

import pulumi
import pulumi_kubernetes as kubernetes

from components.reconcilers.argocd import ArgoCdBootstrap
from components.reconcilers.flux import FluxBootstrap

for name, component in (("flux", FluxBootstrap), ("argocd", ArgoCdBootstrap)):
    folder = f"rendered/{name}"
    there = kubernetes.Provider(name, render_yaml_to_directory=folder, namespace="argocd")
    args = json.loads(Path(f"{name}.json").read_text())
    component(name, args, pulumi.ResourceOptions(providers=[there]))
"""
URL = "https://git.example.com/acme/gitops"


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Every object that the provider rendered, by reconciler and then by kind and name."""
    bench = Bench(tmp_path_factory.mktemp("rendered"))
    use_provider(bench)
    (bench.project / "__main__.py").unlink()
    (bench.project / "__main__.py").write_text(PROGRAM)
    for name, path in (("flux", "drone"), ("argocd", "large")):
        args = {
            "url": URL,
            "path": path,
            "branches": {"dev": "dev"},
            "install": str(MANIFESTS / f"{name}.yaml"),
            "reader": {"username": "git", "token": "t0ken"},
        }
        (bench.project / f"{name}.json").write_text(json.dumps(args))
    bench.init("dev")
    bench.up("dev")
    assert bench.changes("dev").keys() == {"same"}
    return {name: _objects(bench.project / "rendered" / name) for name in ("flux", "argocd")}


def _objects(folder: Path) -> dict[str, Any]:
    documents = [yaml.safe_load(path.read_text()) for path in sorted(folder.rglob("*.yaml"))]
    return {f"{each['kind']} {each['metadata']['name']}": each for each in documents}


def test_flux_is_installed_and_reads_the_folder(rendered: dict[str, dict[str, Any]]) -> None:
    found = rendered["flux"]
    assert {
        "Namespace flux-system",
        "ClusterRoleBinding cluster-reconciler",
        "CustomResourceDefinition gitrepositories.source.toolkit.fluxcd.io",
        "CustomResourceDefinition kustomizations.kustomize.toolkit.fluxcd.io",
    } <= found.keys()
    assert found["GitRepository platform-dev"]["spec"] == {
        "interval": "10s",
        "ref": {"branch": "dev"},
        "secretRef": {"name": "repo-secret"},
        "url": URL,
    }
    assert found["Kustomization platform-dev"]["spec"] == {
        "deletionPolicy": "Orphan",
        "interval": "10s",
        "path": "./drone",
        "prune": True,
        "retryInterval": "10s",
        "sourceRef": {"kind": "GitRepository", "name": "platform-dev"},
        "timeout": "3m",
        "wait": True,
    }
    assert found["Secret repo-secret"]["metadata"]["namespace"] == "flux-system"


def test_argo_cd_is_installed_and_reads_the_folder(rendered: dict[str, dict[str, Any]]) -> None:
    found = rendered["argocd"]
    assert {
        "Namespace argocd",
        "CustomResourceDefinition applications.argoproj.io",
        "CustomResourceDefinition appprojects.argoproj.io",
    } <= found.keys()
    application = found["Application platform-dev"]
    assert application["metadata"]["namespace"] == "argocd"
    assert (application["spec"]["source"]["path"], application["spec"]["project"]) == (
        "large",
        "kalypso",
    )
    assert found["AppProject kalypso"]["spec"]["sourceRepos"] == [URL]
