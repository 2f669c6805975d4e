"""Who runs where in one environment, as a tree that `pulumi preview` prints as people think.

Owns the proposal to the environment's branch of the GitOps repository, nothing else:
cluster types and assignments are shown as components, and are not resources of their own.
"""

from collections.abc import Sequence
from typing import TypedDict

import pulumi

from kalypso.model.platform import Assignment, Evaluation

from .resources import GitOpsBranch, GitOpsBranchArgs

SHOWN_ASSIGNMENTS = 200
"""Above this many the tree ends at cluster types: the engine rewrites its state at each step."""


class SchedulingArgs(TypedDict):
    """What `Scheduling` needs."""

    evaluation: Evaluation
    """The evaluated model of the environment."""

    branch: GitOpsBranchArgs
    """Where the manifests go, and which."""

    after: Sequence[pulumi.Resource]
    """What must be there before anything is proposed."""


class Scheduling(pulumi.ComponentResource):
    """One environment: its cluster types, their assignments, and the branch that holds them."""

    pull_request: pulumi.Output[int | None]
    """Number of the pull request that is open, if any."""

    def __init__(
        self, name: str, args: SchedulingArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:Scheduling", name, {}, opts)
        evaluation = args["evaluation"]
        detailed = len(evaluation.assignments) <= SHOWN_ASSIGNMENTS
        for cluster_type in evaluation.cluster_types:
            here = [a for a in evaluation.assignments if a.cluster_type.name == cluster_type.name]
            shown = pulumi.ComponentResource(
                "kalypso:index:ClusterType",
                cluster_type.name,
                {"assignments": len(here), "labels": dict(cluster_type.labels)},
                pulumi.ResourceOptions(parent=self),
            )
            for assignment in here if detailed else ():
                _show(assignment, shown)
        branch = GitOpsBranch(
            name,
            args["branch"],
            pulumi.ResourceOptions(parent=self, depends_on=list(args["after"])),
        )
        self.pull_request = branch.pull_request
        self.register_outputs({"pullRequest": self.pull_request})


def _show(assignment: Assignment, parent: pulumi.Resource) -> None:
    policies = [policy.name for policy in assignment.policies]
    pulumi.ComponentResource(
        "kalypso:index:Assignment",
        assignment.folder,
        {"policies": policies, "workspace": assignment.target.workspace},
        pulumi.ResourceOptions(parent=parent),
    )
