"""`kalypso get`: the things of a model in a table, or as data."""

from __future__ import annotations

from collections.abc import Mapping

import click

from kalypso.cli.form import output_option, say
from kalypso.cli.inputs import Inputs, model_options, request_of
from kalypso.cli.problems import print_problems
from kalypso.evaluation import Survey, survey
from kalypso.report import LISTINGS, Contents, ListForm, format_listing


@click.command()
@click.argument("what", metavar="WHAT", type=click.Choice(list(LISTINGS)))
@click.option("--workload", default="", metavar="NAME", help="Only assignments of this workload.")
@model_options
@output_option(
    "text",
    "wide",
    "json",
    "yaml",
    "csv",
    "name",
    shown="wide: more columns; name: one name a line.",
)
def command(what: str, workload: str, inputs: Inputs, form: ListForm) -> None:
    """List things of a model.

    WHAT is assignments, cluster-types, targets, workloads, policies, templates or configs.

    Templates are not rendered, so a model with a mistake in one can be listed. Exit code 2 if the
    model cannot be read whole.
    """
    found = survey(request_of(inputs))
    print_problems(found.warnings)
    contents = Contents(
        platform=found.platform,
        assignments=tuple(
            each for each in found.assignments if workload in {"", each.target.workload}
        ),
        reach=_reach(found) if what == "configs" else {},
    )
    listing = LISTINGS[what](contents)
    if listing.rows or form in ("json", "yaml", "csv"):
        say(format_listing(listing, form))
    else:
        say(f"no {what.replace('-', ' ')} in {inputs.environment}", err=True)


def _reach(found: Survey) -> Mapping[str, int]:
    from kalypso.explanation import reach  # noqa: PLC0415  # no other listing needs that room

    return reach(found.platform, found.assignments)
