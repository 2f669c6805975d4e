"""`kalypso watch`: what every save does to the assignments, as it is saved."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

import click

from kalypso.cli import colours
from kalypso.cli.form import output_option, say, say_fitted, say_painted, screen_width
from kalypso.cli.inputs import Inputs, ModelCommand, environment_options, request_of
from kalypso.cli.local_addresses import readable_location
from kalypso.cli.problems import print_problems
from kalypso.errors import Position, SettingsError
from kalypso.evaluation import Look, Session
from kalypso.loading import counts, is_folder
from kalypso.report import count, diff_record, diff_text, document, one_line

_DEBOUNCE = 100
"""Milliseconds in which the files of one save come together."""
_STEP = 20
_IDLE = 200
"""Milliseconds after which waiting starts over; the first wait is the time to begin at all."""


@click.command(cls=ModelCommand)
@environment_options
@click.option(
    "--gitops",
    default="",
    metavar="DIR|URL@BRANCH",
    help="Compare with this content. Default: the model as it was at the start.",
)
@click.option("--patch", is_flag=True, help="text: show the lines that change, once a group.")
@output_option("text", "json", shown="json: one line for each save.")
def command(inputs: Inputs, gitops: str, form: Literal["text", "json"], *, patch: bool) -> None:
    """Check the model on every save, and show what it changes since the start.

    Watches the folders that the options name. What is read from a branch is read once. Ends with
    Ctrl-C.
    """
    import watchfiles

    folders = _folders(inputs, gitops)
    present = str(readable_location(gitops)) if gitops else ""
    session = Session(lambda: request_of(inputs), present)
    write = _write_json if form == "json" else _writer(inputs.environment, patch=patch)
    saves = watchfiles.watch(
        *folders,
        watch_filter=lambda _change, path: counts(path) and f"{Path('/.git/')}/" not in path,
        debounce=_DEBOUNCE,
        step=_STEP,
        rust_timeout=_IDLE,
        yield_on_timeout=True,
    )
    next(saves)  # watches from here on, so that no save during the first look is missed
    write(session.look(()), session)
    # What is there now stays: collecting garbage need not look at it at every save.
    gc.collect()
    gc.freeze()
    if form == "text":
        say_fitted(f"watching {', '.join(folders)}; Ctrl-C ends")
    for changes in saves:
        if changes:
            write(session.look(sorted({_shown(path) for _, path in changes})), session)


def _folders(inputs: Inputs, gitops: str) -> list[str]:
    """Return the folders that the options name, those inside another left out.

    Raises:
        SettingsError: There is none: all that is named are branches.
    """
    mapped = (entry.rpartition("=")[2] for entry in inputs.repo)
    named = [inputs.base, inputs.control_plane, inputs.repositories, *mapped, gitops]
    folders = sorted({name for name in named if name and is_folder(name)})
    paths = {name: Path(name).resolve() for name in folders}
    roots = [
        name
        for name in folders
        if not any(paths[other] in paths[name].parents for other in folders)
    ]
    if not roots:
        raise SettingsError(
            "nothing to watch: the options name branches, which no save changes",
            Position("--control-plane"),
            "name a folder, for example a clone",
            code="option",
        )
    return roots


def _writer(environment: str, *, patch: bool) -> Callable[[Look, Session], None]:
    def write(look: Look, session: Session) -> None:
        if look.saved:
            say_fitted(f"\nsaved {', '.join(map(one_line, look.saved))} ({look.seconds:.2f} s)")
        if look.comparison is not None:
            text = diff_text(look.comparison.difference, screen_width(), patch=patch)
            say_painted(text, colours.difference)
        elif not look.errors:
            say_fitted(f"{environment}: {count(look.assignments, 'assignment')}")
        print_problems(look.errors)
        if look.errors:
            number = count(len(look.errors), "error")
            say_fitted(f"{environment}: {number}; nothing is compared until it is fixed")
        print_problems(session.advice())

    return write


def _write_json(look: Look, session: Session) -> None:
    compared = look.comparison
    record: Mapping[str, object] = {
        "saved": look.saved,
        "valid": not look.errors,
        "assignments": look.assignments,
        "problems": [problem.as_dict() for problem in (*look.errors, *session.advice())],
        "difference": diff_record(compared.difference) if compared else None,
    }
    say(document("Save", record, indent=None))


def _shown(path: str) -> str:
    """Return a path as a person would type it here."""
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except ValueError:
        return path
