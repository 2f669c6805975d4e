"""Environments of repositories on GitHub, with the variables and the secrets of the jobs in them.

Owns the environments, and the variables and secrets that it is given. Leaves alone all others, and
the rules of an environment, such as who approves. GitHub shows a secret to nobody: the provider
encrypts it with a key of the environment, and a change by hand is not seen.
"""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi


class RepositoryEnvironmentsArgs(TypedDict):
    """What `RepositoryEnvironments` needs. The provider is that of the repositories' owner."""

    repositories: Sequence[str]
    """Names of the repositories, without their owner."""

    variables: Mapping[str, Mapping[str, pulumi.Input[str]]]
    """Variables of each environment, by the environment's name and their own."""

    secrets: NotRequired[Mapping[str, Mapping[str, pulumi.Input[str]]]]
    """Secrets of each environment in the same way."""

    after: NotRequired[Sequence[pulumi.Resource]]
    """What must be there before, and go after them: the repositories."""


class RepositoryEnvironments(pulumi.ComponentResource):
    """The same environments in several repositories."""

    def __init__(
        self,
        name: str,
        args: RepositoryEnvironmentsArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("kalypso:index:RepositoryEnvironments", name, {}, opts)
        self._args = args
        for repository in args["repositories"]:
            for environment in args["variables"]:
                self._environment(repository, environment)
        self.register_outputs({})

    def _environment(self, repository: str, environment: str) -> None:
        import pulumi_github

        name = f"{repository}-{environment}"
        there = pulumi_github.RepositoryEnvironment(
            name,
            repository=repository,
            environment=environment,
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(self._args.get("after", ()))),
        )
        inside = pulumi.ResourceOptions(parent=there, depends_on=[there], deleted_with=there)
        for variable, value in self._args["variables"][environment].items():
            pulumi_github.ActionsEnvironmentVariable(
                f"{name}-{variable}",
                repository=repository,
                environment=environment,
                variable_name=variable,
                value=value,
                opts=inside,
            )
        for secret, value in self._args.get("secrets", {}).get(environment, {}).items():
            pulumi_github.ActionsEnvironmentSecret(
                f"{name}-{secret}",
                repository=repository,
                environment=environment,
                secret_name=secret,
                value=pulumi.Output.secret(value),
                opts=inside,
            )
