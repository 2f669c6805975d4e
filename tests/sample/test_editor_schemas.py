"""Editors check the sample's model files: each names the schema that lies in its own branch."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kalypso.loading.editor_schemas import any_schema
from tests.sample.tree import SAMPLE, objects_of

BRANCHES = (
    "control-plane/main",
    "control-plane/dev",
    "control-plane/stage",
    "app-src/main",
    "svc-src/main",
)
SCHEMA = ".schemas/kalypso.json"
BEGINNING = "# yaml-language-server: $schema="


def model_files(branch: str) -> list[Path]:
    folder = SAMPLE / branch
    others = {"chart", "manifests", ".github"}
    found = (path for path in folder.rglob("*.yaml") if not others & set(path.parts))
    return sorted(path for path in found if objects_of(path))


@pytest.mark.parametrize("branch", BRANCHES)
def test_branch_holds_the_schema_that_the_command_prints(branch: str) -> None:
    text = (SAMPLE / branch / SCHEMA).read_text(encoding="utf-8")
    assert json.loads(text) == any_schema(), "write it with: kalypso schema"


@pytest.mark.parametrize("branch", BRANCHES)
def test_first_line_of_every_file_leads_to_the_schema_of_its_branch(branch: str) -> None:
    files = model_files(branch)
    assert files
    for path in files:
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith(BEGINNING), path
        assert (path.parent / first.removeprefix(BEGINNING)).resolve() == SAMPLE / branch / SCHEMA


@pytest.mark.parametrize("branch", [*BRANCHES, "app-gitops/dev", "gitops/dev"])
def test_no_schema_is_read_as_an_object(branch: str) -> None:
    """Only YAML counts for scheduling; a schema in YAML would be an error in a control plane."""
    found = [path for path in (SAMPLE / branch).rglob(".schemas/*") if path.suffix != ".json"]
    assert found == []


@pytest.mark.parametrize("branch", ["app-gitops/dev", "app-gitops/stage", "svc-gitops/dev"])
def test_manifests_of_applications_name_no_schema_of_ours(branch: str) -> None:
    files = [p for p in sorted((SAMPLE / branch).rglob("*.yaml")) if ".github" not in p.parts]
    assert files
    assert not [path for path in files if "yaml-language-server" in path.read_text("utf-8")]
