"""A forge as one value, and one of its repositories as a place: all that differs between forges.

Whoever needs something that differs from forge to forge asks one of these. Nothing outside
this room asks which forge it is, and a new one is a folder here and a line in
`kalypso.forge.address`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Protocol

from kalypso.errors import Problem
from kalypso.forge.interface import Issues, Repository, Review, Statuses
from kalypso.git import Access, Credentials, Writer

Values = Mapping[str, str]
"""Settings as text by their whole key, for example `forge.url`; absent ones have their default."""
Person = Callable[[], tuple[str, str]]
"""Returns name and address of who decides about pull requests; asked only if that is kept."""


class Place(Protocol):
    """One repository of a forge; nothing is read until something is opened."""

    @property
    def forge(self) -> Forge:
        """The forge that has it."""
        ...

    @property
    def full_name(self) -> str:
        """Its name on the forge, as messages and resources say it."""
        ...

    @property
    def identity(self) -> Mapping[str, str]:
        """The inputs by which a resource names it; `Kind.identified` reads them."""
        ...

    @property
    def git_address(self) -> str:
        """What git reads and writes: an address, or a path on this machine."""
        ...

    @property
    def key_address(self) -> str:
        """Address at which a deploy key reads it, over SSH; empty if the forge has no such keys."""
        ...

    @property
    def interface(self) -> str:
        """Address at which programs ask about it; empty if the forge has none."""
        ...

    def workflow_subject(self, environment: str) -> str:
        """Return whom a token of its workflows names in an environment.

        Empty if the forge signs no tokens.
        """
        ...

    @property
    def page(self) -> str:
        """Where people look at it; empty if it has no page."""
        ...

    @property
    def option(self) -> str:
        """What follows a `kalypso` command to name it, with a space; empty if nothing has to."""
        ...

    @property
    def exists(self) -> bool:
        """Whether there may be such a repository; of another machine only reading it shows."""
        ...

    @property
    def has_content(self) -> bool:
        """Whether it may have a branch or tag; of another machine only reading it shows.

        Raises:
            SourceError: The repository exists and cannot be read.
        """
        ...

    def repository(self, access: Access, writer: Writer) -> Repository:
        """Open it to write branches and pull requests.

        Raises:
            DeliveryError: What the forge needs is missing: a library, or a token.
        """
        ...

    def review(self, access: Access, person: Person) -> Review:
        """Open it to decide about pull requests.

        Raises:
            DeliveryError: What the forge needs is missing: a library, or a token.
        """
        ...

    def issues(self, access: Access) -> Issues:
        """Open its issues.

        Raises:
            DeliveryError: What the forge needs is missing: a library, or a token.
        """
        ...

    def statuses(self, access: Access) -> Statuses | None:
        """Open the statuses of its commits; None if the forge shows none.

        Raises:
            DeliveryError: What the forge needs is missing: a library, or a token.
        """
        ...

    def commits_page(self, before: str, commit: str) -> str:
        """Return the page with the commits since another one; empty if it has no page.

        Args:
            before: Where the list begins; empty for all commits.
            commit: Where it ends.
        """
        ...

    def commit_page(self, commit: str, path: str = "", line: int = 0) -> str:
        """Return the page that shows a commit, or a file as it was there; empty if it has none.

        Args:
            commit: Which one.
            path: Of a file from the root of the repository; empty for the commit as a whole.
            line: Of the file, counted from 1; 0 for its beginning.
        """
        ...

    def look(self, number: int) -> str:
        """Say how a person looks at a pull request, after a semicolon."""
        ...

    def decide(self, number: int) -> str:
        """Say how a person looks at a pull request and merges it, after a colon."""
        ...

    def look_at_issue(self, number: int) -> str:
        """Say where a person looks at an issue, after a colon."""
        ...


class Forge(Protocol):
    """A server or a folder that has repositories."""

    @property
    def kind(self) -> str:
        """What the setting `forge` calls it; a key of `kalypso.forge.address.FORGES`."""
        ...

    @property
    def name(self) -> str:
        """What messages call it."""
        ...

    @property
    def url(self) -> str:
        """Its address, as a model names it."""
        ...

    @property
    def here(self) -> bool:
        """Whether it is a folder of this machine: read in place, and filled by the stack."""
        ...

    @property
    def home(self) -> str:
        """Address below which the platform's own repositories are; empty if nothing says that."""
        ...

    @property
    def home_hint(self) -> str:
        """Which command makes `home` known; empty if it always is."""
        ...

    @property
    def account(self) -> str:
        """Address at which it says whose a token is; empty if it has no accounts."""
        ...

    @property
    def host_keys(self) -> str:
        """The public keys of its SSH host, as in `known_hosts`; empty if nobody here knows them."""
        ...

    @property
    def token_issuer(self) -> str:
        """Who signs the tokens of its workflows: an address; empty if nobody does."""
        ...

    @property
    def server_interface(self) -> str:
        """Address at which programs ask a server of one's own; empty for a public service."""
        ...

    @property
    def longest_body(self) -> int:
        """Characters that it keeps of a text."""
        ...

    @property
    def has_rules(self) -> bool:
        """Whether it has rules for branches, and environments with variables of workflows."""
        ...

    @property
    def extra(self) -> str:
        """The extra of Kalypso with which Pulumi makes its repositories; empty if it needs none."""
        ...

    @property
    def writes_single_files(self) -> bool:
        """Whether it takes a commit for each file by its interface."""
        ...

    def place(self, address: str) -> Place | None:
        """Return which of its repositories an address names; None if it is elsewhere."""
        ...

    def name_at_home(self, address: str) -> str | None:
        """Return the name of a repository below `home`; None for any other address."""
        ...


class Kind(Protocol):
    """A kind of forge: how its settings, its resources and its addresses are read."""

    def configured(self, values: Values) -> Forge:
        """Return the forge of a stack's settings."""
        ...

    def problems(self, values: Values) -> Iterable[tuple[str, Problem]]:
        """Return what is wrong with settings that are its own, each with its key."""
        ...

    def credentials(self, values: Values) -> Credentials:
        """Return the tokens that settings hold for it, whichever forge the stack is on."""
        ...

    @property
    def owned_on(self) -> str:
        """Where repositories have an owner, as messages call it; empty if they have none."""
        ...

    @property
    def new_folder(self) -> Path:
        """Where in a new project its repositories are written, whether they stay or are pushed."""
        ...

    def creation(self, owner: str, name: str) -> str:
        """Return the command that makes a repository to push to; empty if nothing is pushed."""
        ...

    def identified(self, identity: Mapping[str, object], values: Values) -> Place | None:
        """Return the repository that the inputs of a resource name; None if it is not its.

        Raises:
            DeliveryError: The inputs do not name a repository of this forge.
        """
        ...

    def named(self, given: str, environ: Mapping[str, str]) -> Place | None:
        """Return the repository that a command's option names; None if it is not its.

        Args:
            given: The option.
            environ: Environment variables.

        Raises:
            SettingsError: The text is an address of this kind of forge, but not of a repository.
            SourceError: The text is an address that git may not be given.
        """
        ...
