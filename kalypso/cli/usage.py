"""How a command line that cannot be run is explained: all that is missing, in lines that fit."""

from __future__ import annotations

import io

import click

from kalypso.cli.form import say_fitted


def explain_usage(error: click.ClickException) -> None:
    """Print on standard error what is wrong with a command line."""
    text = io.StringIO()
    (_all_missing(error) or error).show(text)
    say_fitted(text.getvalue().rstrip("\n"), err=True)


def _all_missing(error: click.ClickException) -> click.UsageError | None:
    """Return one error for everything that a command lacks; None if it lacks no more than one.

    click stops at the first; what was given is read before what was not.
    """
    context = error.ctx if isinstance(error, click.MissingParameter) else None
    if context is None:
        return None
    hints = [
        parameter.get_error_hint(context)
        for parameter in context.command.get_params(context)
        if parameter.required
        and parameter.name not in context.params
        and parameter.value_from_envvar(context) is None
    ]
    if len(hints) < 2:  # noqa: PLR2004 - more than one
        return None
    *first, last = hints
    return click.UsageError(f"Missing {', '.join(first)} and {last}.", context)
