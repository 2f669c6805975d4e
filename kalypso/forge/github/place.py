"""GitHub, or a GitHub Enterprise Server, as a forge, its repositories, and the App that asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import quote, urlsplit

import msgspec

from kalypso.forge.author import WRITER
from kalypso.forge.forge import Person
from kalypso.forge.github.host_keys import HOST_KEYS
from kalypso.forge.github.library import library
from kalypso.forge.interface import Issues, Repository, Review, Statuses
from kalypso.git import Access, Writer
from kalypso.model import LONGEST_BODY

DEFAULT_URL = "https://github.com"


class GitHub(msgspec.Struct, frozen=True):
    """One installation of GitHub."""

    url: str = DEFAULT_URL
    """What people open in a browser, without a slash at the end."""
    api: str = ""
    """Address of the REST interface, if it is not where GitHub has it."""
    owner: str = ""
    """Organization or user that has the platform's own repositories; empty if nothing says that."""

    kind: ClassVar[str] = "github"
    name: ClassVar[str] = "GitHub"
    here: ClassVar[bool] = False
    home_hint: ClassVar[str] = "`pulumi config set github.owner NAME`"
    longest_body: ClassVar[int] = LONGEST_BODY
    writes_single_files: ClassVar[bool] = True
    has_rules: ClassVar[bool] = True
    extra: ClassVar[str] = "github"

    @property
    def home(self) -> str:
        """Address of the owner."""
        return f"{self.url}/{self.owner}" if self.owner else ""

    @property
    def rest(self) -> str:
        """Return where REST calls go."""
        if self.api:
            return self.api
        if self.url == DEFAULT_URL:
            return "https://api.github.com"
        return f"{self.url}/api/v3"  # GitHub Enterprise Server

    @property
    def host_keys(self) -> str:
        """The keys that GitHub publishes; an Enterprise Server has its own."""
        return HOST_KEYS if self.url == DEFAULT_URL else ""

    @property
    def token_issuer(self) -> str:
        """Who signs the tokens of its workflows."""
        if self.url == DEFAULT_URL:
            return "https://token.actions.githubusercontent.com"
        return f"{self.url}/_services/token"  # GitHub Enterprise Server

    @property
    def server_interface(self) -> str:
        """Where programs ask an Enterprise Server; empty for github.com."""
        return self.rest if self.api or self.url != DEFAULT_URL else ""

    @property
    def account(self) -> str:
        """Address at which it says whose a token is."""
        return f"{self.rest}/user"

    def place(self, address: str) -> GitHubPlace | None:
        """Return which repository an address names; None if it is elsewhere.

        Understands ``https://HOST/OWNER/NAME``, with ``.git`` or without, and what git
        writes for SSH: ``git@HOST:OWNER/NAME.git``, ``ssh://git@HOST/OWNER/NAME.git``.
        """
        host = urlsplit(self.url).netloc.lower()
        if "://" in address:
            try:
                parts = urlsplit(address)
            except ValueError:  # not an address at all
                return None
            there, path = parts.netloc.rpartition("@")[2].lower(), parts.path
        else:
            there, _, path = address.rpartition("@")[2].partition(":")
        names = path.strip("/").removesuffix(".git").split("/")
        if there.lower() != host or len(names) != 2 or not all(names):  # noqa: PLR2004 - owner, name
            return None
        return GitHubPlace(self, names[0], names[1])

    def name_at_home(self, address: str) -> str | None:
        """Return the name of a repository of the owner; None for any other address."""
        place = self.place(address)
        at_home = place is not None and place.owner.lower() == self.owner.lower()
        return place.name if place and at_home else None


@dataclass(frozen=True, slots=True)
class App:
    """A GitHub App, as its page on GitHub names it."""

    app_id: str
    """Its number, or its client id."""
    key: str = field(repr=False)
    """Its private key: the text of the PEM file."""
    installation: int | None = None
    """The installation whose tokens are used; found by repository if absent."""


class GitHubPlace(msgspec.Struct, frozen=True):
    """One repository."""

    github: GitHub
    owner: str
    name: str

    def __str__(self) -> str:
        return f"{self.owner}/{self.name}"

    @property
    def address(self) -> str:
        """Return what git clones."""
        return f"{self.github.url}/{self.owner}/{self.name}.git"

    @property
    def forge(self) -> GitHub:
        """The installation that has it."""
        return self.github

    @property
    def full_name(self) -> str:
        """Owner and name."""
        return str(self)

    @property
    def identity(self) -> Mapping[str, str]:
        """Address of GitHub, owner and name; no folder."""
        return {"folder": "", "github": self.github.url, "repository": str(self)}

    @property
    def git_address(self) -> str:
        """What git clones."""
        return self.address

    @property
    def key_address(self) -> str:
        """Address over SSH, whose port is the usual one whatever that of the pages is."""
        return f"ssh://git@{urlsplit(self.github.url).hostname}/{self}.git"

    @property
    def interface(self) -> str:
        """Address at which the REST interface knows it."""
        return f"{self.github.rest}/repos/{self}"

    def workflow_subject(self, environment: str) -> str:
        """Return whom a token of a job names that runs in an environment."""
        return f"repo:{self}:environment:{environment}"

    @property
    def page(self) -> str:
        """Where people look at it."""
        return f"{self.github.url}/{self}"

    @property
    def option(self) -> str:
        """The option that takes its address."""
        return f" -r {self.page}"

    @property
    def exists(self) -> bool:
        """True, for only reading it shows."""
        return True

    @property
    def has_content(self) -> bool:
        """True, for only reading it shows."""
        return True

    def repository(self, access: Access, writer: Writer = WRITER) -> Repository:
        """Open it to write branches and pull requests."""
        with library(str(self)):
            from kalypso.forge.github.repository import (  # noqa: PLC0415 - see `library`
                GitHubRepository,
            )
        return GitHubRepository(self, access, writer=writer)

    def review(self, access: Access, person: Person) -> Review:
        """Open it to decide about pull requests; GitHub knows the person by the token."""
        del person
        with library(str(self)):
            from kalypso.forge.github.review import GitHubReview  # noqa: PLC0415 - see `library`
        return GitHubReview(self, access)

    def issues(self, access: Access) -> Issues:
        """Open its issues."""
        with library(str(self)):
            from kalypso.forge.github.issues import GitHubIssues  # noqa: PLC0415 - see `library`
        return GitHubIssues(self, access)

    def statuses(self, access: Access) -> Statuses:
        """Open the statuses of its commits."""
        with library(str(self)):
            from kalypso.forge.github.statuses import (  # noqa: PLC0415 - see `library`
                GitHubStatuses,
            )
        return GitHubStatuses(self, access)

    def commits_page(self, before: str, commit: str) -> str:
        """Return the page with the commits since another one."""
        what = f"compare/{before}...{commit}" if before else f"commits/{commit}"
        return f"{self.page}/{what}"

    def commit_page(self, commit: str, path: str = "", line: int = 0) -> str:
        """Return the page that shows a commit, or a file as it was there."""
        if not path:
            return f"{self.page}/commit/{commit}"
        return f"{self.page}/blob/{commit}/{quote(path)}" + (f"#L{line}" if line else "")

    def look(self, number: int) -> str:
        """Say where a person looks at a pull request."""
        return f"look at it on {self.page}/pull/{number}"

    def decide(self, number: int) -> str:
        """Say where a person looks at a pull request; the same page merges it."""
        return self.look(number)

    def look_at_issue(self, number: int) -> str:
        """Say where a person looks at an issue."""
        return f"{self.page}/issues/{number}"
