"""Where files are: in the order of their paths, with a README for each cluster type."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kalypso.gitops import layout
from kalypso.model import (
    TRACKING,
    Assignment,
    ClusterType,
    DeploymentTarget,
    Manifest,
    RenderedAssignment,
    TargetName,
)
from kalypso.model.origin import Origin

ORIGIN = Origin("a.yaml", "", 0, 1)


def rendered(folder: str, *manifests: Manifest) -> RenderedAssignment:
    cluster, name = folder.split("/")
    target = DeploymentTarget(
        name=TargetName(name),
        short_name=name,
        environment="dev",
        workload=name,
        workspace="team",
        labels={},
        manifests={},
        config_schemas=(),
        origin=ORIGIN,
        index=0,
    )
    cluster_type = ClusterType(
        name=cluster,
        labels={},
        origin=ORIGIN,
        reconciler="flux",
        namespace_service="default",
        config_type="",
    )
    return RenderedAssignment(Assignment(cluster_type, target, ()), f"dev-{name}", manifests)


@pytest.mark.parametrize("folders", [["b/1", "b/z"], ["b/z"], ["b-1/z", "b/0"], []])
@pytest.mark.parametrize("readmes", [["b", "b-1"], ["a", "b", "b-1", "b.c", "c"]])
@pytest.mark.parametrize("commit", ["", "c0ffee"])
def test_files_are_sorted_wherever_the_few_among_them_are(
    folders: list[str], readmes: list[str], commit: str
) -> None:
    manifest = Manifest("reconciler", "yaml", "text")
    files = layout(
        dict.fromkeys(readmes, "read me"),
        (rendered(folder, manifest) for folder in folders),
        "operator",
        commit,
    )
    few = [*(f"{name}/README.md" for name in readmes), *([TRACKING] if commit else [])]
    paths = [*(f"{folder}/reconciler.yaml" for folder in folders), *few]
    assert list(files) == sorted(paths)
    assert all(files[path] != "text" for path in few)
    assert files.get(TRACKING, "") == commit


def test_files_of_an_assignment_are_sorted_by_their_names() -> None:
    manifests = (
        Manifest("reconciler", "yaml", "one"),
        Manifest("namespace", "yaml", "two"),
        Manifest("config", "sh", "three"),
    )
    files = layout({}, [rendered("a/b", *manifests)], "operator", "")
    assert list(files.items()) == [
        ("a/b/namespace.yaml", "two"),
        ("a/b/platform-config.sh", "three"),
        ("a/b/reconciler.yaml", "one"),
    ]


def test_what_goes_wrong_while_assignments_are_rendered_is_not_hidden() -> None:
    def failing() -> Iterator[RenderedAssignment]:
        yield rendered("a/b", Manifest("namespace", "yaml", "text"))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        layout({"a": "read me"}, failing(), "operator", "")
