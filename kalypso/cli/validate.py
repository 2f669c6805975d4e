"""`kalypso validate`: everything that is wrong with a platform model, and what looks wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import click

from kalypso.advice import advise, audible, read_rules
from kalypso.cli.form import counted, output_option, say, say_fitted
from kalypso.cli.inputs import Inputs, ModelCommand, model_options, request_of
from kalypso.cli.problems import Format, format_problems, plain_problems
from kalypso.cli.report_folder import write_report
from kalypso.errors import Collector, Position, Problem, SettingsError
from kalypso.evaluation import evaluate_into
from kalypso.model import Evaluation
from kalypso.report import document

_REPORT = "problems.txt"


class Compared(Protocol):
    """What was compared with schemas."""

    def as_json(self) -> dict[str, object]:
        """Return what programs read of it."""
        ...

    def as_text(self) -> str:
        """Return what people read of it."""
        ...


Comparison = Callable[[Evaluation, Collector], Compared]


@click.command(cls=ModelCommand)
@model_options
@output_option(
    "text", "json", "github", shown="github: annotations of the changed lines, for a workflow."
)
@click.option(
    "--schemas",
    is_flag=False,
    flag_value="",
    metavar="[DIR]",
    help="Compare what is rendered with the schemas of Kubernetes, Flux and Argo CD, and with the"
    " CustomResourceDefinitions and JSON Schemas in this folder. Nothing is fetched.",
)
@click.option(
    "--kubernetes-version",
    default="",
    metavar="X.Y",
    help="With --schemas: the version of Kubernetes. Default: the newest that is installed.",
)
@click.option(
    "--report",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the problems as text into this folder too: problems.txt.",
)
@click.option("--verbose", "-v", is_flag=True, help="Say also what was ignored.")
def command(
    inputs: Inputs,
    form: Format,
    schemas: str | None,
    kubernetes_version: str,
    report: Path | None,
    *,
    verbose: bool,
) -> None:
    """Check a platform model: print every problem and every warning.

    Exit code 2 if there is an error; warnings alone leave it 0.
    """
    problems = Collector()
    compare = _comparison(schemas, kubernetes_version)
    request = request_of(inputs)
    run = evaluate_into(request, problems)
    evaluation = run.evaluation
    advise(evaluation, run.configurations, problems)
    compared = compare(evaluation, problems) if compare else None
    rules = read_rules(request.start.source, problems)
    problems.warnings = audible(problems.warnings, rules)
    found = sorted({*problems.errors, *problems.warnings}, key=Problem.sort_key)
    if report:
        parts = [plain_problems(found), _summary(evaluation, problems)]
        text = "\n".join(filter(None, [*parts, compared.as_text() if compared else ""]))
        write_report(inputs.own_folder(report), {_REPORT: text})
    if form == "json":
        say(document("Validation", _as_json(found, evaluation, compared)))
    else:
        if found:
            click.echo(format_problems(found, form))
        if form == "text":
            say_fitted(_summary(evaluation, problems))
            if compared:
                say_fitted(compared.as_text())
            if verbose:
                _print_passed_over(evaluation)
    sys.exit(2 if problems.errors else 0)


def _comparison(folder: str | None, version: str) -> Comparison | None:
    """Return what compares with schemas; None without `--schemas`."""
    if folder is not None:
        from kalypso.cli.comparison import comparison

        return comparison(folder, version)
    if version:
        raise SettingsError(
            "this option is only used with --schemas",
            Position("--kubernetes-version"),
            code="option",
        )
    return None


def _as_json(
    found: list[Problem], evaluation: Evaluation, compared: Compared | None
) -> dict[str, object]:
    return {
        "environment": evaluation.environment,
        "valid": not any(problem.severity == "error" for problem in found),
        "assignments": len(evaluation.assignments),
        "clusterTypes": len(evaluation.cluster_types),
        "problems": [problem.as_dict() for problem in found],
        "ignored": dict(evaluation.platform.passed_over),
        **({"schemas": compared.as_json()} if compared else {}),
    }


def _summary(evaluation: Evaluation, problems: Collector) -> str:
    errors, warnings = len(set(problems.errors)), len(set(problems.warnings))
    platform = evaluation.platform
    counts = (
        f"{counted(len(platform.cluster_types), 'cluster type')},"
        f" {counted(len(platform.targets), 'deployment target')},"
        f" {counted(len(platform.policies), 'policy', 'policies')},"
        f" {counted(len(evaluation.assignments), 'assignment')}"
    )
    return (
        f"{evaluation.environment}: {counted(errors, 'error')}, {counted(warnings, 'warning')}"
        f" ({counts})"
    )


def _print_passed_over(evaluation: Evaluation) -> None:
    for kind, number in evaluation.platform.passed_over.items():
        say_fitted(f"ignored: {number} of kind {kind}")
