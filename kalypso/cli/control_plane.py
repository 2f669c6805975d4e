"""Where commands find the control plane, and how they read what its model points at."""

from __future__ import annotations

import os
from pathlib import Path

from kalypso.application.onboarding import Plane, read_plane
from kalypso.cli.place import find_place, forge_folder
from kalypso.loading import NamedRepositories
from kalypso.rendering import RenderSettings


def find_plane(folder: Path | None, given: str) -> Plane:
    """Return the control plane that a command is about.

    Args:
        folder: Of the local forge, as the command's option names it.
        given: An address, `OWNER/NAME`, or a name on the local forge; empty for the only one there.

    Raises:
        KalypsoError: There is none, or it cannot be read.
    """
    place = find_place(folder, given, lambda name: name.endswith("-control-plane"))
    beside = None if place.page else forge_folder(folder).folder
    repositories = NamedRepositories(folder=beside)
    return read_plane(place, repositories, _rendering)


def _rendering(environment: str) -> RenderSettings:
    """Return what the settings of this folder choose; the defaults where there are none."""
    from kalypso.stack import (
        environments_in,
        find_settings,
        settings_folder,
    )

    folder = settings_folder(Path.cwd())
    if folder is None or environment not in environments_in(folder):
        return RenderSettings()
    return find_settings(folder, environment, os.environ).settings.rendering
