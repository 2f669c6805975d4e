"""The provider of `pulumi-github` for one owner's repositories: its address and credentials."""

from typing import TYPE_CHECKING, NotRequired, TypedDict

import pulumi

from kalypso.errors import Position, SettingsError

if TYPE_CHECKING:
    import pulumi_github


class GitHubAppArgs(TypedDict):
    """A GitHub App that asks in place of a user."""

    id: pulumi.Input[str]
    """Number or client id of the App."""

    installation_id: pulumi.Input[str]
    """The installation whose tokens are used."""

    pem_file: pulumi.Input[str]
    """Text of its private key; a secret."""


class GitHubProviderArgs(TypedDict):
    """How GitHub is reached."""

    base_url: NotRequired[pulumi.Input[str]]
    """Address of an Enterprise Server, or of the REST interface; github.com if absent."""

    token: NotRequired[pulumi.Input[str]]
    """Token, a secret; the SDK takes `GITHUB_TOKEN` if neither this nor an App is given."""

    app: NotRequired[GitHubAppArgs]
    """The App that asks; excludes a token."""


def check_package(*, app: bool, installation: bool) -> None:
    """Report before the first resource what its provider lacks.

    Args:
        app: Whether a GitHub App asks.
        installation: Whether it is known where the App is installed.

    Raises:
        SettingsError: The SDK is not installed, or a GitHub App's installation is not known.
    """
    if app and not installation:
        raise SettingsError(
            "repositories and files on GitHub are declared with a package that wants to know where"
            " the GitHub App is installed",
            Position(f"Pulumi.{pulumi.get_stack()}.yaml"),
            "`pulumi config set github.app.installation NUMBER`; the number ends the address of the"
            " installation's page",
            code="github-app",
        )
    try:
        import pulumi_github  # noqa: F401 - most stacks need none of it
    except ImportError:
        raise SettingsError(
            "repositories and files on GitHub are declared with a package that is not installed",
            Position(f"Pulumi.{pulumi.get_stack()}.yaml"),
            "pip install 'kalypso-on-pulumi[github]'",
            code="no-library",
        ) from None


def declare_github_provider(
    owner: str, args: GitHubProviderArgs, opts: pulumi.ResourceOptions
) -> "pulumi_github.Provider":
    """Declare the provider for the repositories of one owner.

    Token and key become secret inputs.

    Args:
        owner: Organization or user.
        args: How GitHub is reached.
        opts: Parent and other options.
    """
    import pulumi_github

    app, token = args.get("app"), args.get("token")
    return pulumi_github.Provider(
        f"github-{owner}",
        opts,
        owner=owner,
        base_url=args.get("base_url"),
        token=None if token is None else pulumi.Output.secret(token),
        app_auth=None
        if app is None
        else pulumi_github.ProviderAppAuthArgs(
            id=app["id"],
            installation_id=app["installation_id"],
            pem_file=pulumi.Output.secret(app["pem_file"]),
        ),
    )
