"""The files of a platform's repositories when it begins: control plane and GitOps branches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from kalypso.beginning.choices import Choices, ClusterKind
from kalypso.beginning.workflows import with_environments
from kalypso.errors import Position, SourceError
from kalypso.model import API_VERSION

_SAMPLE_ENVIRONMENTS = ("dev", "stage")
_SHARED = ("templates", ".schemas", ".github", ".sourceignore")
"""What of the sample's branches every platform can use."""
_OF_THE_STORY = "      someLabel: some-value\n"
_HEADER = "# yaml-language-server: $schema={schema}\n"
_API = f"apiVersion: {API_VERSION}\n"


def main_files(project: Path, choices: Choices, control_plane: str) -> dict[str, bytes]:
    """Return what the environments share: templates, the list of environments, workflows.

    Args:
        project: The clone of Kalypso that this runs from: it has the sample and the templates.
        choices: What the user chose.
        control_plane: Address of the repository.
    """
    files = dict(_shared(project / "sample" / "control-plane" / "main", choices))
    files |= _templates(project / "examples" / "tenancy" / "templates")
    for name in choices.environments:
        files[f".environments/{name}.yaml"] = environment_object(name, control_plane)
    files["workloads/README.md"] = (
        b"# Workloads\n\nOne `WorkloadRegistration` a file: where a team keeps its `Workload`.\n"
    )
    return files


def environment_files(
    sample: Path, choices: Choices, name: str, urls: Mapping[str, str]
) -> dict[str, bytes]:
    """Return the branch of an environment: its pointers, cluster types and values.

    Args:
        sample: Folder of the sample.
        choices: What the user chose.
        name: Of the environment.
        urls: Addresses of the repositories ``control-plane`` and ``gitops``, and the ``commit`` of
            main that the environment takes.
    """
    files = dict(_shared(sample / "control-plane" / "dev", choices))
    files["base-repo.yaml"] = (
        _HEADER.format(schema=".schemas/kalypso.json")
        + _API
        + f"kind: BaseRepo\nmetadata:\n  name: main\nspec:\n  repo: {urls['control-plane']}\n"
        "  branch: main\n  path: .\n"
        "  # A change of main reaches this environment when this line moves to it.\n"
        f'  commit: "{urls["commit"]}"\n'
    ).encode()
    files["gitops-repo.yaml"] = gitops_object(name, urls["gitops"])
    files[f"configs/{name}-config.yaml"] = (
        _HEADER.format(schema="../.schemas/kalypso.json")
        + f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}-config\n  labels:\n"
        '    platform-config: "true"\n'
        f"data:\n  # Values are text: put numbers and booleans in quotes.\n  ENVIRONMENT: {name}\n"
    ).encode()
    for cluster in choices.clusters:
        files[f"cluster-types/{cluster.name}.yaml"] = _cluster_type(cluster)
    return files


def gitops_files(name: str) -> dict[str, bytes]:
    """Return the branch that the clusters of an environment read, before anything is delivered."""
    text = (
        f"# Manifests of {name}\n\nClusters of the environment `{name}` read the folder of their"
        " cluster type on this branch. Kalypso writes these\nfolders by pull request; what is"
        " changed in them by hand is undone by the next one.\n"
    )
    return {"README.md": text.encode()}


def environment_object(name: str, control_plane: str) -> bytes:
    """Return the Environment of a branch of the control plane."""
    return (
        _HEADER.format(schema="../.schemas/kalypso.json")
        + _API
        + f"kind: Environment\nmetadata:\n  name: {name}\nspec:\n  controlPlane:\n"
        f"    repo: {control_plane}\n    branch: {name}\n    path: .\n"
    ).encode()


def gitops_object(name: str, gitops: str) -> bytes:
    """Return the GitOpsRepo of an environment."""
    return (
        _HEADER.format(schema=".schemas/kalypso.json")
        + "# Where the manifests of this environment are delivered, by pull request.\n"
        + _API
        + f"kind: GitOpsRepo\nmetadata:\n  name: {name}\nspec:\n  repo: {gitops}\n"
        f"  branch: {name}\n  path: .\n"
    ).encode()


def _cluster_type(cluster: ClusterKind) -> bytes:
    return (
        _HEADER.format(schema="../.schemas/kalypso.json")
        + _API
        + f"kind: ClusterType\nmetadata:\n  name: {cluster.name}\n  labels:\n"
        f"    # Scheduling policies and config maps select by labels such as this one.\n"
        f"    type: {cluster.name}\nspec:\n  reconciler: {cluster.template}\n"
        "  namespaceService: default\n"
    ).encode()


def _templates(folder: Path) -> dict[str, bytes]:
    """Return templates that keep teams apart, in place of the sample's of the same names."""
    header = _HEADER.format(schema="../.schemas/kalypso.json").encode()
    found = {f"templates/{path.name}": header + path.read_bytes() for path in folder.glob("*.yaml")}
    if not found:
        raise _nothing_of_the_clone("templates", folder)
    return found


def _nothing_of_the_clone(what: str, folder: Path) -> SourceError:
    return SourceError(
        f"there are no {what} to begin with",
        Position(str(folder)),
        "run this with a whole clone of the project",
        code="no-sample",
    )


def _shared(branch: Path, choices: Choices) -> Iterator[tuple[str, bytes]]:
    if not branch.is_dir():
        raise SourceError(
            f"the sample has no folder {branch.name}",
            Position(str(branch)),
            "run this with a whole clone of the project",
            code="no-sample",
        )
    for path in sorted(branch.rglob("*")):
        inside = path.relative_to(branch)
        if path.is_file() and inside.parts[0] in _SHARED:
            text = path.read_text(encoding="utf-8").replace(_OF_THE_STORY, "")
            if inside.parts[0] == ".github":
                text = with_environments(text, _SAMPLE_ENVIRONMENTS, choices.environments)
            yield inside.as_posix(), text.encode()
