"""Who runs where in one environment, as a tree that `pulumi preview` prints as people think.

Owns the proposal to the environment's branch of the GitOps repository, or the files there one
by one, and nothing else: cluster types and assignments are components, which only show.
"""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi

from kalypso.model.platform import Assignment, Evaluation

from ..resources import GitOpsBranch, GitOpsBranchArgs
from .repository_files import RepositoryFilesArgs, declare_files

SHOWN_ASSIGNMENTS = 200
"""Above this many the tree ends at cluster types: the engine rewrites its state at each step."""


class SchedulingArgs(TypedDict):
    """What `Scheduling` needs."""

    evaluation: Evaluation
    """The evaluated model of the environment."""

    branch: NotRequired[GitOpsBranchArgs]
    """Where the manifests go, and which, if a pull request brings them."""

    files: NotRequired[RepositoryFilesArgs]
    """The same, if they are written one by one."""

    after: Sequence[pulumi.Resource]
    """What must be there before anything is proposed."""


class Scheduling(pulumi.ComponentResource):
    """One environment: its cluster types, their assignments, and the branch that holds them."""

    pull_request: pulumi.Output[int | None] | None
    """Number of the pull request that is open, if any; None if there never is one."""

    def __init__(
        self, name: str, args: SchedulingArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:Scheduling", name, {}, opts)
        folders = self._show(args["evaluation"])
        self.pull_request = None
        if "files" in args:
            declare_files(args["files"], folders, self, list(args["after"]))
        if "branch" in args:
            branch = GitOpsBranch(
                name,
                args["branch"],
                pulumi.ResourceOptions(parent=self, depends_on=list(args["after"])),
            )
            self.pull_request = branch.pull_request
        self.register_outputs({"pullRequest": self.pull_request})

    def _show(self, evaluation: Evaluation) -> dict[str, pulumi.Resource]:
        """Declare cluster types and assignments; return each by its folder."""
        detailed = len(evaluation.assignments) <= SHOWN_ASSIGNMENTS
        folders: dict[str, pulumi.Resource] = {}
        for cluster_type in evaluation.cluster_types:
            here = [a for a in evaluation.assignments if a.cluster_type.name == cluster_type.name]
            shown = pulumi.ComponentResource(
                "kalypso:index:ClusterType",
                cluster_type.name,
                {"assignments": len(here), "labels": dict(cluster_type.labels)},
                pulumi.ResourceOptions(parent=self),
            )
            folders[cluster_type.name] = shown
            for assignment in here if detailed else ():
                folders[assignment.folder] = _shown(assignment, shown)
        return folders


def _shown(assignment: Assignment, parent: pulumi.Resource) -> pulumi.Resource:
    policies = [policy.name for policy in assignment.policies]
    return pulumi.ComponentResource(
        "kalypso:index:Assignment",
        assignment.folder,
        {"policies": policies, "workspace": assignment.target.workspace},
        pulumi.ResourceOptions(parent=parent),
    )
