"""`kalypso diff`: what a change of the model does to every assignment, and why."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import click

from kalypso.cli import colours
from kalypso.cli.form import output_option, say, screen_width
from kalypso.cli.gitops_content import delivered_content, named_content
from kalypso.cli.inputs import Inputs, ModelCommand, model_options, request_of
from kalypso.cli.local_addresses import readable_location
from kalypso.cli.pager import say_paged
from kalypso.cli.problems import print_problems
from kalypso.cli.report_folder import write_report
from kalypso.errors import Position, SettingsError
from kalypso.evaluation import (
    Comparison,
    Request,
    Run,
    base_at,
    compare_runs,
    compare_with_branch,
    evaluate,
    start_at,
)
from kalypso.gitops import Limits, check, written_alike
from kalypso.model import LONGEST_COMMENT, Difference
from kalypso.report import diff_json, diff_markdown, diff_names, diff_text

_REPORT = 200_000
"""Characters of a report's Markdown: a page of GitHub takes 1 MiB, whatever characters they are."""

DiffForm = Literal["text", "json", "markdown", "name-only"]


@click.command(cls=ModelCommand)
@model_options
@click.option(
    "--gitops",
    default="",
    metavar="DIR|URL@BRANCH",
    help="Compare with the content of this branch. Default, without --from: the environment's own.",
)
@click.option(
    "--from",
    "before",
    default="",
    metavar="REF",
    help="Compare with the control plane at this branch, tag or commit.",
)
@click.option(
    "--to",
    "after",
    default="",
    metavar="REF",
    help="With --from: the control plane to compare. Default: as given by --control-plane.",
)
@click.option(
    "--base-from",
    "base_before",
    default="",
    metavar="REF",
    help="Compare with --base at this branch, tag or commit; alone, or with --from.",
)
@click.option(
    "--base-to",
    "base_after",
    default="",
    metavar="REF",
    help="What --base would be: compares with it as it is, or with --from and --base-from.",
)
@click.option(
    "--ignore-format",
    is_flag=True,
    help="--gitops: files that mean the same are equal, however they are written.",
)
@output_option(
    "text", "json", "markdown", "name-only", shown="markdown: a comment for a pull request."
)
@click.option(
    "--longest",
    default=LONGEST_COMMENT,
    show_default=True,
    type=click.IntRange(2_000),
    help="markdown: characters of the comment.",
)
@click.option(
    "--report",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write everything that differs into this folder too: diff.txt, diff.json and diff.md.",
)
@click.option("--patch", is_flag=True, help="text: show the lines that change, once a group.")
@click.option("--all", "everything", is_flag=True, help="text: list every assignment of a group.")
@click.option(
    "--check",
    "checking",
    is_flag=True,
    help="Exit with 1 if anything differs, with 2 if too much would be removed.",
)
@click.option(
    "--removals",
    default=Limits().removals,
    show_default=True,
    type=click.IntRange(min=0),
    help="--check: assignments that may go in any case.",
)
@click.option(
    "--share",
    default=Limits().share,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="--check: part of all assignments that may go in any case.",
)
@click.option(
    "--acknowledge",
    default="",
    metavar="DIGEST",
    help="--check: let exactly this set of removals through.",
)
def command(
    inputs: Inputs,
    gitops: str,
    before: str,
    after: str,
    base_before: str,
    base_after: str,
    form: DiffForm,
    removals: int,
    share: float,
    acknowledge: str,
    longest: int,
    report: Path | None,
    *,
    ignore_format: bool,
    patch: bool,
    everything: bool,
    checking: bool,
) -> None:
    """Show which assignments a model adds, removes and changes, and which objects caused it.

    Compares with the content of the environment's GitOps branch, or with the control plane at
    another commit (--from, --base-from, --base-to). Only the second knows causes: the branch holds
    files and no model.
    """
    base = base_before or base_after
    _check_options(gitops, before, after, base, ignore_format=ignore_format)
    request = request_of(inputs)
    with_branch = not before and not base
    if with_branch:
        comparison = _with_branch(inputs, request, gitops, ignore_format=ignore_format)
    else:
        plane = str(readable_location(inputs.control_plane))
        earlier, names = request, (before or inputs.control_plane, after or inputs.control_plane)
        if before:
            earlier = start_at(earlier, plane, before)
        if base_before:
            earlier = base_at(earlier, _base_of(inputs, "--base-from"), base_before)
            names = (f"{names[0]}, base {base_before}", names[1])
        later = start_at(request, plane, after) if after else request
        if base_after:
            later = base_at(later, _base_of(inputs, "--base-to"), base_after)
            names = (names[0], f"{names[1]}, base {base_after}")
        comparison = compare_runs(_evaluate(earlier), _evaluate(later), names)
    if with_branch:
        print_problems(comparison.make_plan().warnings)
    if report:
        write_report(inputs.own_folder(report), _report(comparison.difference))
    if form == "markdown":
        say(diff_markdown(comparison.difference, longest))
    else:
        text = formatted(comparison.difference, form, patch=patch, everything=everything)
        if form == "text":
            say_paged(text, colours.difference)
        else:
            say(text)
    if checking:
        limits = Limits(removals=removals, share=share, acknowledge=acknowledge)
        check(comparison.make_plan(), limits, inputs.environment)
        sys.exit(1 if comparison.difference.files else 0)


def _report(difference: Difference) -> dict[str, str]:
    """Return a difference in each form; the Markdown is for pages longer than a comment."""
    return {
        "diff.txt": diff_text(difference, patch=True, everything=True),
        "diff.json": diff_json(difference),
        "diff.md": diff_markdown(difference, _REPORT),
    }


def formatted(difference: Difference, form: DiffForm, *, patch: bool, everything: bool) -> str:
    """Return a difference in one of the forms."""
    match form:
        case "json":
            return diff_json(difference)
        case "markdown":
            return diff_markdown(difference)
        case "name-only":
            return diff_names(difference)
        case _:
            return diff_text(difference, screen_width(), patch=patch, everything=everything)


def _check_options(gitops: str, before: str, after: str, base: str, *, ignore_format: bool) -> None:
    if gitops and (before or base):
        raise SettingsError(
            "--gitops and --from do not go together: each says what to compare with",
            Position("--gitops"),
            "--gitops DIR|URL@BRANCH for the branch as it is, --from REF for another commit",
            code="option",
        )
    if ignore_format and (before or base):
        at = Position("--ignore-format")
        raise SettingsError("--ignore-format does not go with --from", at, code="option")
    if after and not before:
        raise SettingsError("--to goes with --from", Position("--to"), code="option")


def _with_branch(
    inputs: Inputs, request: Request, gitops: str, *, ignore_format: bool
) -> Comparison:
    run = _evaluate(request)
    if gitops:
        present, name = named_content(gitops), gitops
    else:
        present, name = delivered_content(inputs, run.evaluation)
    if ignore_format:
        present = written_alike(present, run.evaluation.files)
    return compare_with_branch(present, run, name)


def _base_of(inputs: Inputs, option: str) -> str:
    if not inputs.base:
        raise SettingsError(f"{option} goes with --base", Position(option), code="option")
    return str(readable_location(inputs.base))


def _evaluate(request: Request) -> Run:
    """Evaluate a model whole, and print its warnings.

    Raises:
        Problems: The model is wrong: all its problems.
    """
    run = evaluate(request)
    print_problems(run.evaluation.warnings)
    return run
