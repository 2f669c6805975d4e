"""`kalypso validate`: everything that is wrong with a platform model, and what looks wrong."""

from __future__ import annotations

import sys

import click

from kalypso.advice import advise, audible, read_rules
from kalypso.cli.form import output_option, say
from kalypso.cli.inputs import Inputs, ModelCommand, model_options, request_of
from kalypso.cli.problems import Format, format_problems
from kalypso.errors import Collector, Problem
from kalypso.evaluation import evaluate_into
from kalypso.model import Evaluation
from kalypso.report import document


@click.command(cls=ModelCommand)
@model_options
@output_option(
    "text", "json", "github", shown="github: annotations of the changed lines, for a workflow."
)
@click.option("--verbose", "-v", is_flag=True, help="Say also what was ignored.")
def command(inputs: Inputs, form: Format, *, verbose: bool) -> None:
    """Check a platform model: print every problem and every warning.

    Exit code 2 if there is an error; warnings alone leave it 0.
    """
    problems = Collector()
    request = request_of(inputs)
    run = evaluate_into(request, problems)
    evaluation = run.evaluation
    advise(evaluation, run.configurations, problems)
    rules = read_rules(request.start.source, problems)
    problems.warnings = audible(problems.warnings, rules)
    found = sorted({*problems.errors, *problems.warnings}, key=Problem.sort_key)
    if form == "json":
        say(document("Validation", _as_json(found, evaluation)))
    else:
        if found:
            click.echo(format_problems(found, form))
        if form == "text":
            say(_summary(evaluation, problems))
            if verbose:
                _print_passed_over(evaluation)
    sys.exit(2 if problems.errors else 0)


def _as_json(found: list[Problem], evaluation: Evaluation) -> dict[str, object]:
    return {
        "environment": evaluation.environment,
        "valid": not any(problem.severity == "error" for problem in found),
        "assignments": len(evaluation.assignments),
        "clusterTypes": len(evaluation.cluster_types),
        "problems": [problem.as_dict() for problem in found],
        "ignored": dict(evaluation.platform.passed_over),
    }


def _summary(evaluation: Evaluation, problems: Collector) -> str:
    errors, warnings = len(set(problems.errors)), len(set(problems.warnings))
    platform = evaluation.platform
    counts = (
        f"{_many(len(platform.cluster_types), 'cluster type')},"
        f" {_many(len(platform.targets), 'deployment target')},"
        f" {_many(len(platform.policies), 'policy', 'policies')},"
        f" {_many(len(evaluation.assignments), 'assignment')}"
    )
    return (
        f"{evaluation.environment}: {_many(errors, 'error')}, {_many(warnings, 'warning')}"
        f" ({counts})"
    )


def _many(number: int, what: str, several: str = "") -> str:
    return f"{number} {what if number == 1 else several or f'{what}s'}"


def _print_passed_over(evaluation: Evaluation) -> None:
    for kind, number in evaluation.platform.passed_over.items():
        say(f"ignored: {number} of kind {kind}")
