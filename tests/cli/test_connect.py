"""`kalypso connect` prints what a cluster needs to read its folder, for its reconciler."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kalypso.beginning import Choices, begin, parse_cluster
from tests.cli.command import Result, run

ROOT = Path(__file__).parents[2]
CLUSTERS = (parse_cluster("edge:argocd"), parse_cluster("core:flux"))


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("connect") / "acme"
    choices = Choices(environments=("dev", "live"), prefix="acme", clusters=CLUSTERS)
    begin(folder, choices, ROOT, 1_800_000_000)
    return folder


def connect(platform: Path, *arguments: str) -> Result:
    return run(["connect", *arguments], platform)


def test_flux_gets_a_source_and_what_applies_the_folder(platform: Path) -> None:
    result = connect(platform, "core", "-e", "live", "-o", "yaml")
    assert (result.code, result.err) == (0, "")
    source, applied = yaml.safe_load_all(result.out)
    assert source["kind"] == "GitRepository"
    assert source["spec"]["url"] == "http://127.0.0.1:3180/acme-gitops"
    assert source["spec"]["ref"] == {"branch": "live"}
    assert applied["kind"] == "Kustomization"
    assert applied["spec"]["path"] == "./core"
    assert applied["spec"]["sourceRef"]["name"] == source["metadata"]["name"] == "platform-live"


def test_argo_cd_gets_an_application(platform: Path) -> None:
    result = connect(platform, "edge", "-e", "dev")
    application = yaml.safe_load(result.out)
    assert application["kind"] == "Application"
    assert application["metadata"] == {"name": "platform-dev", "namespace": "argocd"}
    assert application["spec"]["source"] == {
        "repoURL": "http://127.0.0.1:3180/acme-gitops",
        "targetRevision": "dev",
        "path": "edge",
        "directory": {"recurse": True},
    }


def test_a_cluster_type_that_there_is_not_has_the_nearest_one_named(platform: Path) -> None:
    result = connect(platform, "cor", "-e", "dev")
    assert result.code == 2
    assert "there is no cluster type 'cor' in dev [option]" in result.err
    assert "did you mean 'core'?" in result.err


def test_without_an_environment_it_is_asked_which(platform: Path) -> None:
    result = connect(platform, "core")
    assert result.code == 2
    assert "it is not clear which environment is meant" in result.err
