"""`kalypso render`: the whole GitOps branch of an environment, written into a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from kalypso.cli.form import say_fitted
from kalypso.cli.gitops_content import named_content
from kalypso.cli.inputs import Inputs, ModelCommand, model_options, request_of
from kalypso.cli.out_folder import check_out, write_out
from kalypso.cli.problems import print_problems
from kalypso.evaluation import evaluate
from kalypso.gitops import plan
from kalypso.report import count


@click.command(cls=ModelCommand)
@model_options
@click.option(
    "--gitops",
    default="",
    metavar="DIR|URL@BRANCH",
    help="Present content of the environment's GitOps branch. Default: an empty branch.",
)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Folder, empty or absent."
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes that render; more than one pays from some 50,000 assignments on.",
)
def command(inputs: Inputs, gitops: str, out: Path, workers: int) -> None:
    """Write an environment's GitOps branch, as it would be after the pull request, into a folder.

    Works offline and without Pulumi. If anything is wrong with the model, every problem is printed
    as FILE:LINE:COL, nothing is written, and the exit code is 2.
    """
    out = inputs.own_folder(out)
    check_out(out)
    evaluation = evaluate(request_of(inputs), workers=workers).evaluation
    present: Mapping[str, bytes] = {}
    if gitops:
        present = named_content(gitops)
    result = plan(present, evaluation.files, gitops)
    print_problems([*evaluation.warnings, *result.warnings])
    write_out(result.files, out)
    assignments = count(len(evaluation.assignments), "assignment")
    clusters = count(len(evaluation.cluster_types), "cluster type")
    files = count(len(result.files), "file")
    say_fitted(f"{evaluation.environment}: {assignments} on {clusters}, {files} in {out}")
