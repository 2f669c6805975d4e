"""`kalypso issues`: assignments that fail, as the control plane's repository keeps them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click
from msgspec.structs import asdict

from kalypso.cli import colours
from kalypso.cli.form import output_option, say, say_fitted, say_painted, screen_width
from kalypso.cli.place import find_place, forge_option
from kalypso.delivery import is_ours, without_issue_mark
from kalypso.forge import Issue, Issues
from kalypso.git import Access
from kalypso.report import document, document_list, printable, terminal

Form = Literal["text", "json"]
_output = output_option("text", "json", shown="json: everything, as data.")
_repository = click.option(
    "--repository",
    "-r",
    default="",
    metavar="NAME|OWNER/NAME|URL",
    help="NAME on the local forge, if not the control plane's; else on GitHub, with the token in"
    " GITHUB_TOKEN.",
)


@click.group()
def command() -> None:
    """List and show issues of the local forge or of GitHub: assignments that fail."""


@command.command(name="list")
@click.option("--all", "everything", is_flag=True, help="Also those that are closed.")
@_output
@_repository
@forge_option
def list_(form: Form, repository: str, forge: Path | None, *, everything: bool) -> None:
    """List the issues that are open, oldest first."""
    tracker = _tracker(forge, repository)
    known = tracker.all_issues() if everything else tracker.open_issues()
    found = [issue for issue in known if is_ours(issue)]
    if form == "json":
        say(document_list("Issue", [_as_json(issue) for issue in found]))
    elif found:
        say_fitted("\n".join(_line(issue) for issue in found), more=6)
    else:
        say(f"no {'' if everything else 'open '}issues")


@command.command()
@click.argument("number", metavar="ID", type=int)
@_output
@_repository
@forge_option
def show(number: int, form: Form, repository: str, forge: Path | None) -> None:
    """Show an issue: which assignment fails, and why."""
    issue = _tracker(forge, repository).issue(number)
    if form == "json":
        say(document("Issue", _as_json(issue)))
        return
    say_fitted(printable(f"#{issue.number} {issue.title}"))
    say_fitted(f"{issue.state}, opened {issue.created}\n")
    say_painted(terminal(without_issue_mark(issue.body), screen_width()), colours.prose)


def _tracker(folder: Path | None, repository: str) -> Issues:
    place = find_place(folder, repository, lambda name: name.endswith("-control-plane"))
    return place.issues(Access())


def _line(issue: Issue) -> str:
    state = "" if issue.state == "open" else "  (closed)"
    return printable(f"#{issue.number:<4} {issue.title}{state}")


def _as_json(issue: Issue) -> dict[str, object]:
    return {**asdict(issue), "body": without_issue_mark(issue.body)}
