"""Addresses of repositories and names of refs: what is refused, and what is masked.

Both come from files that other teams write, and end up as arguments of git. So
what could be taken for an option, for a remote helper that runs a command
(``ext::``), or for a folder of this machine (``file:``) never gets there.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from kalypso.errors import Position, SourceError
from kalypso.git.hosts import host_of
from kalypso.harmless_text import cut

_CREDENTIALS = re.compile(r"(?<=://)[^/\s]+@(?=[^/\s@]+)")
_SCHEMES = ("https://", "http://", "ssh://", "git://")
_SCP = re.compile(
    r"[A-Za-z0-9_.-]+@[A-Za-z0-9_.-]+:[^:]+|[A-Za-z0-9_-][A-Za-z0-9_.-]+:(?!//)[^:\\]+"
)
_SCP_SECRET = re.compile(r"[^/@]*:[^@]*@")
"""A user with a password where `user@host:path` is expected."""
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,31}")
"""A name that a system has for a user; most tokens are longer."""
_PORT = re.compile(r":(?![0-9]*$)")
_BRACKETS = re.compile(r"\[[^]]*\]")
_LONGEST = 2_048
"""Characters of an address; servers take no more."""
_LONGEST_SHOWN = 200
_BAD_REF = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(?:/|$)|\.$|/$")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def mask(text: str) -> str:
    """Hide user names, passwords and tokens in every URL of a text."""
    return _CREDENTIALS.sub("***@", text)


def is_commit(ref: str) -> bool:
    """Return whether a ref is a full commit id rather than a name."""
    return _COMMIT.fullmatch(ref) is not None


def is_remote(repository: str) -> bool:
    """Return whether a repository is named by an address rather than by a folder."""
    return "://" in repository or "::" in repository or _SCP.fullmatch(repository) is not None


def check_repository(repository: str, at: Position | None = None) -> None:
    """Refuse an address that git could take for something else than a repository.

    Args:
        repository: A folder or an address.
        at: Where it stands; the address itself if absent.

    Raises:
        SourceError: The address begins with a dash, names a helper or a local file, has control
            characters, holds credentials, or is not an address at all.
    """
    shown = shown_address(repository)
    at = at or Position(shown or "repository")
    if (
        not repository
        or repository.startswith("-")
        or not repository.isprintable()
        or len(repository) > _LONGEST
    ):
        raise SourceError(
            f"'{shown}' is not the address of a repository",
            at,
            "name a folder, or a URL that begins with https://, http://, ssh:// or git://",
            code="bad-repository",
        )
    if _holds_credentials(repository):
        raise SourceError(
            f"the address {shown} holds credentials, or what may be some",
            at,
            "write it without user, password and query; give a token with the setting `tokens` or"
            " in GITHUB_TOKEN, or let git's credential helper know it",
            code="bad-repository",
        )
    if is_remote(repository):
        _check_remote(repository, shown, at)
    else:
        _check_folder(repository, at)


def _check_folder(repository: str, at: Position) -> None:
    try:
        expanded(Path(repository))
    except SourceError as error:
        raise SourceError(error.problem.message, at, code=error.problem.code) from None


def _check_remote(repository: str, shown: str, at: Position) -> None:
    known = repository.lower().startswith(_SCHEMES) or _SCP.fullmatch(repository)
    if "::" in repository.partition("://")[0] or not known:
        raise SourceError(
            f"the address {shown} is not allowed",
            at,
            "use https://, http://, ssh:// or git://; for a folder of this machine, its path",
            code="bad-repository",
        )
    try:
        host = host_of(repository)
    except ValueError:
        host = ""
    if not host:
        raise SourceError(
            f"the address {shown} has no host, or one that cannot be read",
            at,
            "for example https://git.example.com/team/app",
            code="bad-repository",
        )


def credentials_in(text: str) -> bool:
    """Return whether a text that begins with an address, or is one, has a secret before its host.

    Over HTTP a user alone is often a token.
    """
    scheme, url, rest = text.partition("://")
    if not url:
        return _SCP_SECRET.match(text) is not None
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    user, at, _ = authority.rpartition("@")
    if at:
        return scheme.lower() != "ssh" or _USER.fullmatch(user) is None
    first = _BRACKETS.sub("", authority)
    return "@" in rest and _PORT.search(first) is not None  # https://user:pass/word@host


def _holds_credentials(repository: str) -> bool:
    """Return whether an address has a secret, or a place where one is often found."""
    _, url, rest = repository.partition("://")
    user, at, _ = repository.rpartition("@")
    if not url and at and is_remote(repository) and _USER.fullmatch(user) is None:
        return True
    return credentials_in(repository) or bool(url and re.search("[?#]", rest))


def shown_address(repository: str) -> str:
    """Return an address as a message may show it: nothing before its last `@`, no query."""
    scheme, url, rest = repository.partition("://")
    if not url:
        scheme, rest = "", repository
    if _holds_credentials(repository):
        before, at, after = rest.rpartition("@")
        rest = f"***@{after}" if at and before else after
        rest = re.sub(r"[?#].*", "?***", rest, flags=re.DOTALL)
    plain = mask(f"{scheme}{url}{rest}").encode("unicode_escape").decode()
    return cut(plain, _LONGEST_SHOWN)


def expanded(folder: Path) -> Path:
    """Return a folder with its `~` replaced by the home that it stands for.

    Raises:
        SourceError: Nobody here has the name behind the `~`.
    """
    try:
        return folder.expanduser()
    except RuntimeError:
        raise SourceError(
            f"{shown_address(str(folder))!r} names the home folder of nobody here",
            Position(shown_address(str(folder))),
            code="bad-repository",
        ) from None


def check_ref(ref: str, at: Position) -> None:
    """Refuse a branch or commit that git could take for an option or for several refs.

    Raises:
        SourceError: The name breaks git's rules for refs.
    """
    if not ref or ref[0] in "-./" or _BAD_REF.search(ref) or ref == "@":
        raise SourceError(
            f"{ref!r} is not a branch name", at, "see `git help check-ref-format`", code="bad-ref"
        )


def folder_in_tree(path: str, at: Position) -> str:
    """Return the path of a folder from the root of its repository, `""` for the root itself.

    Raises:
        SourceError: The path leaves the repository.
    """
    parts = PurePosixPath(path.strip()).parts
    if ".." in parts or "\\" in path or not (path.isprintable() or not path):
        raise SourceError(
            f"the path {path!r} leaves the repository",
            at,
            "give the folder from the root of the repository, for example ./workload",
            code="bad-path",
        )
    return "/".join(part for part in parts if part not in {"/", "."})


def git_folder(repository: str) -> Path | None:
    """Return the folder of a local repository, or None if there is no folder of that name.

    Raises:
        SourceError: The folder is in the home of a user that does not exist here.
    """
    try:
        folder = expanded(Path(repository))
        return folder if folder.is_dir() else None
    except (OSError, ValueError):  # a name that is too long, or with a NUL
        return None
