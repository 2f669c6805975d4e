"""The types of resources of the provider, which know most of the program.

The server loads them when the engine first asks about a resource: a provider that is started and
never asked about one ends as quickly as it came.
"""

from collections.abc import Mapping

from kalypso.stack import ProviderConfiguration

from .gitops_branch import GitOpsBranch
from .local_repository import LocalRepository
from .preview_files import PreviewFiles
from .repository_content import RepositoryContent
from .resource import Resource
from .ssh_key import SshKey
from .stack_mark import StackMark


def resources(variables: Mapping[str, str]) -> Mapping[str, Resource]:
    """Return the types of resources by their tokens.

    Args:
        variables: The provider's configuration, as the engine gives it.
    """
    configuration = ProviderConfiguration()
    configuration.take(variables)
    return {
        "kalypso:index:GitOpsBranch": GitOpsBranch(configuration),
        "kalypso:index:LocalRepository": LocalRepository(),
        "kalypso:index:RepositoryContent": RepositoryContent(configuration),
        "kalypso:index:SshKey": SshKey(),
        "kalypso:index:StackMark": StackMark(configuration),
        "kalypso:preview:Files": PreviewFiles(),
    }
