"""Remembers which commits an evaluation reads: the provenance of what it gives.

From the provenance of a delivered commit, `kalypso verify` proves that commit, and a pull request
says which objects of the model caused a change.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from kalypso import __version__
from kalypso.evaluation.request import Request
from kalypso.git import mask
from kalypso.model import Platform, Pointer, Provenance, Reading, Repositories, Source, prefetch
from kalypso.rendering import RenderSettings


class Recorder(msgspec.Struct, frozen=True):
    """Repositories that remember what was read from them."""

    repositories: Repositories
    readings: set[Reading] = msgspec.field(default_factory=set)
    """An empty commit stands for a folder."""

    def read(self, pointer: Pointer) -> Source:
        """Read what a pointer names."""
        source = self.repositories.read(pointer)
        self.readings.add(Reading(mask(pointer.repo), pointer.branch, source.commit))
        return source

    def prefetch(self, pointers: Iterable[Pointer]) -> None:
        """Read what will be asked for; only what is asked for is remembered."""
        prefetch(self.repositories, pointers)

    def provenance(self, request: Request, platform: Platform) -> Provenance | None:
        """Return what an evaluation was made of; None if part of it was not a commit."""
        start = request.start
        pointer, commit = start.pointer, start.source.commit
        if pointer is None or not commit or not all(each.commit for each in self.readings):
            return None
        bases = {(mask(base.pointer.repo), base.pointer.branch) for base in platform.base_repos}
        of_base = {each for each in self.readings if (each.repository, each.branch) in bases}
        return Provenance(
            control_plane=Reading(mask(pointer.repo), pointer.branch, commit),
            bases=tuple(sorted(of_base)),
            workloads=tuple(sorted(self.readings - of_base)),
            settings=_not_default(request.settings, start.path),
            version=__version__,
        )


def _not_default(settings: RenderSettings, path: str) -> dict[str, str]:
    """Return the settings that differ from the defaults, as trailers hold them."""
    default = RenderSettings()
    written = {
        "conventions": (settings.convention, default.convention),
        "missing-key": (settings.missing_key, default.missing_key),
        "allow": (",".join(sorted(settings.allowed_functions)), ""),
        "path": (path, "."),
    }
    return {key: value for key, (value, usual) in written.items() if value != usual}
