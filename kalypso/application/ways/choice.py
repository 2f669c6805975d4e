"""Which way an application makes its manifests: seen from its files, the same for every target.

| what is there                                                      | way        |
| ------------------------------------------------------------------ | ---------- |
| a folder with `Chart.yaml`, usually `chart`                        | Helm       |
| a kustomization in `TARGET`, `overlays/TARGET` or among the values | Kustomize  |
| YAML files in a folder named like the target                       | plain YAML |
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

import msgspec

from kalypso.application.targets import Target
from kalypso.application.ways.helm import CHART, VALUES, render_chart
from kalypso.application.ways.kustomize import build, kustomization_in
from kalypso.application.ways.laid_out import CONFIGS, SOURCE, LaidOut
from kalypso.application.ways.plain import copy, has_manifests
from kalypso.errors import LoadError, Position
from kalypso.model import Source

FOLDERS = ("chart", "kustomize", "manifests")
"""Where manifests are made from, unless a folder is named."""


class Rendered(msgspec.Struct, frozen=True, kw_only=True):
    """The manifests of a target."""

    target: Target
    files: Mapping[str, str]
    """Text by path in the folder of the target, sorted."""
    way: str
    """How they were made, for people."""
    values: tuple[str, ...] = ()
    """Files with values, the later ones winning: the first in the source, the others beside it."""


def render_target(
    target: Target, files: LaidOut, source: Source, configs: Source | None, folder: str = ""
) -> Rendered:
    """Make the manifests of a target.

    Args:
        target: Whose manifests are wanted.
        files: Where source and values are laid out.
        source: The application's source.
        configs: Values of the environment, if there are any.
        folder: Where in the source manifests are made from; empty for the first of `FOLDERS`.

    Raises:
        KalypsoError: Manifests cannot be made, or there are none.
    """
    chosen = folder.strip("/") or next((f for f in FOLDERS if _has(source, f)), "")
    rendered = _rendered(target, files, source, configs, chosen)
    if not rendered.files:
        raise LoadError(
            f"there are no manifests for {target.name!r}",
            Position(source.place(chosen or f"{FOLDERS[0]}/")),
            "add a chart, a kustomization or YAML files for the target, or name the folder with"
            " --manifests",
            code="no-manifests",
        )
    return rendered


def _rendered(
    target: Target, files: LaidOut, source: Source, configs: Source | None, folder: str
) -> Rendered:
    if folder and f"{folder}/{CHART}" in source.files:
        own = f"{target.name}/{VALUES}"
        return Rendered(
            target=target,
            files=_sorted(render_chart(target, files, folder, source, configs)),
            way=f"Helm chart {folder} with {configs.place(own) if configs else own}",
            values=(f"{folder}/{VALUES}", own),
        )
    trees = {SOURCE: source} if configs is None else {SOURCE: source, CONFIGS: configs}
    places = list(_places(target, folder, configs is not None))
    for tree, place in places:
        if kustomization_in(trees[tree], place):
            built = build(target, files, tree, place, trees)
            shown = trees[tree].place(place)
            return Rendered(target=target, files=_sorted(built), way=f"kustomization {shown}")
    for tree, place in places:
        if has_manifests(trees[tree], place):
            copied = copy(target, trees[tree], place)
            shown = trees[tree].place(place)
            return Rendered(target=target, files=_sorted(copied), way=f"files of {shown}")
    return Rendered(target=target, files={}, way="")


def _places(target: Target, folder: str, configs: bool) -> Iterator[tuple[str, str]]:  # noqa: FBT001 - one of three plain facts
    """Yield where a target's own folder may be: first in the source, then among the values."""
    if folder:
        yield SOURCE, posixpath.join(folder, "overlays", target.name)
        yield SOURCE, posixpath.join(folder, target.name)
    if configs:
        yield CONFIGS, target.name


def _has(source: Source, folder: str) -> bool:
    return any(path.startswith(f"{folder}/") for path in source.files)


def _sorted(files: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(files.items()))
