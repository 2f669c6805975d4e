"""Repositories of other machines: listing, fetching and pushing, with credentials and patience."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import msgspec

from kalypso.errors import DeliveryError, KalypsoError, Position, SourceError
from kalypso.git.address import check_ref, check_repository, expanded, is_commit, mask
from kalypso.git.credentials import (
    Credentials,
    Login,
    from_environment,
    hide,
    login,
)
from kalypso.git.hosts import host_of, is_link_local
from kalypso.git.problems import no_branch, unreadable
from kalypso.git.redirects import (
    MOST_REDIRECTS,
    TRACED,
    Redirect,
    Refused,
    follows_redirects,
    is_redirect,
    redirect_of,
)
from kalypso.git.remote_errors import asked_seconds, code_of, has_moved, rejection, way_out
from kalypso.git.retry import Patience, patiently
from kalypso.git.run import REMOTE_SECONDS, GitFailed, environment, git
from kalypso.git.write import NO_COMMIT, RefMoved, RefUpdate

_PARTIAL = "kalypso"
"""How git calls a remote of which it fetches a part; it wants a name for it."""

# A server may redirect to any address, so it is looked at before git goes there.
_NOT_REDIRECTED = {"http.followRedirects": "false"}


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return expanded(Path(base)) / "kalypso" / "git"


def _allows_link_local() -> bool:
    return os.environ.get("KALYPSO_LINK_LOCAL", "") == "allow"


def _tokens() -> Credentials:
    return from_environment(os.environ)


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """How repositories of other machines are reached."""

    credentials: Credentials = msgspec.field(default_factory=_tokens)
    patience: Patience = msgspec.field(default_factory=Patience)
    cache: Path = msgspec.field(default_factory=_cache_folder)
    """Folder for what was fetched; it may be removed at any time."""
    link_local: bool = msgspec.field(default_factory=_allows_link_local)
    """Whether link-local addresses may be asked; see `kalypso.git.hosts`."""


class Remote:
    """One repository of another machine."""

    def __init__(self, repository: str, access: Access) -> None:
        """Name the repository; nothing is asked yet.

        Raises:
            SourceError: The address is not allowed.
        """
        check_repository(repository)
        if not access.link_local and is_link_local(host_of(repository)):
            raise _link_local(repository)
        self._link_local = access.link_local
        self._redirect: Redirect | None = None
        self._repository, self._credentials = repository, access.credentials
        self._patience = access.patience
        self._login = Login("")
        self.url = repository
        self.name = mask(repository)

    def refs(self, *patterns: str) -> dict[str, str]:
        """Return where refs are, by full name; all of them without a pattern.

        Raises:
            SourceError: The repository cannot be reached or read.
        """
        try:
            out = self._git("ls-remote", "--quiet", "--", self.url, *patterns)
        except GitFailed as error:
            raise self._unreadable(error) from error
        lines = (line.split("\t") for line in out.decode(errors="surrogateescape").split("\n"))
        # A server may name a ref in a way that git would refuse; such a one is not asked for.
        return {line[1]: line[0] for line in lines if len(line) == 2 and is_commit(line[0])}  # noqa: PLR2004 - commit and name

    def resolve(self, ref: str) -> str:
        """Return the commit that a branch or tag stands for; a commit id stands for itself.

        Raises:
            SourceError: There is no such branch, or the repository cannot be read.
        """
        if is_commit(ref):
            return ref
        names = (ref, f"refs/heads/{ref}", f"refs/tags/{ref}^{{}}", f"refs/tags/{ref}")
        found = self.refs(*names)
        commit = next((found[name] for name in names if name in found), None)
        if commit is None:
            raise no_branch(self.name, ref, self._at(ref), empty=not self.refs())
        return commit

    def fetch(
        self,
        into: Path,
        wanted: Sequence[str],
        *options: str,
        stdin: bytes = b"",
        partial: bool = False,
        seconds: float = REMOTE_SECONDS,
    ) -> None:
        """Fetch refs or commits into a bare repository.

        Args:
            into: The bare repository.
            wanted: What is fetched, and under which name it is kept.
            *options: Of `git fetch`.
            stdin: More of what is wanted, for `--stdin`.
            partial: Whether the bare repository lacks what belongs to what it has.
            seconds: Time after which it is given up.

        Raises:
            GitFailed: The fetch failed; `unreadable` makes an error of it that a user can read.
        """
        self._git(
            "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", *options, "--",
            _PARTIAL if partial else self.url, *wanted, repository=into, stdin=stdin,
            seconds=seconds, settings=self._partial if partial else {},
        )  # fmt: skip

    def push(self, repository: Path, *updates: RefUpdate) -> None:
        """Move refs together or none, each only if it still is where it is expected.

        A push whose answer was lost is repeated; the second one is then told that the
        ref has moved, and whoever reads again finds what was wanted.

        Raises:
            RefMoved: The ref is elsewhere by now.
            DeliveryError: The other side refused, or cannot be reached.
        """
        leases, moves = [], []
        for update in updates:
            check_ref(update.ref, Position(self.name))
            source = "" if update.new == NO_COMMIT else update.new
            expected = "" if update.old == NO_COMMIT else update.old
            leases.append(f"--force-with-lease={update.ref}:{expected}")
            moves.append(f"{source}:{update.ref}")
        together = ["--atomic"] if len(updates) > 1 else []
        try:
            self._git(
                "push", "--quiet", *together, *leases, "--", self.url, *moves, repository=repository
            )
        except GitFailed as error:
            raise self._unpushed(error) from error

    @property
    def _partial(self) -> dict[str, str]:
        """Return what git must know of a remote to fetch a part from it.

        It stands in no file: else git would ask the remote whenever it misses something,
        without our token, and for ever if the repository is damaged.
        """
        filtered = {"url": self.url, "promisor": "true", "partialCloneFilter": "blob:none"}
        return {f"remote.{_PARTIAL}.{key}": value for key, value in filtered.items()}

    def unreadable(self, error: GitFailed, ref: str) -> SourceError:
        """Say why fetching failed."""
        return self._unreadable(error, self._at(ref))

    def _git(
        self,
        *arguments: str,
        repository: Path | None = None,
        stdin: bytes = b"",
        seconds: float = REMOTE_SECONDS,
        settings: Mapping[str, str] = MappingProxyType({}),
    ) -> bytes:
        def run(traced: Mapping[str, str] = MappingProxyType({})) -> bytes:
            # Each time again: a token may have been made for an hour only.
            self._login = user = login(self._asked, self._credentials)
            moved = self._redirect.settings(self._repository) if self._redirect else {}
            shown = {**_NOT_REDIRECTED, **moved, **settings, **user.settings}
            try:
                return git(
                    *arguments,
                    repository=repository,
                    stdin=stdin,
                    seconds=seconds,
                    variables={**environment(shown, reaching=True), **traced},
                    reach="network",
                )
            except GitFailed as error:
                raise self._without_secrets(error, user.secrets) from None

        for _ in range(MOST_REDIRECTS):
            try:
                return patiently(run, asked_seconds, self._patience)
            except GitFailed as error:
                if not (is_redirect(error) and follows_redirects()):
                    raise
            self._follow(lambda: run(TRACED))
        return patiently(run, asked_seconds, self._patience)

    @property
    def _asked(self) -> str:
        return self._redirect.url if self._redirect else self._repository

    def _follow(self, again: Callable[[], bytes]) -> None:
        """Find out where git is sent, and let it go there.

        Raises:
            SourceError: Git may not be sent there.
        """
        try:
            again()
        except GitFailed as error:
            if not is_redirect(error):
                return
            try:
                self._redirect = redirect_of(self._asked, error, link_local=self._link_local)
            except Refused as refused:
                raise _misled(self.name, str(refused)) from None

    def _without_secrets(self, error: GitFailed, secrets: tuple[str, ...]) -> GitFailed:
        problem = error.problem
        clean = GitFailed(hide(problem.message, secrets), Position(self.name), problem.hint)
        clean.output = hide(error.output, secrets)
        return clean

    def _unreadable(self, error: GitFailed, at: Position | None = None) -> SourceError:
        if self._login.lacking and code_of(error) in {"denied", "no-repository"}:
            return self._login.lacking
        found = unreadable(
            error, at or Position(self.name), way_out(error, with_token=bool(self._login.header))
        )
        code = code_of(error)
        return SourceError(found.problem.message, found.problem.at, found.problem.hint, code=code)

    def _unpushed(self, error: GitFailed) -> KalypsoError:
        if self._login.lacking and code_of(error) in {"denied", "no-repository"}:
            return self._login.lacking
        at, message = Position(self.name), error.problem.message
        if has_moved(error):
            return RefMoved(f"a branch changed while it was written: {message}", at, "run it again")
        if "[remote rejected]" in error.output:
            return DeliveryError(
                f"the forge refused the push: {rejection(error)}",
                at,
                "allow this token's user to push branches deployment/*; nothing else was changed",
                code="push-refused",
            )
        return DeliveryError(
            f"the repository cannot be written: {message}",
            at,
            way_out(error, with_token=bool(self._login.header)),
            code=code_of(error),
        )

    def _at(self, ref: str) -> Position:
        return Position(f"{self.name}@{ref}")


def _link_local(repository: str) -> SourceError:
    return SourceError(
        f"the address {repository} is link-local, where a cloud keeps credentials of its machines",
        Position(repository),
        "if a repository is there after all: the setting repositories.linkLocal, or"
        " KALYPSO_LINK_LOCAL=allow in the environment",
        code="bad-repository",
    )


def _misled(name: str, where: str) -> SourceError:
    return SourceError(
        f"the server of {name} sends git to {where}",
        Position(name),
        "write the address that the repository has now",
        code="bad-repository",
    )
