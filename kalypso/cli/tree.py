"""`kalypso tree`: who runs where, as a tree."""

from __future__ import annotations

from typing import Literal

import click

from kalypso.cli.form import output_option, say, screen_width
from kalypso.cli.inputs import Inputs, ModelCommand, model_options, request_of
from kalypso.cli.problems import print_problems
from kalypso.evaluation import survey
from kalypso.report import Contents, TreeOrder, tree_json, tree_text


@click.command(cls=ModelCommand)
@model_options
@click.option(
    "--by",
    "order",
    type=click.Choice(["cluster-type", "workload", "workspace"]),
    default="cluster-type",
    show_default=True,
    help="What stands at the root.",
)
@output_option("text", "json")
def command(inputs: Inputs, order: TreeOrder, form: Literal["text", "json"]) -> None:
    """Show who runs where as a tree, with the policies that say so.

    What has no assignment is shown too.
    """
    found = survey(request_of(inputs))
    print_problems(found.warnings)
    contents = Contents(platform=found.platform, assignments=found.assignments)
    if form == "json":
        say(tree_json(contents, order))
    else:
        say(tree_text(contents, order, screen_width()))
