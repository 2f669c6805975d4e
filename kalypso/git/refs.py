"""Where branches, tags and other refs of a repository are."""

from __future__ import annotations

from pathlib import Path

from kalypso.errors import Position, SourceError
from kalypso.git.address import check_ref, check_repository, git_folder, is_commit, is_remote
from kalypso.git.cache import Clone
from kalypso.git.layout import layout_of
from kalypso.git.loose import are_absent, commit_of_ref, is_loose_commit, loose_refs
from kalypso.git.problems import place, unreadable
from kalypso.git.remote import Access
from kalypso.git.run import GitFailed, git

OWN_REFS = "refs/kalypso/"
"""Below it are refs that hold what runs keep, and no content."""
_REF = "%(objecttype) %(objectname) %(*objecttype) %(*objectname) %(refname)"


def resolve(repository: str, ref: str, access: Access | None = None) -> str | None:
    """Return the commit that a branch, tag or commit id stands for; None if there is none.

    Raises:
        SourceError: The repository itself cannot be read.
    """
    check_repository(repository)
    at = place(repository, ref)
    check_ref(ref, at)
    if is_remote(repository):
        return _remote_commit(Clone(repository, access or Access()), ref)
    folder = existing(repository, at)
    return local_commit(folder, ref, at)


def _remote_commit(clone: Clone, ref: str) -> str | None:
    try:
        commit = clone.remote.resolve(ref)
        if is_commit(ref):
            clone.whole(commit)
    except SourceError as error:
        if error.problem.code in {"no-branch", "empty-repository"}:
            return None
        raise
    return commit


def all_refs(repository: Path) -> dict[str, str]:
    """Return the commit of every branch, tag and other ref of a local repository.

    Those below `refs/kalypso/` are left out: they hold what runs keep, and no content.

    Raises:
        SourceError: The repository cannot be read.
    """
    at = Position(str(repository))
    layout = layout_of(existing(str(repository), at))
    refs = loose_refs(layout.folder) if layout else None
    if refs is None:
        refs = _listed_refs(repository, at)
    return {name: commit for name, commit in refs.items() if not name.startswith(OWN_REFS)}


def _listed_refs(repository: Path, at: Position) -> dict[str, str]:
    out = ask(at, "for-each-ref", "--format=%(objectname) %(refname)", folder=repository)
    lines = (line.partition(" ") for line in out.decode(errors="surrogateescape").splitlines())
    return {name: commit for commit, _, name in lines}


def existing(repository: str, at: Position) -> Path:
    """Return the folder of a repository of this machine.

    Raises:
        SourceError: There is none, it holds no repository, or one that is not to be trusted.
    """
    folder = git_folder(repository)
    if folder is None:
        raise SourceError(
            f"there is no folder {repository}",
            at,
            "check the path; an address begins with https:// or ssh://",
            code="no-repository",
        )
    if layout_of(folder) is None:
        raise SourceError(
            f"{repository} is not a Git repository",
            at,
            "name the folder that `git clone` or `git init` made",
            code="no-repository",
        )
    return folder


def local_commit(folder: Path, ref: str, at: Position) -> str | None:
    """Find the commit of a ref: branch before tag before what a clone saw at its origin."""
    layout = layout_of(folder)
    if is_commit(ref):
        loose = layout is not None and is_loose_commit(layout.folder, ref)
        return ref if loose or _is_commit_here(folder, ref, at) else None
    names = [f"refs/heads/{ref}", f"refs/tags/{ref}", f"refs/remotes/origin/{ref}"]
    if ref.startswith("refs/"):
        names = [ref]
    named = commit_of_ref(layout.folder, names[0]) if layout else None
    if named:
        return named
    if layout and are_absent(layout.folder, names):
        return None
    return _asked_commit(folder, names, at)


def _asked_commit(folder: Path, names: list[str], at: Position) -> str | None:
    """Ask git for the commit of the first ref that there is."""
    listed = ask(at, "for-each-ref", f"--format={_REF}", "--", *names, folder=folder)
    found = {line.rpartition(" ")[2]: line.split(" ") for line in text_of(listed).splitlines()}
    name = next((name for name in names if name in found), None)
    if name is None:
        return None
    kind, own, of_tag, tagged, _ = found[name]
    if kind == "commit":
        return own
    if of_tag == "commit":
        return tagged
    # A tag of a tag, or of something that is not a commit: git knows, or says so.
    return text_of(ask(at, "rev-parse", "--verify", f"{name}^{{commit}}", folder=folder))


def _is_commit_here(folder: Path, commit: str, at: Position) -> bool:
    kinds = text_of(ask(at, "cat-file", "--batch-check", folder=folder, stdin=commit.encode()))
    return kinds.split(" ")[1:2] == ["commit"]


def is_empty(folder: Path, at: Position) -> bool:
    """Return whether a repository has no ref, and so no commit that anybody could name."""
    return not ask(at, "for-each-ref", "--count=1", folder=folder)


def ask(at: Position, *arguments: str, folder: Path, stdin: bytes = b"") -> bytes:
    """Return what git prints about a repository.

    Raises:
        SourceError: Git ended with an error.
    """
    try:
        return git(*arguments, repository=folder, stdin=stdin)
    except GitFailed as error:
        raise unreadable(error, at) from error


def text_of(output: bytes) -> str:
    """Return an output as text, without the space around it; paths may be any bytes."""
    return output.decode(errors="surrogateescape").strip()
