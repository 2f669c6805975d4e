"""`kalypso why`: which policies assign a pair, or what keeps it apart."""

from __future__ import annotations

from typing import Literal

import click

from kalypso.cli import colours
from kalypso.cli.completion import pair_names
from kalypso.cli.form import output_option, say, say_painted, screen_width
from kalypso.cli.inputs import Inputs, ModelCommand, model_options, request_of
from kalypso.cli.problems import print_problems
from kalypso.errors import Position, SettingsError
from kalypso.evaluation import survey
from kalypso.explanation import explain_pair, find_pair
from kalypso.model import PairExplanation
from kalypso.report import why_json, why_not_text, why_text


@click.command(cls=ModelCommand)
@click.argument("pair", metavar="CLUSTER-TYPE/DEPLOYMENT-TARGET", shell_complete=pair_names)
@model_options
@click.option("--not", "negated", is_flag=True, help="Ask why the pair is not assigned.")
@output_option("text", "json")
def command(pair: str, inputs: Inputs, form: Literal["text", "json"], *, negated: bool) -> None:
    """Show the policies that assign a pair, and the labels that matched on each side.

    With --not, every policy with the conditions that the pair does not meet, the nearest first.
    """
    found = survey(request_of(inputs))
    cluster, target = find_pair(found.platform, pair)
    explanation = explain_pair(found.platform, cluster, target)
    _check_question(explanation, pair, negated=negated)
    print_problems(found.warnings)
    if form == "json":
        verdicts = explanation.verdicts if negated else explanation.selecting
        say(why_json(explanation, verdicts))
    else:
        text = (why_not_text if negated else why_text)(explanation, screen_width())
        say_painted(text, colours.conditions)


def _check_question(explanation: PairExplanation, pair: str, *, negated: bool) -> None:
    selecting = explanation.selecting
    if negated and selecting:
        names = ", ".join(verdict.policy.name for verdict in selecting)
        raise SettingsError(
            f"{pair} is assigned, by {names}",
            Position(pair),
            "ask without --not",
            code="assigned",
        )
    if not negated and not selecting:
        raise SettingsError(
            f"{pair} is not assigned", Position(pair), "ask with --not", code="not-assigned"
        )
