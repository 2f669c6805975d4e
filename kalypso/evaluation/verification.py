"""Whether a commit of the GitOps repository holds what the model says.

The commit's message says which commits it was made of. The model is evaluated again at exactly
these, and its files are compared with those of the commit.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from kalypso.delivery import content_digest
from kalypso.errors import Position, SourceError
from kalypso.evaluation.comparison import compare_with_branch
from kalypso.evaluation.pipeline import evaluate
from kalypso.evaluation.replay import request_at
from kalypso.git import (
    Access,
    Clone,
    Commit,
    GitFailed,
    git,
    is_remote,
    read_commit,
    read_tree,
    resolve,
)
from kalypso.gitops import SHARED, section_of
from kalypso.model import (
    CONTENT,
    ENVIRONMENT,
    Difference,
    Provenance,
    Repositories,
    Unreadable,
    parse_provenance,
    trailer,
)

_SHORT = 10
_OF_A_MERGE = 2
"""Parents of a merge of a pull request."""


class Delivered(msgspec.Struct, frozen=True, kw_only=True):
    """A commit of the GitOps repository, with what its message says."""

    commit: str
    files: Mapping[str, bytes]
    """The whole branch at the commit, by path."""
    made_of: Provenance
    environment: str
    content: str
    """Digest of the files that the scheduler owns."""

    @property
    def shown(self) -> str:
        """How people name the commit."""
        return self.commit[:_SHORT]


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """How a delivered commit compares with what the model says."""

    difference: Difference
    """From the commit to the model."""
    files: int
    """How many files the model has."""
    digest: str
    """Of the model's files."""
    same_content: bool
    """Whether the digest that the message names is that of the model's files."""

    @property
    def proven(self) -> bool:
        """Whether the commit is exactly what the model says."""
        return not self.difference.files and self.same_content


def read_delivered(gitops: str, ref: str) -> Delivered:
    """Read a commit of a GitOps repository.

    Args:
        gitops: Folder or address of the repository.
        ref: A branch, a tag or a commit; of a local repository all that git understands, for
            example ``dev^2``. Of a merge, the commit that was merged says what it was made of, and
            the files are those of the merge.

    Raises:
        SourceError: There is no such commit, it cannot be read, or its message does not say what
            it was made of.
    """
    commit = _by_git(gitops, ref) if "^" in ref or "~" in ref else resolve(gitops, ref)
    if commit is None:
        raise SourceError(
            f"there is no commit {ref!r}",
            Position(gitops),
            "name a branch, a tag or a commit",
            code="no-such-commit",
        )
    found = _read_commit(gitops, commit)
    files = read_tree(gitops, commit).files
    made_of, environment, content = _read_trailers(_delivered_by(found, gitops), gitops)
    return Delivered(
        commit=found.commit,
        files=files,
        made_of=made_of,
        environment=environment,
        content=content,
    )


def verify(delivered: Delivered, repositories: Repositories) -> Verification:
    """Evaluate the model at the commits that a delivered commit names, and compare.

    Raises:
        Problems: The model has errors there.
        SourceError: The control plane cannot be read there.
        SettingsError: The commit was made with settings that this version does not know.
    """
    run = evaluate(request_at(delivered.made_of, delivered.environment, repositories))
    files = run.evaluation.files
    digest = content_digest(files)
    # Lines that tell a forge about the folders count as content too, where the stack adds them.
    marks = {path: section_of(delivered.files[path]) for path in SHARED & delivered.files.keys()}
    return Verification(
        difference=compare_with_branch(delivered.files, run, delivered.shown).difference,
        files=len(files),
        digest=digest,
        same_content=delivered.content in {digest, content_digest({**files, **marks})},
    )


def _read_commit(gitops: str, commit: str) -> Commit:
    if not is_remote(gitops):
        return read_commit(Path(gitops), commit)
    clone = Clone(gitops, Access())
    return clone.reading(lambda: read_commit(clone.whole(commit), commit))


def _by_git(gitops: str, ref: str) -> str | None:
    """Return the commit that git finds by an expression, in a repository of this machine."""
    if is_remote(gitops):
        return None
    with suppress(GitFailed):
        wanted = f"{ref}^{{commit}}"
        found = git(
            "rev-parse", "--verify", "--quiet", "--end-of-options", wanted, repository=Path(gitops)
        )
        return found.decode().strip() or None
    return None


def _delivered_by(commit: Commit, gitops: str) -> Commit:
    """Return the commit of Kalypso's that a merge brought in; any other commit as it is."""
    if len(commit.parents) != _OF_A_MERGE or _environment_of(commit):
        return commit
    merged = _read_commit(gitops, commit.parents[1])
    return merged if _environment_of(merged) else commit


def _environment_of(commit: Commit) -> str | None:
    """Return the environment that a commit's message names; None if it names none."""
    try:
        return trailer(commit.message, ENVIRONMENT)
    except Unreadable:
        return None


def _read_trailers(commit: Commit, gitops: str) -> tuple[Provenance, str, str]:
    """Return what a commit was made of, its environment and the digest of its files."""
    message = commit.message
    try:
        return parse_provenance(message), trailer(message, ENVIRONMENT), trailer(message, CONTENT)
    except Unreadable as error:
        hint = "only commits that Kalypso writes say what they were made of"
        if len(commit.parents) > 1:
            hint = f"it is a merge; what was merged is {commit.parents[1]}"
        raise SourceError(
            f"the commit {commit.commit[:_SHORT]} does not say what it was made of: {error}",
            Position(gitops),
            hint,
            code="no-trailer",
        ) from None
