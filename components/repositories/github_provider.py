"""The provider of `pulumi-github` as a stack uses it: its owner, address and token."""

from typing import TYPE_CHECKING

import pulumi

from kalypso.errors import Position, SettingsError
from kalypso.forge.github.place import DEFAULT_URL
from kalypso.stack.settings import Settings

if TYPE_CHECKING:
    import pulumi_github


def check_provider(settings: Settings) -> None:
    """Tell before the first resource what its provider lacks.

    Raises:
        SettingsError: The SDK is not installed, or a GitHub App's installation is not known.
    """
    if settings.github.app.id and not settings.github.app.installation:
        raise SettingsError(
            "repositories and files on GitHub are declared with a package that wants to know where"
            " the GitHub App is installed",
            Position(f"Pulumi.{pulumi.get_stack()}.yaml"),
            "`pulumi config set github.app.installation NUMBER`; the number ends the address of the"
            " installation's page",
            code="github-app",
        )
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

    Token and key are secret inputs. Without one in the settings the SDK takes `GITHUB_TOKEN`,
    as a secret too.

    Args:
        settings: Settings of the stack.
        owner: Organization or user.
        opts: Where it stands in the tree.
    """
    import pulumi_github  # noqa: PLC0415 - as above

    app, token = None, None
    given = settings.github
    if given.app.id:
        app = pulumi_github.ProviderAppAuthArgs(
            id=given.app.id,
            installation_id=str(given.app.installation),
            pem_file=pulumi.Output.secret(given.app.key),
        )
    elif given.token:
        token = pulumi.Output.secret(given.token)
    url = settings.server.api or settings.forge.url
    return pulumi_github.Provider(
        f"github-{owner}",
        opts,
        owner=owner,
        base_url=None if url == DEFAULT_URL else f"{url.removesuffix('/')}/",
        app_auth=app,
        token=token,
    )
