"""Where an environment is delivered to, as its model says."""

import msgspec

from kalypso.errors import SettingsError
from kalypso.forge import Place
from kalypso.git import mask
from kalypso.model import Pointer
from kalypso.stack.settings import Settings


class Destination(msgspec.Struct, frozen=True):
    """A branch of a GitOps repository."""

    address: str
    branch: str
    place: Place


def destination_of(found: Pointer | None, settings: Settings) -> Destination:
    """Return the GitOps repository that a model names, and its branch.

    Raises:
        SettingsError: The model names none, or one that is not on the stack's forge.
    """
    if found is None:
        raise SettingsError(
            f"the environment {settings.environment!r} has no GitOpsRepo",
            hint="add a gitops-repo.yaml to its branch of the control plane",
            code="no-gitops-repo",
        )
    address, branch = found.repo, found.branch or settings.environment
    forge = settings.forge
    place = forge.place(address)
    if place is not None:
        return Destination(address, branch, place)
    raise SettingsError(
        f"the GitOps repository {mask(address)} is not on {forge.name}",
        found.at,
        f"its address begins with {forge.url}/, unless the settings forge and forge.url are others",
        code="other-forge",
    )
