"""Revisions as reconcilers write them, read into a commit and the branch it was taken from.

    branch, since Flux 2    dev@sha1:<40 digits>, refs/heads/dev@sha1:<40 digits>
    commit without branch   sha1:<40 digits>
    before Flux 2, Azure    dev/<40 digits>, HEAD/<40 digits>, <40 digits>
    Argo CD                 <40 digits>

Anything else does not name a commit: a chart's version, a digest of an OCI artifact, the name of a
branch, a shortened id. Those are never compared, as equal text would prove nothing.
"""

from __future__ import annotations

import re

import msgspec

from kalypso.promotion.expected import short

_AT = re.compile(r"(?P<branch>.+)@sha1:(?P<commit>[0-9a-f]{40})")
_ALONE = re.compile(r"(?:sha1:)?(?P<commit>[0-9a-f]{40})")
_OLD = re.compile(r"(?P<branch>.+)/(?P<commit>[0-9a-f]{40})")
_APPLIED = re.compile(r"Applied revision: (?P<revision>\S+)")
_STORED = re.compile(r"stored artifact for revision '(?P<revision>[^']+)'")
_COMMIT = re.compile(r"(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])")
_HEADS = "refs/heads/"


class Revision(msgspec.Struct, frozen=True):
    """A commit, and the branch that led to it."""

    commit: str
    branch: str = ""
    """Empty if the revision names none."""


def read_revision(text: str) -> Revision | None:
    """Read a revision; None if it does not name a commit of 40 lower-case digits."""
    found = _AT.fullmatch(text)
    if found:
        return Revision(found["commit"], found["branch"].removeprefix(_HEADS))
    found = _ALONE.fullmatch(text)
    if found:
        return Revision(found["commit"])
    found = _OLD.fullmatch(text)
    if found:
        branch = found["branch"].removeprefix(_HEADS)
        return Revision(found["commit"], "" if branch == "HEAD" else branch)
    return None


def commit_on(text: str, branch: str) -> str | None:
    """Return the commit that a revision names; None if it names none, or another branch."""
    found = read_revision(text)
    if found is None or found.branch not in {"", branch}:
        return None
    return found.commit


def shown(revision: str) -> str:
    """Return a revision as messages show it: with the short form of its commit."""
    return _COMMIT.sub(lambda found: short(found[0]), revision) or "nothing"


def applied_in(message: str) -> str | None:
    """Return the revision that Flux says it applied: in Azure it stands in a sentence only."""
    found = _APPLIED.search(message)
    return found["revision"].rstrip(".") if found else None


def stored_in(message: str) -> str | None:
    """Return the revision that Flux says it stored."""
    found = _STORED.search(message)
    return found["revision"] if found else None
