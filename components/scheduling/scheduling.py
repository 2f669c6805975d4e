"""Who runs where in one environment, as a tree that `pulumi preview` prints as people think.

Owns the proposal to the environment's branch of the GitOps repository, or the files there one
by one, and nothing else: cluster types and assignments are components, which only show.
"""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi

from ..resource_arguments import GitOpsBranchArgs, PreviewFilesArgs
from ..resources import GitOpsBranch, PreviewFiles
from .repository_files import RepositoryFilesArgs, declare_files

SHOWN = 120
"""Cluster types and assignments that are shown as components. Each costs the engine 10 ms and its
state 2 KB: above this many, only cluster types are shown; more of these are left out as well."""


class AssignmentArgs(TypedDict):
    """A workload's deployment target on a cluster type."""

    folder: str
    """Its folder in the GitOps repository: `<cluster type>/<deployment target>`."""

    policies: Sequence[str]
    """Scheduling policies that made it."""

    workspace: str
    """Workspace of the workload."""


class ClusterTypeArgs(TypedDict):
    """A cluster type, and what runs on it."""

    name: str
    """Name of the cluster type, which is its folder in the GitOps repository."""

    labels: Mapping[str, str]
    """Labels that policies select it by."""

    number: int
    """How many assignments it has."""

    assignments: Sequence[AssignmentArgs]
    """Those that are shown, each as a component: all, or none if there are very many."""


class PreviewArgs(TypedDict):
    """What a preview shows of changed files; given in dry runs only."""

    before: str
    """Names the old texts for the provider, which reads them."""

    after: Mapping[str, str]
    """New text by path."""

    more: str
    """What else changes; empty for nothing."""


class SchedulingArgs(TypedDict):
    """What `Scheduling` needs."""

    cluster_types: Sequence[ClusterTypeArgs]
    """Who runs where in the environment."""

    branch: NotRequired[GitOpsBranchArgs]
    """Where the manifests go, and which, if a pull request brings them."""

    preview: NotRequired[PreviewArgs]
    """What a preview shows of the manifests, if a pull request brings them."""

    files: NotRequired[RepositoryFilesArgs]
    """The same, if they are written one by one, with the provider of this component."""

    after: NotRequired[Sequence[pulumi.Resource]]
    """What must be there before anything is proposed."""


class Scheduling(pulumi.ComponentResource):
    """One environment: its cluster types, their assignments, and the branch that holds them."""

    pull_request: pulumi.Output[int | None] | None
    """Number of the pull request that the last delivery left open, if any; None if there never is
    one."""

    def __init__(
        self, name: str, args: SchedulingArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:Scheduling", name, {}, opts)
        folders = self._show(args["cluster_types"])
        after = list(args.get("after", ()))
        self.pull_request = None
        if "files" in args:
            declare_files(args["files"], folders, self, after)
        if "branch" in args:
            branch = GitOpsBranch(
                name,
                args["branch"],
                pulumi.ResourceOptions(parent=self, depends_on=after),
            )
            self.pull_request = branch.pull_request
            if "preview" in args:
                _preview(name, args["preview"], branch)
        self.register_outputs({"pullRequest": self.pull_request})

    def _show(self, cluster_types: Sequence[ClusterTypeArgs]) -> dict[str, pulumi.Resource]:
        """Declare cluster types and assignments, unless they are many; return each by folder."""
        number = sum(each["number"] for each in cluster_types)
        whole = len(cluster_types) + number <= SHOWN
        folders: dict[str, pulumi.Resource] = {}
        for cluster_type in cluster_types if len(cluster_types) <= SHOWN else ():
            shown = pulumi.ComponentResource(
                "kalypso:index:ClusterType",
                cluster_type["name"],
                {
                    "assignments": cluster_type["number"],
                    "labels": dict(cluster_type["labels"]),
                },
                pulumi.ResourceOptions(parent=self),
            )
            folders[cluster_type["name"]] = shown
            for assignment in cluster_type["assignments"] if whole else ():
                folders[assignment["folder"]] = _shown(assignment, shown)
        return folders


def _preview(name: str, shown: PreviewArgs, branch: pulumi.Resource) -> None:
    args: PreviewFilesArgs = {"files": {**shown["after"]}}
    if shown["more"]:
        args["more"] = shown["more"]
    opts = pulumi.ResourceOptions(parent=branch, import_=shown["before"])
    PreviewFiles(name, args, opts)


def _shown(assignment: AssignmentArgs, parent: pulumi.Resource) -> pulumi.Resource:
    return pulumi.ComponentResource(
        "kalypso:index:Assignment",
        assignment["folder"],
        {"policies": list(assignment["policies"]), "workspace": assignment["workspace"]},
        pulumi.ResourceOptions(parent=parent),
    )
