"""Repositories that exist only in a test: files by path, read by the last part of their URL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kalypso.errors import SourceError
from kalypso.evaluation import Request
from kalypso.loading.sources import last_part
from kalypso.loading.start import ControlPlane
from kalypso.model.objects import Convention
from kalypso.model.repositories import Pointer, Source
from kalypso.rendering import RenderSettings
from kalypso.template import MissingKey
from tests.platforms.case_file import CaseFile

CONVENTIONS: dict[str, Convention] = {"walkthrough": "walkthrough", "operator": "operator"}
MISSING: dict[str, MissingKey] = {"error": "error", "default": "default", "zero": "zero"}


def source(prefix: str, files: Mapping[str, bytes]) -> Source:
    """Take the files below a folder as a tree of their own."""
    start = f"{prefix}/"
    return Source(
        start, {path.removeprefix(start): files[path] for path in files if path.startswith(start)}
    )


@dataclass(frozen=True, slots=True)
class MemoryRepositories:
    """Gives what stands below ``base/`` and ``repositories/<last part of the URL>/``."""

    files: Mapping[str, bytes] = field(repr=False)

    def read(self, pointer: Pointer) -> Source:
        """Read what a pointer names; the base below ``base/``, if there is anything.

        Raises:
            SourceError: There is no such repository among the files.
        """
        base = source("base", self.files)
        if pointer.main_base and base.files:
            return base
        name = last_part(pointer.repo)
        prefix = f"repositories/{name}"
        found = source(prefix, self.files)
        if not found.files:
            raise SourceError(f"there is no repository {name!r}", code="no-such-repository")
        return found


def control_plane(
    files: Mapping[str, bytes], environment: str, pointer: Pointer | None = None
) -> ControlPlane:
    """Begin where the files below ``env/`` are the environment's branch."""
    return ControlPlane(environment=environment, source=source("env", files), pointer=pointer)


def request_of(case: CaseFile) -> Request:
    """Return the request that evaluates a case."""
    files, settings = case.input(), case.settings
    environment = settings.get("environment", "dev")
    return Request(
        start=control_plane(files, environment, pointer_of(settings.get("pointer", ""))),
        repositories=MemoryRepositories(files),
        settings=RenderSettings(
            convention=CONVENTIONS[settings.get("conventions", "walkthrough")],
            missing_key=MISSING[settings.get("missing-key", "error")],
            allowed_functions=frozenset(settings.get("allow", "").split()),
        ),
        strict=settings.get("strict") == "true",
    )


def pointer_of(text: str) -> Pointer | None:
    """Read ``REPOSITORY@BRANCH``: where the settings say that the environment's branch is."""
    repository, _, branch = text.rpartition("@")
    return Pointer(repo=repository, branch=branch) if branch else None
