"""Which workflows on the forge may ask Azure, without a secret: those of an environment's jobs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from kalypso.git import mask
from kalypso.stack.reading import Refusal
from kalypso.stack.settings import Settings


class Federation(msgspec.Struct, frozen=True, kw_only=True):
    """Whom Azure believes: tokens that a forge signs for the jobs of an environment."""

    issuer: str
    """Address of who signs them."""
    subjects: Mapping[str, Mapping[str, str]]
    """Whom tokens name: by environment, and by the repository's name on the forge."""


def federation_of(settings: Settings, repository: str) -> Federation | None:
    """Return whom Azure believes; None unless the settings ask for it.

    The repositories are those whose workflows ask gates: the GitOps repository and the control
    plane.

    Args:
        settings: Of the platform's stack.
        repository: Address of the GitOps repository.
    """
    forge = settings.forge
    places = [forge.place(each) for each in (repository, settings.control_plane_url)]
    if not settings.azure.federation or not forge.token_issuer or None in places:
        return None
    return Federation(
        issuer=forge.token_issuer,
        subjects={
            environment: {
                place.full_name: place.workflow_subject(environment) for place in places if place
            }
            for environment in settings.environments
        },
    )


def refused_federation(settings: Settings, repository: str, *, in_azure: bool) -> Iterator[Refusal]:
    """Return why workflows cannot ask Azure without a secret, if the settings want that.

    Args:
        settings: Of the platform's stack.
        repository: Address of the GitOps repository.
        in_azure: Whether a cluster is there.
    """
    if not settings.azure.federation:
        return
    key, forge = "azure.federation", settings.forge
    if not in_azure:
        yield key, "no cluster is in Azure that workflows could ask about", f"remove {key}"
    if not settings.environments:
        yield key, "nothing says for which environments", "list them under environments"
    for address in (repository, settings.control_plane_url):
        if not forge.token_issuer or forge.place(address) is None:
            message = f"Azure cannot know workflows of {mask(address)}: GitHub does not have it"
            yield key, message, "set forge and forge.url to the GitHub that has it"
    if not settings.azure.create_resource_group and not settings.subscription:
        message = "the subscription of the resource group that workflows may read is not known"
        yield key, message, "set azure.subscription"
