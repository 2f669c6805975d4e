"""Environments of repositories on GitHub, with the variables of the jobs in them.

Owns the environments and the variables that it is given. Leaves alone all others, secrets, and the
rules of an environment, such as who approves.
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi


class RepositoryEnvironmentsArgs(TypedDict):
    """What `RepositoryEnvironments` needs. The provider is that of the repositories' owner."""

    repositories: Sequence[str]
    """Names of the repositories, without their owner."""

    variables: Mapping[str, Mapping[str, pulumi.Input[str]]]
    """Variables of each environment, by the environment's name and their own."""


class RepositoryEnvironments(pulumi.ComponentResource):
    """The same environments in several repositories."""

    def __init__(
        self,
        name: str,
        args: RepositoryEnvironmentsArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("kalypso:index:RepositoryEnvironments", name, {}, opts)
        import pulumi_github

        for repository in args["repositories"]:
            for environment, variables in args["variables"].items():
                there = pulumi_github.RepositoryEnvironment(
                    f"{repository}-{environment}",
                    repository=repository,
                    environment=environment,
                    opts=pulumi.ResourceOptions(parent=self),
                )
                for variable, value in variables.items():
                    pulumi_github.ActionsEnvironmentVariable(
                        f"{repository}-{environment}-{variable}",
                        repository=repository,
                        environment=environment,
                        variable_name=variable,
                        value=value,
                        opts=pulumi.ResourceOptions(
                            parent=there, depends_on=[there], deleted_with=there
                        ),
                    )
        self.register_outputs({})
