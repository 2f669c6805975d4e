"""The targets of a Workload file in one environment, and where the manifests of each go."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

import msgspec

from kalypso.errors import Collector, LoadError, ModelError, Position
from kalypso.loading import read_workloads
from kalypso.model import (
    DeploymentTarget,
    Origin,
    Pointer,
    Source,
    Workload,
    WorkloadRegistration,
)

_FOLDERS = ("workload", "workloads")
"""Where Workload files are looked for, unless a place is named."""
_SUFFIXES = (".yaml", ".yml", ".json")


class Folder(msgspec.Struct, frozen=True):
    """A folder of a branch: what one target owns in the application's GitOps repository."""

    repository: str
    branch: str
    path: str
    """From the root; empty for the root itself."""

    def owns(self, path: str) -> bool:
        """Return whether a file of the branch is the target's; hidden folders never are."""
        if self.path:
            return path.startswith(f"{self.path}/")
        return not path.startswith(".") and path.endswith(_SUFFIXES)

    def file(self, name: str) -> str:
        """Return the path of a file in the folder, from the root of the branch."""
        return f"{self.path}/{name}" if self.path else name


class Target(msgspec.Struct, frozen=True):
    """A target of a Workload."""

    name: str
    """As the Workload file names it."""
    workload: str
    folder: Folder
    at: Position


def targets_in(source: Source, place: str, environment: str) -> tuple[Target, ...]:
    """Return the targets of an environment, in the order of the Workload file.

    Args:
        source: The application's source.
        place: Folder of the Workload file; empty for ``workload`` or ``workloads``.
        environment: Whose targets are wanted.

    Raises:
        Problems: The Workload file is missing or wrong, or nothing in it is for the environment.
    """
    found = Collector()
    workloads = workloads_in(source, place, found)
    found.raise_errors()
    wanted = [t for each in workloads for t in each.targets if t.environment == environment]
    if not wanted:
        raise _no_target(workloads, environment)
    targets: list[Target] = []
    for target in wanted:
        with found.catching():
            targets.append(Target(target.short_name, target.workload, _folder(target), target.at))
    found.raise_errors()
    _refuse_shared(targets)
    return tuple(targets)


def workloads_in(source: Source, place: str, problems: Collector) -> list[Workload]:
    """Read the Workloads of an application, as the platform will read them.

    Raises:
        LoadError: There is no Workload file.
    """
    path = place.strip("/") or next(
        (f for f in _FOLDERS if any(p.startswith(f"{f}/") for p in source.files)), ""
    )
    nowhere = Position(source.place(path or f"{_FOLDERS[0]}/"))
    if not path:
        raise LoadError(
            "there is no Workload file",
            nowhere,
            "say there where the application wants to run; `kalypso onboard` writes one",
            code="no-workload-file",
        )
    registration = WorkloadRegistration(
        name=path,
        labels={},
        origin=Origin(nowhere.file, "", 0, 1),
        workload=Pointer(repo=source.name, path=path, at=nowhere),
        workspace="",
    )
    found = read_workloads(registration, _Only(source), problems, strict=True)
    if not found and not problems.errors:
        raise LoadError(
            "there is no Workload in this folder",
            nowhere,
            "name the folder of the Workload file with --workload",
            code="no-workload-file",
        )
    return found


class _Only(msgspec.Struct, frozen=True):
    """Repositories of which there is one."""

    source: Source

    def read(self, pointer: Pointer) -> Source:
        """Return the one that there is."""
        del pointer
        return self.source


def _no_target(workloads: Iterable[Workload], environment: str) -> ModelError:
    every = list(workloads)
    known = sorted({target.environment for each in every for target in each.targets})
    return ModelError(
        f"no deployment target is for the environment {environment!r}",
        every[0].at,
        f"the Workload has targets for {' and '.join(known)}" if known else "add one",
        code="no-target",
    )


def _folder(target: DeploymentTarget) -> Folder:
    """Return where the manifests of a target go.

    Raises:
        LoadError: The target does not say it, or names a folder outside of the branch.
    """
    lacking = [key for key in ("repo", "branch", "path") if not target.manifests.get(key)]
    if lacking:
        raise LoadError(
            f"the target {target.short_name!r} does not say where its manifests go:"
            f" manifests.{lacking[0]} is missing",
            target.at,
            "name repo, branch and path of its folder in the application's GitOps repository",
            code="no-manifests-place",
        )
    given = target.manifests["path"]
    path = posixpath.normpath(given)
    if path.startswith(("/", "..")) or (path.startswith(".") and path != "."):
        raise LoadError(
            f"the path {given!r} is not a folder of the branch",
            target.manifest_at("path"),
            f"for example ./{target.short_name}",
            code="bad-target-path",
        )
    inside = "" if path == "." else path
    return Folder(target.manifests["repo"], target.manifests["branch"], inside)


def _refuse_shared(targets: list[Target]) -> None:
    """Refuse a folder that two targets would own: each would remove the files of the other."""
    found = Collector()
    for index, target in enumerate(targets):
        for first in targets[:index]:
            if _overlap(first.folder, target.folder):
                where = target.folder.path or "the root"
                found.error(
                    ModelError(
                        f"the targets {first.name!r} and {target.name!r} both write to {where} of"
                        f" the branch {target.folder.branch!r}",
                        target.at,
                        "give each target a folder of its own in manifests.path",
                        code="shared-target-path",
                    )
                )
    found.raise_errors()


def _overlap(one: Folder, other: Folder) -> bool:
    if (one.repository, one.branch) != (other.repository, other.branch):
        return False
    first, second = f"{one.path}/", f"{other.path}/"
    return not one.path or not other.path or first.startswith(second) or second.startswith(first)
