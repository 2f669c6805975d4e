"""`kalypso verify`: proves that a commit of the GitOps repository holds what the model says."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from kalypso.cli.diff import DiffForm, formatted
from kalypso.cli.form import output_option
from kalypso.cli.place import forge_folder, gitops_repository
from kalypso.delivery.marker import content_digest
from kalypso.errors import Collector, Position, SettingsError, SourceError
from kalypso.evaluation.comparison import compare_with_branch
from kalypso.evaluation.pipeline import Run, evaluate_into
from kalypso.evaluation.replay import request_at
from kalypso.git.address import is_remote
from kalypso.git.cache import Clone
from kalypso.git.history import Commit, read_commit
from kalypso.git.read import Snapshot, read_tree, resolve
from kalypso.git.remote import Access
from kalypso.gitops.markings import SHARED, section_of
from kalypso.loading.sources import Location, NamedRepositories, parse_location
from kalypso.model.provenance import (
    CONTENT,
    ENVIRONMENT,
    Provenance,
    Unreadable,
    parse_provenance,
    trailer,
)

_SHORT = 10


@click.command()
@click.option("--commit", required=True, metavar="REF", help="Commit of the GitOps repository.")
@click.option(
    "--gitops",
    default="",
    metavar="DIR|URL",
    help="GitOps repository. Default: that of the local forge, which then has the sources too.",
)
@click.option("--environment", "-e", default="", help="Refuse a commit of another environment.")
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
def command(  # noqa: PLR0913, PLR0917  # one for each option
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
    found, tree = _delivered(gitops, commit)
    made_of, of_environment, content = _read_trailers(found, gitops)
    if environment not in {"", of_environment}:
        raise SettingsError(
            f"the commit {found.commit[:_SHORT]} is of the environment {of_environment!r}",
            Position("--environment"),
            code="option",
        )
    places = _places(made_of, control_plane, base, repo)
    sources = NamedRepositories(folder=_folder(repositories), mapped=places)
    run = _evaluated(made_of, of_environment, sources)
    shown = f"{found.commit[:_SHORT]}"
    difference = compare_with_branch(tree.files, run, shown).difference
    if difference.files:
        click.echo(formatted(difference, form, patch=patch, everything=False))
        click.echo(f"the commit {shown} does not hold what the model says", err=True)
        sys.exit(1)
    digest = content_digest(run.evaluation.files)
    marks = {path: section_of(tree.files[path]) for path in SHARED & tree.files.keys()}
    if content not in {digest, content_digest({**run.evaluation.files, **marks})}:
        click.echo(f"{CONTENT} of {shown} is {content}, but of the model {digest}", err=True)
        sys.exit(1)
    control = made_of.control_plane.commit[:_SHORT]
    click.echo(
        f"{of_environment} at {shown}: {len(run.evaluation.files)} files are exactly what the model"
        f" says (control plane {control}, {len(made_of.readings) - 1} other sources)"
    )


def _delivered(gitops: str, ref: str) -> tuple[Commit, Snapshot]:
    commit = resolve(gitops, ref)
    if commit is None:
        raise SourceError(
            f"there is no commit {ref!r}",
            Position(gitops),
            "name a branch, a tag or a commit",
            code="no-such-commit",
        )
    if is_remote(gitops):
        clone = Clone(gitops, Access())
        found = clone.reading(lambda: read_commit(clone.whole(commit), commit))
    else:
        found = read_commit(Path(gitops), commit)
    return found, read_tree(gitops, commit)


def _read_trailers(commit: Commit, gitops: str) -> tuple[Provenance, str, str]:
    """Return what a commit was made of, its environment and the digest of its files."""
    message = commit.message
    try:
        return parse_provenance(message), trailer(message, ENVIRONMENT), trailer(message, CONTENT)
    except Unreadable as error:
        hint = "only commits that Kalypso writes say what they were made of"
        if len(commit.parents) > 1:
            hint = f"it is a merge; what was merged is {commit.parents[1]}"
        raise SourceError(
            f"the commit {commit.commit[:_SHORT]} does not say what it was made of: {error}",
            Position(gitops),
            hint,
            code="no-trailer",
        ) from None


def _places(
    made_of: Provenance, control_plane: str, base: str, repo: tuple[str, ...]
) -> Mapping[str, Location]:
    places: dict[str, Location] = {}
    if base:
        places.update((each.repository, parse_location(base)) for each in made_of.bases)
    if control_plane:
        places[made_of.control_plane.repository] = parse_location(control_plane)
    for entry in repo:
        url, equals, place = entry.rpartition("=")
        if not equals or not url:
            raise SettingsError(
                f"--repo {entry!r} is not of the form URL=DIR", Position("--repo"), code="option"
            )
        places[url] = parse_location(place)
    return places


def _folder(repositories: str) -> Path | None:
    if repositories and not Path(repositories).is_dir():
        raise SettingsError("there is no such folder", Position(repositories), code="option")
    return Path(repositories) if repositories else None


def _evaluated(made_of: Provenance, environment: str, sources: NamedRepositories) -> Run:
    problems = Collector()
    run = evaluate_into(request_at(made_of, environment, sources), problems)
    problems.raise_errors()
    return run
