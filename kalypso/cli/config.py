"""`kalypso config`: where every value of an assignment's configuration comes from."""

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
from kalypso.explanation import explain_configuration, find_pair
from kalypso.model import ConfigurationExplanation
from kalypso.report import config_json, config_text
from kalypso.spelling import nearest


@click.command(cls=ModelCommand)
@click.argument("pair", metavar="CLUSTER-TYPE/DEPLOYMENT-TARGET", shell_complete=pair_names)
@model_options
@click.option("--key", default="", help="Show this value only, whole.")
@output_option("text", "json")
def command(pair: str, inputs: Inputs, key: str, form: Literal["text", "json"]) -> None:
    """Show every value of a pair with the file and line that it comes from.

    Also what it overrode, the nearest first, and the schemas that checked it. A pair that is not
    assigned is shown as it would be.
    """
    found = survey(request_of(inputs))
    cluster, target = find_pair(found.platform, pair)
    explanation = explain_configuration(found.platform, cluster, target)
    if key:
        _check_key(explanation, key)
    print_problems(found.warnings)
    assigned = any(each.folder == pair for each in found.assignments)
    if form == "json":
        say(config_json(explanation, key, assigned=assigned))
    else:
        text = config_text(explanation, key, screen_width(), assigned=assigned)
        say_painted(text, colours.conditions)


def _check_key(found: ConfigurationExplanation, key: str) -> None:
    known = [value.key for value in found.values]
    if key in known:
        return
    pair = f"{found.cluster_type}/{found.target}"
    elsewhere = [each for each in found.passed_over if each.key == key]
    if elsewhere:
        first = elsewhere[0]
        hint = f"{first.config_map} has it, for {', '.join(first.lacking)}: {first.at}"
    elif near := nearest(key, known):
        hint = f"did you mean {near!r}?"
    else:
        hint = f"its keys are {', '.join(known)}" if known else "no config map applies to it"
    raise SettingsError(f"{pair} has no value {key!r}", Position(pair), hint, code="unknown-key")
