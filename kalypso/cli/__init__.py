"""The `kalypso` command. Each command is a module that is loaded only when it is called."""

from __future__ import annotations

import importlib
import os
import sys
from contextlib import suppress
from gettext import gettext
from typing import NoReturn

import click
from click.shell_completion import CompletionItem

from kalypso import __version__
from kalypso.cli.problems import COLOUR, choose_colour, exit_code, print_problems
from kalypso.errors import KalypsoError, Position, Problem, SettingsError
from kalypso.garbage import collect_seldom
from kalypso.harmless_text import cut

_COMMANDS = {
    "init": "Begin a platform of your own.",
    "environment": "Add an environment to a platform.",
    "validate": "Check a platform model and say what is wrong with it.",
    "render": "Write the GitOps branch of an environment into a folder.",
    "get": "List assignments, cluster types, targets, workloads, policies, templates, configs.",
    "tree": "Show who runs where as a tree.",
    "why": "Show which policies assign a pair, or what keeps it apart.",
    "config": "Show where every value of an assignment comes from.",
    "diff": "Show what a change does to every assignment, and why.",
    "connect": "Print what a cluster needs to read its folder of the GitOps branch.",
    "verify": "Prove that a delivered commit is what the model says.",
    "ci": "Run the steps of a CI system, or print their scripts.",
    "schema": "Print JSON Schemas with which editors check files.",
    "watch": "Show what every save changes, as it is saved.",
    "promotion": "Show what was promoted where; hold, release and approve.",
    "promote": "Let a change of main go into an environment.",
    "rollback": "Bring an earlier state of an environment back, and hold it there.",
    "check-promote": "Check whether a change works in an environment, and may go on.",
    "status": "Show what every cluster runs, and whether it is healthy.",
    "clusters": "Report what a cluster runs that nobody can ask.",
    "app": "Render, propose, promote and run what an application team deploys.",
    "onboard": "Let an application join the platform, by pull requests.",
    "offboard": "Let an application leave the platform, by pull requests.",
    "pr": "List, show, merge, close and reopen pull requests.",
    "issues": "List and show issues about assignments that fail.",
    "forge": "Serve the local forge's repositories over HTTP.",
    "doctor": "Check what `pulumi up` needs: programs, accounts, quota, clusters.",
    "teardown": "Destroy every stack of a platform, in the order that works.",
    "recover": "Clean up after an interrupted `pulumi up`.",
    "explain": "Explain a problem by its code, or a field of the model.",
    "completion": "Print the script by which a shell completes commands and names.",
    "settings": "Print every setting, and where it comes from.",
    "version": "Print the version.",
}
"""Module of this package by name of the command; the sentence is what the help shows."""


_LONGEST_NAME = 200
"""Characters of a file's name in a message."""
_WIDEST = 100
"""Characters of a line of the help, where the terminal has them; longer ones are hard to read."""


class LazyGroup(click.Group):
    """A group that imports a command when it is called, so that the help starts at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of the commands, in the order of the help."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - the same
        """Import a command."""
        if cmd_name == "help":
            return _help
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"kalypso.cli.{cmd_name.replace('-', '_')}")
        command = module.command
        if not isinstance(command, click.Command):
            return None
        from kalypso.cli.examples import add_examples

        add_examples(command, cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called; of one that does not exist, name the nearest."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            from kalypso.spelling import nearest

            near = nearest(args[0], [*_COMMANDS, "help"])
            hint = f" Did you mean {near!r}?" if near else ""
            ctx.fail(f"There is no command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands that begin so, without importing any."""
        del ctx
        return [
            CompletionItem(name, help=about)
            for name, about in _COMMANDS.items()
            if name.startswith(incomplete)
        ]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - the same
        """List the commands without importing any."""
        with formatter.section(gettext("Commands")):
            formatter.write_dl(list(_COMMANDS.items()))


@click.command(name="help")
@click.argument("names", nargs=-1, metavar="[COMMAND]...")
@click.pass_context
def _help(context: click.Context, names: tuple[str, ...]) -> None:
    """Show the help of a command."""
    above = context.parent or context
    command: click.Command = above.command
    for name in names:
        found = command.get_command(above, name) if isinstance(command, click.Group) else None
        if found is None:
            context.fail(f"There is no command {' '.join(names)!r}.")
        above = click.Context(found, info_name=name, parent=above)
        command = found
    click.echo(command.get_help(above))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": _WIDEST},
)
@click.version_option(__version__, "--version", message="kalypso %(version)s")
@click.option(
    "-C", "folder", metavar="DIR", help="Run as if started in this folder.", expose_value=True
)
@click.option(
    "--color",
    type=click.Choice(COLOUR),
    default="auto",
    show_default=True,
    help="When to colour; auto colours on a terminal, unless NO_COLOR is set.",
)
@click.pass_context
def cli(context: click.Context, folder: str | None, color: str) -> None:
    """Schedule workloads on fleets of Kubernetes clusters from a platform model in Git."""
    context.color = choose_colour(color, os.environ)
    if folder is not None:
        try:
            os.chdir(folder)
        except OSError as error:
            raise SettingsError(
                f"the folder cannot be entered: {error.strerror}", Position(folder), code="option"
            ) from None


def main() -> None:
    """Run the command; exit 0 done, 1 differences, 2 the user can fix it, 3 the outside failed."""
    collect_seldom()
    try:
        cli(prog_name="kalypso", standalone_mode=False)
        sys.stdout.flush()  # now, while a full disk can still be reported
    except KalypsoError as error:
        print_problems(error.problems)
        sys.exit(exit_code(error.problems))
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        from kalypso.cli.usage import explain_usage

        explain_usage(error)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        _refused_by_the_system(error)


def _refused_by_the_system(error: OSError) -> NoReturn:
    """Report what the system refused and nothing nearer to it has explained: never a traceback."""
    with suppress(OSError, ValueError):
        sys.stdout.close()  # else it is tried again at the end
    named = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
    problem = Problem(
        "refused-by-system",
        f"the system refuses this: {error.strerror or type(error).__name__}",
        Position(cut(named, _LONGEST_NAME) or "kalypso"),
        "check the name, the rights of this user, and that the disk has room",
    )
    print_problems([problem])
    sys.exit(2)
