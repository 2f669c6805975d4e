"""Signing: the same commit again, with what git's configuration of this user signs with.

A signature may be another one each time, and with it the id of the commit. So a commit that
is signed already is taken where it says the same.
"""

from __future__ import annotations

import re
from pathlib import Path

from kalypso.errors import DeliveryError, Position
from kalypso.git.run import GitFailed, git

_HEADER = re.compile(rb"^gpgsig(?:-sha256)? .*\n(?: .*\n)*", re.MULTILINE)
_WHO = re.compile(r"(?P<name>.*) <(?P<email>[^>]*)> (?P<date>\d+ [+-]\d{4})")


def sign_commit(repository: Path, commit: str, known: str = "") -> str:
    """Write a commit once more, signed as `git commit -S` does it.

    Args:
        repository: Folder of the repository.
        commit: A commit without a signature, whose author is its committer.
        known: A commit that is taken as it is if it says the same and is signed.

    Returns:
        The id of the signed commit; no ref points at it yet.

    Raises:
        DeliveryError: Git could not sign: there is no key, or it wants a passphrase.
    """
    text = git("cat-file", "commit", commit, repository=repository)
    if known:
        other = git("cat-file", "commit", known, repository=repository)
        if other != text and _HEADER.sub(b"", other, count=1) == text:
            return known
    head, _, message = text.partition(b"\n\n")
    lines = head.decode(errors="surrogateescape").splitlines()
    fields = [line.split(" ", 1) for line in lines]
    values = dict(fields)
    parents = [part for key, value in fields if key == "parent" for part in ("-p", value)]
    try:
        out = git(
            "commit-tree", "-S", *parents, values["tree"],
            repository=repository, stdin=message, variables=_variables(values["author"]),
        )  # fmt: skip
    except GitFailed as error:
        raise _unsigned(error, repository) from error
    return out.decode().strip()


def _variables(who: str) -> dict[str, str]:
    found = _WHO.fullmatch(who)
    if found is None:
        raise AssertionError("unreachable: write_commit writes this line")
    values = {"NAME": found["name"], "EMAIL": found["email"], "DATE": f"@{found['date']}"}
    return {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in values.items()
    }


def _unsigned(error: GitFailed, repository: Path) -> DeliveryError:
    lines = [line.removeprefix("error: ").strip() for line in error.output.splitlines()]
    shown = [line for line in lines if line and "failed to write commit object" not in line]
    return DeliveryError(
        f"the commit cannot be signed: {'; '.join(shown) or error.problem.message}",
        Position(str(repository)),
        "`git commit -S` must work for this user without a question: set gpg.format and"
        " user.signingKey with `git config --global`; or set commit.sign to false",
        code="not-signed",
    )
