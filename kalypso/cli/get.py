"""`kalypso get`: the things of a model in a table, or as data."""

from __future__ import annotations

from collections.abc import Mapping

import click

from kalypso.cli.form import output_option, say, say_fitted, screen_width
from kalypso.cli.inputs import Inputs, ModelCommand, model_options, request_of
from kalypso.cli.problems import print_problems
from kalypso.evaluation import Survey, survey
from kalypso.report import (
    LISTINGS,
    Contents,
    ListForm,
    format_listing,
    parse_conditions,
    selected,
    sorted_by,
)

_SINGULAR = {
    **{name.removesuffix("s"): name for name in LISTINGS},
    "policy": "policies",
    "target": "targets",
    "deployment-target": "targets",
    "deployment-targets": "targets",
}


class _Listed(click.Choice[str]):
    """What can be listed, in the plural or in the singular."""

    def __init__(self) -> None:
        super().__init__(list(LISTINGS))

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name of a listing."""
        return super().convert(_SINGULAR.get(value, value), param, ctx)


@click.command(cls=ModelCommand)
@click.argument("what", metavar="WHAT", type=_Listed())
@click.option("--workload", default="", metavar="NAME", help="Only assignments of this workload.")
@model_options
@click.option(
    "--selector",
    "-l",
    default="",
    metavar="LABELS",
    help="Only what has these labels: key=value,key!=value,key,!key.",
)
@click.option("--sort-by", default="", metavar="COLUMN", help="Order by a column.")
@click.option("--no-headers", is_flag=True, help="text, wide: leave the headings out.")
@output_option(
    "text",
    "wide",
    "json",
    "yaml",
    "csv",
    "name",
    shown="wide: more columns; name: one name a line.",
)
def command(
    what: str,
    inputs: Inputs,
    form: ListForm,
    *,
    workload: str,
    selector: str,
    sort_by: str,
    no_headers: bool,
) -> None:
    """List things of a model.

    WHAT is assignments, cluster-types, targets, workloads, policies, templates or configs; one of
    them in the singular means the same.

    Templates are not rendered, so a model with a mistake in one can be listed. Exit code 2 if the
    model cannot be read whole.
    """
    conditions = parse_conditions(selector)
    found = survey(request_of(inputs))
    print_problems(found.warnings)
    contents = Contents(
        platform=found.platform,
        assignments=tuple(
            each for each in found.assignments if workload in {"", each.target.workload}
        ),
        reach=_reach(found) if what == "configs" else {},
    )
    listing = LISTINGS[what](selected(contents, conditions))
    listing = sorted_by(listing, sort_by) if sort_by else listing
    if listing.rows or form in ("json", "yaml", "csv"):
        text = format_listing(listing, form, screen_width())
        say(text.partition("\n")[2] if no_headers and form in ("text", "wide") else text)
    else:
        matching = "matching " if selector or workload else ""
        say_fitted(f"no {matching}{what.replace('-', ' ')} in {inputs.environment}", err=True)


def _reach(found: Survey) -> Mapping[str, int]:
    from kalypso.explanation import reach

    return reach(found.platform, found.assignments)
