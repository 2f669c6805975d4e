"""`kalypso onboard`: an application joins the platform by pull requests."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kalypso.application.onboarding import (
    Joining,
    Opened,
    Plane,
    Wish,
    WishedTarget,
    open_all,
    parse_labels,
    parse_target,
    plan_joining,
)
from kalypso.cli.control_plane import find_plane
from kalypso.cli.form import output_option, say, say_fitted
from kalypso.cli.place import forge_option, place_at
from kalypso.errors import Position, SettingsError
from kalypso.report import document


@click.command()
@click.argument("name", required=False, default="")
@click.option("--workspace", default="", help="The team: policies select by it.")
@click.option("--source", default="", metavar="URL", help="The application's source repository.")
@click.option("--gitops", default="", metavar="URL", help="The application's GitOps repository.")
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="NAME@ENVIRONMENT[:LABEL=VALUE,...]",
    help="Where it wants to run. Without labels, purpose=NAME. Repeatable.",
)
@click.option(
    "--clusters",
    multiple=True,
    metavar="TARGET:LABEL=VALUE,...",
    help="Labels of the cluster types for a target. Without any: all. Repeatable.",
)
@click.option("--control-plane", default="", metavar="NAME|OWNER/NAME|URL", help="Which one.")
@forge_option
@click.option("--yes", is_flag=True, help="Open the pull requests without asking.")
@click.option("--dry-run", is_flag=True, help="Say what would run where, and open nothing.")
@output_option("text", "json")
def command(
    *,
    name: str,
    workspace: str,
    source: str,
    gitops: str,
    targets: tuple[str, ...],
    clusters: tuple[str, ...],
    control_plane: str,
    forge: Path | None,
    form: str,
    yes: bool,
    dry_run: bool,
) -> None:
    """Onboard the application NAME: its Workload file, its registration and its policies.

    Asks for what the options do not say. Before it opens any pull request, it shows what would run
    where; a policy that selects nothing is refused. `kalypso offboard` is the way back.
    """
    plane = find_plane(forge, control_plane)
    selected = dict(_selection(each) for each in clusters)
    wish = Wish(
        name=name or _ask("Name of the application", "NAME"),
        workspace=workspace or _ask("Name of the team", "--workspace"),
        source=source or _ask("Address of its source repository", "--source"),
        gitops=gitops or _ask("Address of its GitOps repository", "--gitops"),
        targets=tuple(
            parse_target(each, selected.get(each.partition("@")[0], {})) for each in targets
        )
        or tuple(_ask_targets(plane)),
    )
    joining = plan_joining(wish, plane, place_at(forge, wish.source))
    if form == "text":
        say_fitted(_plan_text(joining))
    opened: list[Opened] = []
    if not dry_run:
        if not yes:
            _need_terminal("--yes")
            click.confirm("Open these pull requests?", abort=True)
        opened = open_all(joining.additions)
    if form == "json":
        say(_as_json(joining, opened))
    else:
        say_fitted(opened_text(opened))
        _say_what_is_next(joining, opened)


def _selection(text: str) -> tuple[str, dict[str, str]]:
    target, colon, labels = text.partition(":")
    if not colon:
        raise SettingsError(
            f"--clusters {text!r} is not of the form TARGET:LABEL=VALUE,...",
            Position("--clusters"),
            "for example performance-test:size=large",
            code="option",
        )
    return target, parse_labels(labels, "--clusters")


def _ask(question: str, option: str) -> str:
    _need_terminal(option)
    answer: str = click.prompt(question)
    return answer.strip()


def _need_terminal(option: str) -> None:
    if not sys.stdin.isatty():
        raise SettingsError(
            f"{option} is missing, and nobody can be asked",
            Position(option),
            "`kalypso onboard --help` lists what is needed",
            code="option",
        )


def _ask_targets(plane: Plane) -> list[WishedTarget]:
    _need_terminal("--target")
    targets: list[WishedTarget] = []
    environments = sorted(plane.environments)
    while True:
        more = "Name of another target, or nothing" if targets else "Name of a target"
        name = click.prompt(more, default="" if targets else None, show_default=False).strip()
        if not name:
            return targets
        environment = click.prompt("Its environment", type=click.Choice(environments))
        labels = click.prompt("Its labels", default=f"purpose={name}")
        hint = "Labels of its cluster types, or nothing for all"
        clusters = click.prompt(hint, default="", show_default=False)
        wanted = parse_labels(clusters, "--clusters")
        targets.append(parse_target(f"{name}@{environment}:{labels}", wanted))


def _plan_text(joining: Joining) -> str:
    lines = ["It would run on:"]
    lines += [f"  {name}: {', '.join(types)}" for name, types in joining.scheduled.items()]
    lines.append("Pull requests:")
    for each in joining.additions:
        lines.append(f"  {each.place.full_name}@{each.base}: {each.title}")
        lines += [f"    {path}" for path in each.changes]
    return "\n".join(lines)


def opened_text(opened: list[Opened]) -> str:
    """Return a line for each pull request."""
    lines = []
    for each in opened:
        done = "opened" if each.new else "already open:"
        pull, place = each.pull_request, each.addition.place
        lines.append(f"{done} pull request {pull.number} in {place.full_name}: {pull.title}")
    return "\n".join(lines) or "opened nothing"


def _say_what_is_next(joining: Joining, opened: list[Opened]) -> None:
    """Name what is easily forgotten: environments keep the commit of main that they had."""
    if not opened:
        return
    say_fitted("next: merge them, then let each environment take the commit of main:")
    for environment in sorted({each.base for each in joining.additions} - {"main"}):
        say(f"  kalypso promote -e {environment} --commit SHA")


def _as_json(joining: Joining, opened: list[Opened]) -> str:
    return document(
        "Onboarding",
        {
            "scheduled": {name: list(types) for name, types in joining.scheduled.items()},
            "pullRequests": [
                {
                    "repository": each.place.full_name,
                    "base": each.base,
                    "title": each.title,
                    "files": sorted(each.changes),
                    "number": opened[number].pull_request.number if opened else None,
                }
                for number, each in enumerate(joining.additions)
            ],
        },
    )
