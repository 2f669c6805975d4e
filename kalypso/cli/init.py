"""`kalypso init`: begins a platform of one's own."""

from __future__ import annotations

import os
import shlex
import time
from pathlib import Path

import click

from kalypso.cli.form import say, say_fitted
from kalypso.forge import FORGES

_CLONE = Path(__file__).resolve().parents[2]
_PROJECT = _CLONE if (_CLONE / "sample").is_dir() else _CLONE / "kalypso" / "shipped"
"""A clone, or what the package has of one."""
_QUIET = "kalypso.init.yes"
"""Says in the notes of a run that nothing may be asked."""


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--environments",
    prompt="Environments, in the order in which changes go",
    default="dev,stage",
    metavar="NAME,...",
    help="Names, separated by commas.",
)
@click.option(
    "--forge",
    prompt="Where the repositories are",
    default="local",
    type=click.Choice(list(FORGES)),
    help="Where the repositories are.",
)
@click.option("--owner", default="", metavar="OWNER", help="Owner on GitHub.")
@click.option(
    "--prefix",
    prompt="First part of the repositories' names",
    default="platform",
    metavar="NAME",
    help="First part of the repositories' names.",
)
@click.option(
    "--conventions",
    prompt="Names as in the",
    default="walkthrough",
    type=click.Choice(["walkthrough", "operator"]),
    help="Names of namespaces and files.",
)
@click.option(
    "--cluster-types",
    prompt="First cluster types, each NAME:flux or NAME:argocd",
    default="small:flux,large:flux",
    metavar="NAME[:RECONCILER],...",
    help="Each with its reconciler, flux or argocd.",
)
@click.option(
    "--yes",
    "-y",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda context, _, given: _no_questions(context, given=given),
    help="Ask nothing: take the defaults for what no option says.",
)
def command(
    folder: Path,
    environments: str,
    forge: str,
    owner: str,
    prefix: str,
    conventions: str,
    cluster_types: str,
) -> None:
    """Begin a platform in the folder DIR: project, control plane, and GitOps repository.

    Asks for what no option says. Nothing is written before every question is answered.
    """
    from kalypso.beginning import Choices, begin, parse_cluster

    asking = _QUIET not in click.get_current_context().meta
    kind = FORGES[forge]
    if kind.owned_on and not owner and asking:
        owner = click.prompt(f"Owner of the repositories on {kind.owned_on}")
    choices = Choices(
        environments=_names(environments),
        forge=forge,
        owner=owner,
        prefix=prefix,
        conventions="operator" if conventions == "operator" else "walkthrough",
        clusters=tuple(map(parse_cluster, _names(cluster_types))),
    )
    begun = begin(folder, choices, _PROJECT, int(time.time()))
    first = choices.environments[0]
    names = ", ".join(choices.environments)
    say_fitted(f"began {choices.prefix} in {folder}: environments {names}")
    for name in begun.files:
        say(f"  {name}")
    for name, path in begun.repositories.items():
        say_fitted(f"  {name}, in {path}")
    say("\nNext:")
    say(f"  cd {shlex.quote(str(folder))}")
    for (name, path), url in zip(begun.repositories.items(), begun.urls.values(), strict=True):
        if creation := kind.creation(owner, name):
            here = path.relative_to(folder)
            say(f"  {creation}")
            say(f"  git -C {shlex.quote(str(here))} push --all {url}")
    say(f"  kalypso validate -e {first}")
    if "PULUMI_BACKEND_URL" not in os.environ:
        say("  pulumi login --local  # or where your stacks keep their state; once")
    say(f"  pulumi stack init {first} && pulumi preview")


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _no_questions(context: click.Context, *, given: bool) -> None:
    if given:
        context.meta[_QUIET] = True
        for option in context.command.params:
            if isinstance(option, click.Option):
                option.prompt = None
