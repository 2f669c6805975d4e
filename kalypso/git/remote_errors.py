"""What git says when another machine fails it, what that means, and whether to try again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kalypso.git.run import GitFailed

_PASSING = (
    *("returned error: 5", "returned error: 429", "returned error: 408", "early EOF", "RPC failed"),
    *("Could not resolve", "Failed to connect", "Couldn't connect", "Connection re", "timed out"),
    *("Connection closed", "Recv failure", "Empty reply", "hung up", "unexpected disconnect"),
    *("did not finish", "Operation too slow", "transfer closed", "TLS connect"),
    *("SSL_ERROR_SYSCALL", "expected flush", "bad line length", "protocol error"),
)
"""A server or a line in trouble: later it may be better."""
_REFUSED = re.compile(r"returned error: 4(?!08|29)\d\d")
"""An answer that will be the same each time; git says "RPC failed" beside it."""
_DENIED = (
    *("Authentication failed", "could not read Username", "could not read Password"),
    *("returned error: 401", "returned error: 403", "Permission denied", "Access denied"),
)
_UNTRUSTED = (
    *("SSL certificate problem", "certificate verification failed", "SSL: certificate subject"),
    *("SSL: no alternative certificate", "certificate does not match"),
)
_FULL = (
    *("No space left on device", "Disk quota exceeded", "File too large", "Read-only file system"),
    *("died of signal 25", "SIGXFSZ", "unable to create temporary file"),
)
"""Our own disk takes no more."""
_MOVED = (
    *("stale info", "[rejected]", "but expected", "reference already exists", "cannot lock ref"),
    *("unable to resolve reference", "incorrect old value", "failed to update ref"),
)
"""A ref is not where we saw it, says one of the two sides."""
_MISSING = (
    *("returned error: 404", "' not found", "Repository not found"),
    "does not appear to be a git repository",
)
UNTRUSTED_HINT = (
    "check the address; if its certificate is of your organization, name its authority's file in"
    " SSL_CERT_FILE and in http.sslCAInfo of git's global configuration"
)


def asked_seconds(error: BaseException) -> float | None:
    """Return None if trying again is no use, else 0: git names no time to wait."""
    if not isinstance(error, GitFailed) or _REFUSED.search(error.output):
        return None
    # What took all the time it may have would take it again.
    lasts = _says(error, (*_DENIED, *_UNTRUSTED, "did not finish")) or _is_full(error)
    return 0.0 if _says(error, _PASSING) and not lasts else None


def code_of(error: GitFailed) -> str:
    """Return which of our problems it is."""
    if _is_full(error):
        return "unwritable-folder"
    kinds = (
        ("denied", _DENIED),
        ("untrusted", _UNTRUSTED),
        ("unreachable", _PASSING),
        ("no-repository", _MISSING),
    )
    return next((code for code, words in kinds if _says(error, words)), "unreadable-repository")


def way_out(error: GitFailed, *, with_token: bool) -> str:
    """Return what a person can do about it.

    Args:
        error: What git said.
        with_token: Whether git had a token for the host.
    """
    had = "the token that was given has no right to it, or is no longer valid"
    hints = {
        "denied": had
        if with_token
        else "give a token for its host: GITHUB_TOKEN, or the setting `tokens`",
        "untrusted": UNTRUSTED_HINT,
        "unwritable-folder": "make room, or set XDG_CACHE_HOME to a folder that has some",
        "unreachable": "it was tried several times; try again later",
    }
    return hints.get(code_of(error), "check the address, and that this user may read it")


def has_moved(error: GitFailed) -> bool:
    """Return whether a ref is elsewhere by now."""
    return _says(error, _MOVED)


def rejection(error: GitFailed) -> str:
    """Return why the other side refused a push, in its words."""
    lines = [line.strip() for line in error.output.splitlines()]
    output = [line.removeprefix("remote:").strip() for line in lines if line.startswith("remote:")]
    refused = [line for line in lines if "[remote rejected]" in line]
    return " ".join([line for line in output if line] or refused)


def _is_full(error: GitFailed) -> bool:
    """Return whether it is our disk that is full; a server tells of its own in its lines."""
    lines = [error.problem.message, *error.output.splitlines()]
    return any(
        word in line for line in lines for word in _FULL if not line.strip().startswith("remote:")
    )


def _says(error: GitFailed, words: Sequence[str]) -> bool:
    output = f"{error.output}\n{error.problem.message}"
    return any(word in output for word in words)
