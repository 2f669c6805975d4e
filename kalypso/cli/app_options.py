"""Options that name an application and the environment that it is rendered for."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import click
import msgspec

from kalypso.application import Wanted
from kalypso.cli.completion import environment_names
from kalypso.cli.form import output_option
from kalypso.cli.place import forge_option

C = TypeVar("C", bound=Callable[..., Any])
_PLACE = "DIR|REPOSITORY@BRANCH[:PATH]"
_OPTIONS = (
    click.option(
        "--environment",
        "-e",
        required=True,
        shell_complete=environment_names,
        help="Environment to render for.",
    ),
    click.option(
        "--source",
        default=".",
        show_default=True,
        metavar=_PLACE,
        help="The application's source: Workload file, and chart, kustomization or manifests.",
    ),
    click.option(
        "--configs",
        default="",
        metavar=_PLACE,
        help="Values of the environment: a folder for each target. Default: the source's branch"
        " ENVIRONMENT-configs.",
    ),
    click.option(
        "--workload",
        default="",
        metavar="FOLDER",
        help="Folder of the Workload file. Default: workload or workloads.",
    ),
    click.option(
        "--manifests",
        default="",
        metavar="FOLDER",
        help="Folder of the chart, the overlays or the plain files. Default: chart, kustomize or"
        " manifests.",
    ),
)
_IMAGE = click.option(
    "--image",
    "images",
    multiple=True,
    metavar="NAME=REPOSITORY@DIGEST",
    help="The exact image for what the manifests call NAME. Repeatable.",
)
_DELIVERING = (
    click.option(
        "--remove",
        "removed",
        multiple=True,
        metavar="TARGET",
        help="Let the folder of a target go that the Workload file has no more. Repeatable.",
    ),
    click.option(
        "--no-registry",
        is_flag=True,
        help="Do not ask registries whether they have the images. KALYPSO_REGISTRY_TOKEN may hold"
        " a token for them.",
    ),
    click.option("--merge", is_flag=True, help="Merge what was opened, unless a person closed it."),
    forge_option,
    click.option("--dry-run", is_flag=True, help="Say what would be proposed, and write nothing."),
    output_option("text", "json"),
)


class Delivering(msgspec.Struct, frozen=True, kw_only=True):
    """How what was rendered is proposed."""

    removed: tuple[str, ...]
    """Targets whose folders may go."""
    no_registry: bool
    merge: bool
    dry_run: bool
    forge: Path | None
    form: str


def delivery_options(command: C) -> C:
    """Add the options of commands that propose; the command gets them as ``delivering``."""
    return _with_options(command, "delivering", Delivering, _DELIVERING)


def wanted_options(*, images: bool) -> Callable[[C], C]:
    """Return what adds the options; the command gets them as ``wanted``.

    Args:
        images: Whether exact images may be named.
    """
    options = (*_OPTIONS, _IMAGE) if images else _OPTIONS
    return lambda command: _with_options(command, "wanted", Wanted, options)


def _with_options(command: C, name: str, made: type[Any], options: tuple[Any, ...]) -> C:
    """Add options, and hand them to the command as one record."""

    @functools.wraps(command)
    def wrapped(**given: Any) -> object:  # noqa: ANN401 - whatever the command declares
        names = [each for each in made.__struct_fields__ if each in given]
        own = {each: given.pop(each) for each in names}
        return command(**{name: made(**own)}, **given)

    decorated: Any = wrapped
    for option in reversed(options):
        decorated = option(decorated)
    return cast("C", decorated)
