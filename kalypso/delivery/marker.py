"""How our pull requests and commits are recognised: by head, base and a mark in their text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

import msgspec

from kalypso.forge import PullRequest
from kalypso.git import Commit

_MARK = re.compile(
    r"<!-- kalypso: environment=(?P<environment>\S+) content=(?P<content>[0-9a-f]{64})"
    r"(?P<superseded> superseded)? -->"
)
TRAILER = "Kalypso-Environment"


class Mark(msgspec.Struct, frozen=True):
    """What the hidden line in the text of one of our pull requests says."""

    environment: str
    content: str
    """Digest of the files that were proposed."""
    superseded: bool = False
    """We closed it ourselves, or are about to: nobody rejected the content."""

    def __str__(self) -> str:
        state = " superseded" if self.superseded else ""
        return f"<!-- kalypso: environment={self.environment} content={self.content}{state} -->"

    def put_into(self, body: str) -> str:
        """Return a text with this mark at its end, in place of an earlier one."""
        return f"{_MARK.sub('', body).rstrip()}\n\n{self}\n"


def without_mark(body: str) -> str:
    """Return the text of a pull request as people read it."""
    return _MARK.sub("", body).strip()


def head_of(environment: str) -> str:
    """Return the branch that holds what we propose for an environment."""
    return f"deployment/{environment}"


def content_digest(files: Mapping[str, str]) -> str:
    """Return what stands for the content of a proposal: equal files, equal digest."""
    digest = hashlib.sha256()
    for path in sorted(files):
        for part in (path.encode(), files[path].encode()):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def mark_of(pull: PullRequest, environment: str, branch: str) -> Mark | None:
    """Return the mark of a pull request if it is ours for this environment, else None."""
    found = _MARK.search(pull.body)
    if found is None or found["environment"] != environment:
        return None
    if pull.head != head_of(environment) or pull.base != branch:
        return None
    return Mark(environment, found["content"], found["superseded"] is not None)


def is_proposal(pull: PullRequest) -> bool:
    """Return whether delivery opened a pull request, of whichever environment.

    Only then may its head branch be removed when it is merged.
    """
    return mark_of(pull, pull.head.rpartition("/")[2], pull.base) is not None


def is_our_commit(commit: Commit, environment: str) -> bool:
    """Return whether delivery wrote a commit for this environment."""
    return commit.trailers.get(TRAILER) == environment
