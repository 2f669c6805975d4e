"""The request that evaluates a model again, at exactly the commits that a provenance names."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import msgspec
from msgspec.structs import replace

from kalypso.errors import SettingsError, SourceError
from kalypso.evaluation.request import Request, key_of
from kalypso.git import mask
from kalypso.loading import ControlPlane
from kalypso.model import Convention, Pointer, Provenance, Repositories, Source, prefetch
from kalypso.rendering import RenderSettings
from kalypso.template import MissingKey

_CONVENTIONS: dict[str, Convention] = {"walkthrough": "walkthrough", "operator": "operator"}
_MISSING_KEYS: dict[str, MissingKey] = {"error": "error", "default": "default", "zero": "zero"}


class AtCommits(msgspec.Struct, frozen=True):
    """Repositories of which each branch is read at the commit that a provenance names."""

    provenance: Provenance
    repositories: Repositories

    def read(self, pointer: Pointer) -> Source:
        """Read what a pointer names, at the commit that was read then."""
        pinned = self._at_commit(pointer)
        return _proven(self.repositories.read(pinned), pinned)

    def prefetch(self, pointers: Iterable[Pointer]) -> None:
        """Read what will be asked for, at the commits that were read then."""
        pinned = []
        for pointer in pointers:
            with suppress(SourceError):  # raised again when it is asked for
                pinned.append(self._at_commit(pointer))
        prefetch(self.repositories, pinned)

    def _at_commit(self, pointer: Pointer) -> Pointer:
        if pointer.commit:
            return pointer
        wanted = key_of(pointer)
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
        left_out=provenance.left_out,
    )


def _proven(source: Source, pointer: Pointer) -> Source:
    """Refuse a folder in place of a commit: it may hold anything."""
    if source.commit == pointer.commit:
        return source
    raise SourceError(
        f"{mask(pointer.repo)} is not read at the commit {pointer.commit[:10]}: the place that"
        " stands for it is not a repository",
        pointer.at,
        "name a clone of it, not a folder of files",
        code="no-commit",
    )


def _settings(provenance: Provenance) -> RenderSettings:
    written, default = dict(provenance.settings), RenderSettings()
    written.pop("path", None)
    convention = _CONVENTIONS.get(written.pop("conventions", default.convention))
    missing_key = _MISSING_KEYS.get(written.pop("missing-key", default.missing_key))
    allowed = frozenset(filter(None, written.pop("allow", "").split(",")))
    if written or convention is None or missing_key is None:
        raise SettingsError(
            "the commit was made with settings that this version does not know",
            hint=f"use version {provenance.version}, which made it",
            code="unknown-setting",
        )
    return RenderSettings(convention=convention, missing_key=missing_key, allowed_functions=allowed)
