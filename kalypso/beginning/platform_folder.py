"""Begins a platform: the project, and the repositories of the control plane and of GitOps.

Everything is written into a folder beside the one that is asked for, which takes its name at the
end: an interrupted beginning leaves nothing that a later one trips over.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import msgspec

from kalypso.beginning.choices import Choices
from kalypso.beginning.model_files import environment_files, gitops_files, main_files
from kalypso.beginning.project_files import project_files
from kalypso.errors import Position, SettingsError
from kalypso.forge import AUTHOR, FORGES, forge_of
from kalypso.git import (
    NO_COMMIT,
    RefUpdate,
    Signature,
    create_repository,
    update_refs,
    write_commit,
)


class Begun(msgspec.Struct, frozen=True):
    """What was begun."""

    folder: Path
    files: tuple[str, ...]
    """Of the project, sorted."""
    repositories: Mapping[str, Path]
    """Bare repositories by their name, with all branches."""
    urls: Mapping[str, str]
    """Their addresses by ``control-plane`` and ``gitops``."""


def begin(folder: Path, choices: Choices, project: Path, now: int) -> Begun:
    """Write a platform into a folder that does not exist or is empty.

    Args:
        folder: Where.
        choices: What the user chose.
        project: The clone of Kalypso that this runs from: it has the sample and the provider.
        now: The date of the first commits, in seconds since 1970.

    Raises:
        SettingsError: A choice is wrong, or the folder is not empty.
        KalypsoError: Something cannot be written.
    """
    choices.check()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SettingsError(
            "there is something here already",
            Position(str(folder)),
            "name a folder that does not exist; `kalypso environment add` adds to a platform",
            code="not-empty",
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        begun = _write(made, folder, choices, project, Signature(*AUTHOR, now))
        if folder.exists():
            folder.rmdir()
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    folder.chmod(0o755)
    return begun


def _write(
    made: Path, folder: Path, choices: Choices, project: Path, signature: Signature
) -> Begun:
    home = forge_of({"forge": choices.forge, "github.owner": choices.owner}).home
    inside = FORGES[choices.forge].new_folder
    names = {content: f"{choices.prefix}-{content}" for content in ("control-plane", "gitops")}
    urls = {content: f"{home}/{name}" for content, name in names.items()}
    sample = project / "sample"
    control_plane = made / inside / f"{names['control-plane']}.git"
    main = main_files(project, choices, urls["control-plane"])
    commit = _branches(control_plane, {"main": main}, signature)["main"]
    pointed = {**urls, "commit": commit}
    _branches(
        control_plane,
        {name: environment_files(sample, choices, name, pointed) for name in choices.environments},
        signature,
    )
    _branches(
        made / inside / f"{names['gitops']}.git",
        {name: gitops_files(name) for name in choices.environments},
        signature,
    )
    files = project_files(choices, project, urls)
    for name, text in files.items():
        (made / name).write_text(text, encoding="utf-8")
    repositories = {name: folder / inside / f"{name}.git" for name in names.values()}
    return Begun(folder, tuple(sorted(files)), repositories, urls)


def _branches(
    repository: Path, branches: Mapping[str, Mapping[str, bytes]], signature: Signature
) -> dict[str, str]:
    """Write the first commit of each branch; return the commits."""
    create_repository(repository, branch=next(iter(branches)))
    commits = {
        name: write_commit(
            repository,
            parents=[],
            changes=files,
            message=f"Begin {name}\n",
            signature=signature,
        )
        for name, files in branches.items()
    }
    update_refs(
        repository,
        [RefUpdate(f"refs/heads/{name}", NO_COMMIT, commit) for name, commit in commits.items()],
    )
    return commits
