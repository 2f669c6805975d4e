"""`kalypso app`: what an application team does with its own manifests."""

from __future__ import annotations

import functools
from pathlib import Path

import click

from kalypso.application import (
    Application,
    Proposed,
    Wanted,
    plan_proposals,
    promoted,
    render_application,
)
from kalypso.application import (
    propose as propose_all,
)
from kalypso.cli.app_options import Delivering, delivery_options, wanted_options
from kalypso.cli.app_run import run
from kalypso.cli.app_text import (
    proposals_json,
    proposals_text,
    rendered_json,
    rendered_text,
)
from kalypso.cli.form import output_option, say, say_fitted, screen_width
from kalypso.cli.out_folder import check_out, write_out
from kalypso.cli.person import person
from kalypso.cli.place import place_at


@click.group()
def command() -> None:
    """Render, propose, promote and run what an application team deploys."""


@command.command()
@wanted_options(images=True)
@click.option("--out", type=click.Path(path_type=Path), help="Folder, empty or absent.")
@click.option("--dry-run", is_flag=True, help="Render and check, and write nothing.")
@output_option("text", "json")
def render(wanted: Wanted, form: str, out: Path | None, *, dry_run: bool) -> None:
    """Render the targets of an environment: a folder of manifests for each.

    The source is read as it is, with what is not committed yet. If anything is wrong, every problem
    is printed, nothing is written, and the exit code is 2.
    """
    if out and not dry_run:
        check_out(out)
    application = render_application(wanted, committed=False)
    if out and not dry_run:
        files = {
            f"{each.target.name}/{name}": text.encode()
            for each in application.rendered
            for name, text in each.files.items()
        }
        write_out(files, out)
    if form == "json":
        say(rendered_json(application))
    else:
        say_fitted(rendered_text(application))


command.add_command(run)


@command.command()
@wanted_options(images=True)
@delivery_options
def propose(wanted: Wanted, delivering: Delivering) -> None:
    """Propose the manifests of an environment to the application's GitOps repository.

    There is one open pull request for each branch that the targets name; it is brought up to date
    as long as it is open. A folder is read as it was last committed. Nothing is proposed unless all
    targets render and all branches can be read.
    """
    _propose(render_application(wanted, committed=True), delivering)


@command.command()
@wanted_options(images=False)
@click.option(
    "--from", "start", required=True, metavar="ENVIRONMENT", help="Environment that has it already."
)
@delivery_options
def promote(wanted: Wanted, start: str, delivering: Delivering) -> None:
    """Propose to an environment what another one runs: the same commit and the same images.

    What runs is what the other environment's branch holds. Nothing is built again; only the values
    are those of the new environment.
    """
    find = functools.partial(place_at, delivering.forge)
    _propose(promoted(wanted, start, find), delivering)


def _propose(application: Application, delivering: Delivering) -> None:
    find = functools.partial(place_at, delivering.forge)
    planned = plan_proposals(
        application, find, removable=delivering.removed, registry=not delivering.no_registry
    )
    done: list[Proposed] = []
    if not delivering.dry_run:
        done = propose_all(planned, person, merge=delivering.merge)
    if delivering.form == "json":
        say(proposals_json(planned, done))
    else:
        say(proposals_text(planned, done, screen_width()))
