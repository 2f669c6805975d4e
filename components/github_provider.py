"""The provider of `pulumi-github` as a stack uses it: its owner, address and token."""

from typing import TYPE_CHECKING

import pulumi

from kalypso.delivery.github_place import DEFAULT_URL
from kalypso.errors import Position, SettingsError

from .settings import Settings

if TYPE_CHECKING:
    import pulumi_github


def check_library() -> None:
    """Tell before the first resource that the SDK is missing.

    Raises:
        SettingsError: It is not installed.
    """
    try:
        import pulumi_github  # noqa: F401, PLC0415 - most stacks need none of it
    except ImportError:
        raise SettingsError(
            "repositories and files on GitHub are declared with a package that is not installed",
            Position(f"Pulumi.{pulumi.get_stack()}.yaml"),
            "pip install 'kalypso-on-pulumi[github]'",
            code="no-library",
        ) from None


def github_provider(
    settings: Settings, owner: str, opts: pulumi.ResourceOptions
) -> "pulumi_github.Provider":
    """Declare the provider for the repositories of one owner.

    The token is a secret input. Without one in the settings the provider finds
    `GITHUB_TOKEN` itself, and the state has none at all.

    Args:
        settings: Settings of the stack.
        owner: Organization or user.
        opts: Where it stands in the tree.
    """
    import pulumi_github  # noqa: PLC0415 - as above

    url = settings.forge_api or settings.github.url
    return pulumi_github.Provider(
        f"github-{owner}",
        opts,
        owner=owner,
        base_url=None if url == DEFAULT_URL else f"{url.removesuffix('/')}/",
        token=pulumi.Output.secret(settings.github_token) if settings.github_token else None,
    )
