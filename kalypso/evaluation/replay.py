"""Remembers which commits an evaluation read, and evaluates again at exactly these.

What was read is the provenance of a delivered commit. From it, `kalypso verify` proves a commit,
and a pull request can tell which objects of the model caused a change.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from kalypso import __version__
from kalypso.errors import SettingsError, SourceError
from kalypso.evaluation.pipeline import Request
from kalypso.git.address import mask
from kalypso.loading.platform import ControlPlane
from kalypso.model.objects import Convention
from kalypso.model.platform import Platform
from kalypso.model.provenance import Provenance, Reading
from kalypso.model.records import Pointer, Repositories, Source
from kalypso.rendering.render import RenderSettings
from kalypso.template import MissingKey

_CONVENTIONS: dict[str, Convention] = {"walkthrough": "walkthrough", "operator": "operator"}
_MISSING_KEYS: dict[str, MissingKey] = {"error": "error", "default": "default", "zero": "zero"}


@dataclass(frozen=True, slots=True)
class Recorder:
    """Repositories that remember what was read from them."""

    repositories: Repositories
    readings: set[Reading] = field(default_factory=set)
    """An empty commit stands for a folder."""

    def read(self, pointer: Pointer) -> Source:
        """Read what a pointer names."""
        return self._remember(pointer, self.repositories.read(pointer))

    def read_base(self, pointer: Pointer) -> Source:
        """Read the base."""
        return self._remember(pointer, self.repositories.read_base(pointer))

    def _remember(self, pointer: Pointer, source: Source) -> Source:
        self.readings.add(Reading(mask(pointer.repo), pointer.branch, source.commit))
        return source

    def provenance(
        self, start: ControlPlane, platform: Platform, settings: RenderSettings
    ) -> Provenance | None:
        """Return what an evaluation was made of; None if something of it was no commit."""
        pointer, commit = start.pointer, start.source.commit
        if pointer is None or not commit or not all(each.commit for each in self.readings):
            return None
        bases = {(mask(base.pointer.repo), base.pointer.branch) for base in platform.base_repos}
        of_base = {each for each in self.readings if (each.repository, each.branch) in bases}
        return Provenance(
            control_plane=Reading(mask(pointer.repo), pointer.branch, commit),
            bases=tuple(sorted(of_base)),
            workloads=tuple(sorted(self.readings - of_base)),
            settings=_told(settings, start.path),
            version=__version__,
        )


@dataclass(frozen=True, slots=True)
class AtCommits:
    """Repositories of which each branch is read at the commit that a provenance names."""

    provenance: Provenance
    repositories: Repositories

    def read(self, pointer: Pointer) -> Source:
        """Read what a pointer names, at the commit that was read then."""
        pinned = self._at_commit(pointer)
        return _proven(self.repositories.read(pinned), pinned)

    def read_base(self, pointer: Pointer) -> Source:
        """Read the base, at the commit that was read then."""
        pinned = self._at_commit(pointer)
        return _proven(self.repositories.read_base(pinned), pinned)

    def _at_commit(self, pointer: Pointer) -> Pointer:
        if pointer.commit:
            return pointer
        wanted = (mask(pointer.repo), pointer.branch)
        for each in (*self.provenance.bases, *self.provenance.workloads):
            if (each.repository, each.branch) == wanted:
                return replace(pointer, commit=each.commit)
        raise SourceError(
            f"no trailer of the commit names {mask(pointer.repo)}, branch {pointer.branch}",
            pointer.at,
            "the commit was made from other sources than those that it names",
            code="no-trailer",
        )


def request_at(
    provenance: Provenance, environment: str, repositories: Repositories, *, strict: bool = False
) -> Request:
    """Return the request that evaluates a model at the commits of a provenance.

    Raises:
        SourceError: The control plane cannot be read there.
        SettingsError: The settings of the provenance are not known to this version.
    """
    first = provenance.control_plane
    path = provenance.settings.get("path", ".")
    pointer = Pointer(repo=first.repository, branch=first.branch, path=path)
    pinned = replace(pointer, commit=first.commit)
    source = _proven(repositories.read(pinned), pinned)
    start = ControlPlane(environment=environment, source=source, path=path, pointer=pointer)
    return Request(
        start=start,
        repositories=AtCommits(provenance, repositories),
        settings=_settings(provenance),
        strict=strict,
    )


def _proven(source: Source, pointer: Pointer) -> Source:
    """Refuse a folder in place of a commit: it may hold anything."""
    if source.commit == pointer.commit:
        return source
    raise SourceError(
        f"{mask(pointer.repo)} is not read at the commit {pointer.commit[:10]}: the place that"
        " stands for it is no repository",
        pointer.at,
        "name a clone of it, not a folder of files",
        code="no-commit",
    )


def _told(settings: RenderSettings, path: str) -> dict[str, str]:
    """Return what differs from the defaults, as trailers hold it."""
    default = RenderSettings()
    told = {
        "conventions": (settings.convention, default.convention),
        "missing-key": (settings.missing_key, default.missing_key),
        "allow": (",".join(sorted(settings.allowed_functions)), ""),
        "path": (path, "."),
    }
    return {key: value for key, (value, usual) in told.items() if value != usual}


def _settings(provenance: Provenance) -> RenderSettings:
    told, default = dict(provenance.settings), RenderSettings()
    told.pop("path", None)
    convention = _CONVENTIONS.get(told.pop("conventions", default.convention))
    missing_key = _MISSING_KEYS.get(told.pop("missing-key", default.missing_key))
    allowed = frozenset(filter(None, told.pop("allow", "").split(",")))
    if told or convention is None or missing_key is None:
        raise SettingsError(
            "the commit was made with settings that this version does not know",
            hint=f"use version {provenance.version}, which made it",
            code="unknown-setting",
        )
    return RenderSettings(convention=convention, missing_key=missing_key, allowed_functions=allowed)
