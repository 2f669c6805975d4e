"""`kalypso pr`: look at pull requests, and decide about them."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

import click

from kalypso.cli import colours
from kalypso.cli.completion import environment_names
from kalypso.cli.form import age, output_option, say, say_fitted, screen_width
from kalypso.cli.pager import say_paged
from kalypso.cli.person import person
from kalypso.cli.place import find_gitops, forge_option
from kalypso.delivery import is_proposal, without_mark
from kalypso.forge import Place, PullRequest, Review
from kalypso.git import Access
from kalypso.report import document, document_list, filled, printable, table, terminal

Form = Literal["text", "json"]
_HEADINGS = ("ID", "ENVIRONMENT", "TITLE", "AUTHOR", "AGE", "FILES", "LABELS")
_ASKED = 30
"""Pull requests of a list whose author and size are asked for."""
_LOGS = ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD")
"""Variables of CI systems, whose logs obey some lines of text as a terminal obeys others."""
_Command = TypeVar("_Command", bound=Callable[..., Any])


def _where(function: _Command) -> _Command:
    for option in (
        forge_option,
        click.option(
            "--repository",
            "-r",
            default="",
            envvar="KALYPSO_REPOSITORY",
            metavar="NAME|OWNER/NAME|URL",
            help="NAME on the local forge, if not its GitOps repository; else on GitHub, with"
            " the token in GITHUB_TOKEN. KALYPSO_REPOSITORY may hold it.",
        ),
    ):
        function = option(function)
    return function


_output = output_option("text", "json")
_number = click.argument("number", metavar="ID", type=int)


@click.group()
def command() -> None:
    """List, show, merge, close and reopen pull requests of the local forge or of GitHub."""


@command.command(name="list")
@click.option(
    "--environment",
    "-e",
    default="",
    shell_complete=environment_names,
    help="Only those to this environment.",
)
@click.option("--all", "everything", is_flag=True, help="Also those that are closed or merged.")
@_output
@_where
def list_(
    environment: str, form: Form, repository: str, forge: Path | None, *, everything: bool
) -> None:
    """List what waits for review, newest first."""
    where = _review(forge, repository)
    found = where.pull_requests() if everything else where.waiting()
    pulls = [pull for pull in found if environment in {"", pull.base}]
    if form == "json":
        say(document_list("PullRequest", [_as_json(pull) for pull in pulls]))
    elif pulls:
        say(_table(pulls, where, time.time()))
    else:
        say_fitted(f"no {'' if everything else 'open '}pull requests in {_short(where)}")


@command.command()
@_number
@_output
@_where
def show(number: int, form: Form, repository: str, forge: Path | None) -> None:
    """Show a pull request: what it is about, and which files it changes."""
    pull = _review(forge, repository).pull_request(number)
    if form == "json":
        say(document("PullRequest", _as_json(pull)))
        return
    width = screen_width()
    labels = f" [{', '.join(pull.labels)}]" if pull.labels else ""
    title = f"#{pull.number} {pull.title}{labels}"
    about = f"{pull.state}: {pull.head} into {pull.base}, opened {pull.created}"
    head = [line for part in (title, about) for line in filled(printable(part), width)]
    say_paged("\n".join([*head, "", terminal(without_mark(pull.body), width)]))


@command.command()
@_number
@_where
def diff(number: int, repository: str, forge: Path | None) -> None:
    """Print what a pull request changes, line by line."""
    # A program may apply it, so it gets the text as it is; what is not UTF-8 cannot be printed.
    given = _review(forge, repository).diff(number).encode(errors="surrogateescape")
    text = given.decode(errors="replace")
    if sys.stdout.isatty() or any(name in os.environ for name in _LOGS):
        say_paged(text.removesuffix("\n"), colours.difference)
    else:
        click.echo(text, nl=False)


@command.command()
@_number
@_where
def merge(number: int, repository: str, forge: Path | None) -> None:
    """Merge a pull request into its base branch, and remove the head that delivery made."""
    where = _review(forge, repository)
    with where.lock():
        pull = where.merge(number, is_proposal)
    say_fitted(f"merged #{number} into {pull.base}: {pull.merge_commit}")


@command.command()
@_number
@_where
def close(number: int, repository: str, forge: Path | None) -> None:
    """Close a pull request unmerged; it stays closed until the model changes."""
    place = _place(forge, repository)
    where = place.review(Access(), person)
    with where.lock():
        where.close(number)
    there = f" -r {place.full_name}" if place.option else ""
    say_fitted(f"closed #{number}; `kalypso pr reopen {number}{there}` opens it again")


@command.command()
@_number
@_where
def reopen(number: int, repository: str, forge: Path | None) -> None:
    """Open a closed pull request again."""
    where = _review(forge, repository)
    with where.lock():
        pull = where.reopen(number)
    say_fitted(f"#{number} is {pull.state}; `pulumi up -s {pull.base}` brings it up to date")


def _place(folder: Path | None, repository: str) -> Place:
    return find_gitops(folder, repository)


def _review(folder: Path | None, repository: str) -> Review:
    return _place(folder, repository).review(Access(), person)


def _short(where: Review) -> str:
    return Path(where.name).stem if where.name.endswith(".git") else where.name


def _table(pulls: Sequence[PullRequest], where: Review, now: float) -> str:
    """Return a row for each; of many, only the newest with what costs a question each."""
    rows = []
    for number, pull in enumerate(pulls):
        facts = where.facts(pull.number) if number < _ASKED else None
        state = "" if pull.state == "open" else f" ({pull.state})"
        rows.append(
            (
                f"#{pull.number}",
                pull.base,
                f"{pull.title}{state}",
                facts.author if facts else "-",
                age(pull.created, now),
                f"{facts.files}" if facts else "-",
                ", ".join(pull.labels) or "-",
            )
        )
    return table(_HEADINGS, rows, screen_width())


def _as_json(pull: PullRequest) -> dict[str, object]:
    return {
        "number": pull.number,
        "title": pull.title,
        "body": without_mark(pull.body),
        "base": pull.base,
        "head": pull.head,
        "headCommit": pull.head_commit,
        "state": pull.state,
        "labels": list(pull.labels),
        "created": pull.created,
        "mergeCommit": pull.merge_commit or None,
    }
