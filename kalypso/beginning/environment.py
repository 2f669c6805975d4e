"""Adds an environment to a platform: branches, stack, and every list that names environments.

It begins as a copy of the last one: the same cluster types, values and policies. Nothing is
delivered until its stack runs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from kalypso.beginning.choices import check_name
from kalypso.beginning.model_files import environment_object, gitops_files, gitops_object
from kalypso.beginning.workflows import with_environments, workflows_in
from kalypso.errors import Position, SettingsError
from kalypso.forge import WRITER, Place, Repository
from kalypso.git import Commit, Content
from kalypso.model import ENVIRONMENT
from kalypso.stack import Settings, environments_in, find_settings

_LIST = re.compile(r"^(\s*kalypso:environments:\s*)\[[^\]]*\]", re.MULTILINE)
_ENVIRONMENT = re.compile(r"^(\s*kalypso:environment:\s*)\S+", re.MULTILINE)
_OWN_LIST = re.compile(r"^(?:\s*#[^\n]*\n)?\s*kalypso:environments:[^\n]*\n", re.MULTILINE)


class Added(msgspec.Struct, frozen=True):
    """What was added."""

    name: str
    like: str
    """The environment that it is a copy of."""
    branches: tuple[str, ...]
    """What was written in the repositories, as `repository@branch`."""
    files: tuple[str, ...]
    """What was written in the project."""


def add_environment(folder: Path, name: str, variables: Mapping[str, str], like: str = "") -> Added:
    """Add an environment after the others.

    Args:
        folder: Of the project, with the stacks.
        name: Of the environment.
        variables: Of the process, for settings.
        like: The environment to copy; the last one if empty.

    Raises:
        SettingsError: The name is wrong or taken, or the one to copy does not exist.
        KalypsoError: A repository cannot be read or written.
    """
    check_name("--environments", name)
    before = environments_in(folder)
    like = like or (before[-1] if before else "")
    if name in before or (folder / f"Pulumi.{name}.yaml").exists():
        raise SettingsError(
            f"there is an environment {name!r} already", Position(str(folder)), code="option"
        )
    if like not in before:
        raise SettingsError(
            f"there is no environment {like!r} to begin with",
            Position(str(folder)),
            f"environments are {', '.join(before) or 'none yet'}",
            code="option",
        )
    settings = find_settings(folder, like, variables).settings
    after = [*before, name]
    written = _Writing(settings, before, after).all(name, like)
    return Added(name, like, tuple(written), tuple(_stacks(folder, name, like, after)))


class _Writing:
    """Writes the branches of the repositories, on whichever forge they are."""

    def __init__(self, settings: Settings, before: Sequence[str], after: Sequence[str]) -> None:
        self._settings, self._before, self._after = settings, before, after

    def all(self, name: str, like: str) -> list[str]:
        """Write all branches; return what was written."""
        url = self._settings.control_plane_url
        control_plane = self._place(url)
        plane = control_plane.repository(self._settings.access, WRITER)
        files = dict(plane.snapshot(like).files)
        pointer = _gitops_url(files)
        place = self._place(pointer)
        gitops = place.repository(self._settings.access, WRITER)
        self._refuse_taken(plane, name)
        self._refuse_taken(gitops, name)
        new = {path: content for path, content in files.items() if path in _renamed(files, like)}
        changes: dict[str, Content] = {
            **dict.fromkeys(new),
            **_copied(new, like, name),
            "gitops-repo.yaml": gitops_object(name, pointer),
            **self._workflows(files),
        }
        self._commit(plane, like, name, changes, f"Begin {name}, as a copy of {like}\n")
        start = f"Begin {name}\n\n{ENVIRONMENT}: {name}\n"  # else it seems to be that of the other
        self._commit(gitops, like, name, self._emptied(gitops, like, name), start)
        written = [f"{control_plane.full_name}@{name}", f"{place.full_name}@{name}"]
        main: dict[str, Content] = {
            f".environments/{name}.yaml": environment_object(name, url),
            **self._workflows(plane.snapshot("main").files),
        }
        self._commit(plane, "main", "main", main, f"Add the environment {name}\n")
        written.append(f"{control_plane.full_name}@main")
        for other in self._before:
            lists = self._workflows(plane.snapshot(other).files)
            if lists:
                self._commit(plane, other, other, lists, f"Add {name} to the workflows\n")
                written.append(f"{control_plane.full_name}@{other}")
        return written

    def _place(self, url: str) -> Place:
        place = self._settings.forge.place(url)
        if place is None:
            raise SettingsError(
                f"the repository {url} is not on {self._settings.forge.name}",
                Position(url),
                "add the environment by hand: docs/how-to/add-an-environment.md",
                code="no-repository",
            )
        return place

    def _workflows(self, files: Mapping[str, bytes]) -> dict[str, Content]:
        found: dict[str, Content] = {}
        for path, text in workflows_in(files).items():
            changed = with_environments(text, self._before, self._after)
            if changed != text:
                found[path] = changed.encode()
        return found

    @staticmethod
    def _refuse_taken(repository: Repository, name: str) -> None:
        if repository.head(name) is not None:
            raise SettingsError(
                f"{repository.name} has a branch {name!r} already",
                Position(repository.name),
                "choose another name, or remove the branch",
                code="option",
            )

    @staticmethod
    def _emptied(repository: Repository, like: str, name: str) -> dict[str, Content]:
        """Return the changes that leave nothing of another environment's manifests."""
        kept = (".github/",)
        files = repository.snapshot(like).files
        gone: dict[str, Content] = {path: None for path in files if not path.startswith(kept)}
        return {**gone, **gitops_files(name)}

    @staticmethod
    def _commit(
        repository: Repository,
        parent: str,
        branch: str,
        changes: Mapping[str, Content],
        message: str,
    ) -> None:
        head = _head(repository, parent)
        commit = repository.write_commit(head, changes, message)
        old = head.commit if branch == parent else None
        repository.move_branch(branch, old=old, new=commit)


def _head(repository: Repository, branch: str) -> Commit:
    head = repository.head(branch)
    if head is None:
        raise SettingsError(
            f"{repository.name} has no branch {branch!r}", Position(repository.name), code="option"
        )
    return head


def _gitops_url(files: Mapping[str, bytes]) -> str:
    """Return the GitOps repository that an environment's branch names."""
    for content in files.values():
        found = re.search(
            rb"^kind: GitOpsRepo\b(?:.*\n)*?\s+repo:\s*[\"']?([^\s\"']+)", content, re.MULTILINE
        )
        if found:
            return found[1].decode()
    raise SettingsError("the branch has no GitOpsRepo", Position("gitops-repo.yaml"), code="option")


def _renamed(files: Mapping[str, bytes], like: str) -> set[str]:
    """Return the paths of files that are named after an environment."""
    named = re.compile(rf"(^|[/.-]){re.escape(like)}([/.-]|$)")
    return {path for path in files if named.search(path) and not path.startswith(".github/")}


def _copied(files: Mapping[str, bytes], like: str, name: str) -> dict[str, Content]:
    """Return files that are named after an environment for another one."""
    word = re.compile(rf"(?<![\w]){re.escape(like)}(?![\w])")
    return {
        word.sub(name, path): word.sub(name, content.decode(errors="surrogateescape")).encode(
            errors="surrogateescape"
        )
        for path, content in files.items()
    }


def _stacks(folder: Path, name: str, like: str, after: Sequence[str]) -> list[str]:
    """Write the stack of the environment, and its name into the list of all."""
    path = folder / f"Pulumi.{like}.yaml"
    text = path.read_text(encoding="utf-8") if path.exists() else "config:\n"
    new = _ENVIRONMENT.sub(rf"\g<1>{name}", _OWN_LIST.sub("", text))
    if "kalypso:environment:" not in new:
        new = new.replace("config:\n", f"config:\n  kalypso:environment: {name}\n", 1)
    (folder / f"Pulumi.{name}.yaml").write_text(new, encoding="utf-8")
    written = [f"Pulumi.{name}.yaml"]
    for stack in [*sorted(folder.glob("Pulumi.*.yaml")), folder / "kalypso.yaml"]:
        before = stack.read_text(encoding="utf-8") if stack.exists() else ""
        listed = _LIST.sub(rf"\g<1>[{', '.join(after)}]", before)
        if listed != before:
            stack.write_text(listed, encoding="utf-8")
            written.append(stack.name)
    return written
