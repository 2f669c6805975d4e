"""`kalypso verify`: proves that a commit of the GitOps repository holds what the model says."""

from __future__ import annotations

import sys

import click

from kalypso.cli.completion import environment_names
from kalypso.cli.diff import DiffForm, formatted
from kalypso.cli.form import output_option, say, say_fitted
from kalypso.cli.inputs import existing_folder, mapped_locations
from kalypso.cli.local_addresses import readable_address, readable_location
from kalypso.cli.place import forge_folder, gitops_repository
from kalypso.errors import Position, SettingsError
from kalypso.evaluation import Delivered, read_delivered, verify
from kalypso.loading import Location, NamedRepositories
from kalypso.model import CONTENT, Provenance

_SHORT = 10


@click.command()
@click.option("--commit", required=True, metavar="REF", help="Commit of the GitOps repository.")
@click.option(
    "--gitops",
    default="",
    metavar="DIR|URL",
    help="GitOps repository. Default: that of the local forge, which then has the sources too.",
)
@click.option(
    "--environment",
    "-e",
    default="",
    shell_complete=environment_names,
    help="Refuse a commit of another environment.",
)
@click.option("--control-plane", default="", metavar="DIR", help="Clone of the control plane.")
@click.option("--base", default="", metavar="DIR", help="Clone of the base, if it is another one.")
@click.option(
    "--repositories",
    default="",
    metavar="DIR",
    help="Folder with a clone of each repository, named like the last part of its URL."
    " Default: the URLs are read.",
)
@click.option(
    "--repo", multiple=True, metavar="URL=DIR", help="Read this URL from there. Repeatable."
)
@output_option("text", "json", "markdown", "name-only", shown="How differences are shown.")
@click.option("--patch", is_flag=True, help="text: show the lines that differ.")
def command(
    commit: str,
    gitops: str,
    environment: str,
    control_plane: str,
    base: str,
    repositories: str,
    repo: tuple[str, ...],
    form: DiffForm,
    *,
    patch: bool,
) -> None:
    """Prove that a delivered commit is what the model says.

    Reads in the commit's message which commits it was made of, renders the model again from exactly
    these, and compares. Exit code 1 if a managed file differs, 2 if the commit does not say
    what it was made of, or a source cannot be read.
    """
    if not gitops:
        forge = forge_folder(None)
        gitops = str(gitops_repository(forge, ""))
        repositories = repositories or str(forge.folder)
    delivered = read_delivered(readable_address(gitops), commit)
    if environment not in {"", delivered.environment}:
        raise SettingsError(
            f"the commit {delivered.shown} is of the environment {delivered.environment!r}",
            Position("--environment"),
            code="option",
        )
    places = _places(delivered.made_of, control_plane, base, repo)
    sources = NamedRepositories(
        folder=existing_folder(repositories), mapped=places, address_of=readable_address
    )
    found = verify(delivered, sources)
    if found.difference.files:
        say(formatted(found.difference, form, patch=patch, everything=False))
        say_fitted(f"the commit {delivered.shown} does not hold what the model says", err=True)
    elif not found.proven:
        claim = f"{CONTENT} of {delivered.shown} is {delivered.content}"
        say_fitted(f"{claim}, but of the model {found.digest}", err=True)
    else:
        say_fitted(_proof(delivered, found.files))
    sys.exit(0 if found.proven else 1)


def _proof(delivered: Delivered, files: int) -> str:
    made_of = delivered.made_of
    return (
        f"{delivered.environment} at {delivered.shown}: {files} files are exactly what the model"
        f" says (control plane {made_of.control_plane.commit[:_SHORT]},"
        f" {len(made_of.readings) - 1} other sources)"
    )


def _places(
    made_of: Provenance, control_plane: str, base: str, repo: tuple[str, ...]
) -> dict[str, Location]:
    """Return where the options say that each address of a provenance is."""
    places: dict[str, Location] = {}
    if base:
        places.update((each.repository, readable_location(base)) for each in made_of.bases)
    if control_plane:
        places[made_of.control_plane.repository] = readable_location(control_plane)
    return places | mapped_locations(repo)
