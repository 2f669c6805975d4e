"""From the source of an application to the manifests of its targets in one environment."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from kalypso.application.checkout import Checkout, read_application, read_configs
from kalypso.application.images import Image, chosen_images, images_in, with_images
from kalypso.application.manifests import manifests_in
from kalypso.application.targets import Target, targets_in
from kalypso.application.ways import Rendered, render_target
from kalypso.application.ways.laid_out import laid_out
from kalypso.errors import Collector, ModelError


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is rendered, as a user names it."""

    environment: str
    source: str = "."
    configs: str = ""
    """Where the values are; empty for the branch ``<environment>-configs``."""
    workload: str = ""
    """Folder of the Workload file; empty for the usual one."""
    manifests: str = ""
    """Folder of the chart, of overlays or of plain files; empty for the usual ones."""
    images: tuple[str, ...] = ()
    """Each ``NAME=REPOSITORY@sha256:…``."""


class Application(msgspec.Struct, frozen=True, kw_only=True):
    """An application, rendered for an environment."""

    environment: str
    source: Checkout
    configs: Checkout | None
    images: Mapping[str, Image] = msgspec.field(default_factory=dict)
    rendered: tuple[Rendered, ...]
    """In the order of the Workload file."""


def render_application(
    wanted: Wanted,
    *,
    committed: bool,
    commit: str = "",
    images: Mapping[str, Image] | None = None,
) -> Application:
    """Render all targets of an environment, or none.

    Args:
        wanted: What to render.
        committed: Whether a folder is read as it was last committed.
        commit: Of the source, in place of the newest one.
        images: Exact images, in place of those of the options.

    Raises:
        KalypsoError: The application has errors: all of them.
    """
    chosen = chosen_images(wanted.images) if images is None else images
    application = read_application(wanted.source, committed=committed, commit=commit)
    targets = targets_in(application.source, wanted.workload, wanted.environment)
    configs = read_configs(wanted.configs, application, wanted.environment)
    return Application(
        environment=wanted.environment,
        source=application,
        configs=configs,
        images=chosen,
        rendered=_rendered(targets, application, configs, wanted.manifests, chosen),
    )


def named_target(wanted: Wanted, name: str) -> Target:
    """Return one target of an environment, from the source as it is.

    Raises:
        KalypsoError: The application has no such target.
    """
    application = read_application(wanted.source, committed=False)
    targets = targets_in(application.source, wanted.workload, wanted.environment)
    for each in targets:
        if each.name == name:
            return each
    raise ModelError(
        f"{wanted.environment} has no deployment target {name!r}",
        targets[0].at,
        f"there are {', '.join(each.name for each in targets)}",
        code="no-target",
    )


def _rendered(
    targets: tuple[Target, ...],
    application: Checkout,
    configs: Checkout | None,
    folder: str,
    chosen: Mapping[str, Image],
) -> tuple[Rendered, ...]:
    found, rendered = Collector(), list[Rendered]()
    values = configs.source if configs else None
    with laid_out(application.source, values) as files:
        for target in targets:
            with found.catching():
                made = render_target(target, files, application.source, values, folder)
                rendered.append(_with_images(made, chosen))
    found.raise_errors()
    return tuple(rendered)


def _with_images(made: Rendered, chosen: Mapping[str, Image]) -> Rendered:
    place = f"manifests of {made.target.name}: "
    manifests_in(made.files, place)
    images_in(made.files)
    files = with_images(made.files, chosen, made.target.name, made.target.at)
    return replace(made, files=files)
