"""How clusters read the GitOps repository: by a token, by a GitHub App, or each by a deploy key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import msgspec

from kalypso.git import Credentials, mask
from kalypso.stack.settings import Settings

_PEM = re.compile(r"-----BEGIN ([A-Z ]*PRIVATE KEY)-----\n[^-]+-----END \1-----")
Refusal = tuple[str, str, str]
"""Key of the setting, message, hint."""


class DeployKeys(msgspec.Struct, frozen=True, kw_only=True):
    """A key for each cluster that opens the GitOps repository, and nothing else."""

    repository: str
    """Name on the forge, with its owner."""
    address: str
    """Where it is read by such a key."""
    host_keys: str
    """By which a cluster knows the forge's host: lines of `known_hosts`."""
    rotation: str
    """Another text makes other keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingApp:
    """A GitHub App that reads the GitOps repository for all clusters, with tokens of an hour."""

    app_id: str
    installation: str
    key: str = field(repr=False)
    """The text of its PEM file."""
    interface: str
    """Address of the REST interface of an Enterprise Server; empty for github.com."""


def reading_app(settings: Settings, repository: str) -> ReadingApp | None:
    """Return the GitHub App with which clusters read; None if they read without one.

    Args:
        settings: Of the stack.
        repository: Address of the GitOps repository.
    """
    app, forge = settings.reader.app, settings.forge
    place = forge.place(repository) if app.id else None
    if place is None or not place.key_address:
        return None
    return ReadingApp(
        app_id=app.id,
        installation=str(app.installation),
        key=_pem(app.key),
        interface=forge.server_interface,
    )


def deploy_keys(settings: Settings, repository: str) -> DeployKeys | None:
    """Return the keys that a stack makes for its clusters; None if it makes none.

    Args:
        settings: Of the stack.
        repository: Address of the GitOps repository.
    """
    reader, forge = settings.reader, settings.forge
    place = forge.place(repository) if reader.deploy_keys else None
    if place is None or not place.key_address:
        return None
    return DeployKeys(
        repository=place.full_name,
        address=place.key_address,
        host_keys=_host_keys(settings),
        rotation=reader.rotation,
    )


def refused_reading(settings: Settings, repository: str) -> Iterator[Refusal]:
    """Return what is wrong with how clusters are to read the GitOps repository."""
    yield from _of_the_token(settings, repository)
    if settings.reader.deploy_keys:
        yield from _of_deploy_keys(settings, repository)
    yield from _of_the_app(settings, repository)


def _of_the_token(settings: Settings, repository: str) -> Iterator[Refusal]:
    """Refuse a token of clusters that could do more than read, or that everybody would see."""
    token, host = settings.reader.token, urlsplit(repository).netloc.lower()
    if not token:
        return
    if not Credentials({host: token}).covers(repository):
        message = f"clusters would send the reader's token openly to {mask(repository)}"
        hint = "name the GitOps repository by an address that begins with https://"
        yield "reader.token", message, hint
    if token == settings.access.credentials.tokens.get(host):
        message = f"clusters would hold the token that delivers to {host}"
        yield "reader.token", message, "give clusters one of their own, which reads"


def _of_the_app(settings: Settings, repository: str) -> Iterator[Refusal]:
    """Refuse an App that is not whole, could do more than read, or cannot read this repository."""
    app, delivering = settings.reader.app, settings.github.app
    parts = {"id": app.id, "installation": app.installation, "key": app.key}
    if not any(parts.values()):
        return
    missing = [f"reader.app.{name}" for name, value in parts.items() if not value]
    if missing:
        message = f"clusters read by a GitHub App, and nothing says {' and '.join(missing)}"
        yield "reader.app", message, "set its number, that of its installation, and its .pem file"
    elif not _PEM.fullmatch(_pem(app.key).strip()):
        message = "reader.app.key is not the private key of a GitHub App"
        yield "reader.app.key", message, "`pulumi config set --secret reader.app.key < app.pem`"
    if (app.id and app.id == delivering.id) or (app.key and app.key == delivering.key):
        message = "clusters would hold the key of the GitHub App that delivers"
        yield "reader.app", message, "make another one, which may read contents and nothing else"
    if settings.reader.deploy_keys:
        message = "a GitHub App and deploy keys would both read the GitOps repository"
        yield "reader.app", message, "remove reader.app, or reader.deployKeys"
    place = settings.forge.place(repository)
    if place is None or not place.key_address:
        message = f"no GitHub App reads {mask(repository)}: GitHub does not have it"
        hint = "set forge and forge.url to the GitHub that has it, or use reader.token"
        yield "reader.app", message, hint
    elif not Credentials({urlsplit(repository).netloc.lower(): "token"}).covers(repository):
        message = f"clusters would send the tokens of a GitHub App openly to {mask(repository)}"
        hint = "name the GitOps repository by an address that begins with https://"
        yield "reader.app", message, hint


def _pem(key: str) -> str:
    """Return a key with its line ends, which are also written as a backslash and an n."""
    return key.replace("\\n", "\n")


def _of_deploy_keys(settings: Settings, repository: str) -> Iterator[Refusal]:
    place = settings.forge.place(repository)
    if place is None or not place.key_address:
        message = f"deploy keys cannot be made for {mask(repository)}: GitHub does not have it"
        hint = "set forge and forge.url to the GitHub that has it, or use reader.token"
        yield "reader.deployKeys", message, hint
    elif not _host_keys(settings):
        host = urlsplit(place.key_address).hostname
        message = f"the SSH keys of {host} are not known, by which clusters would recognize it"
        hint = f'compare and set it: `pulumi config set reader.hostKeys "$(ssh-keyscan {host})"`'
        yield "reader.hostKeys", message, hint


def _host_keys(settings: Settings) -> str:
    return settings.reader.host_keys or settings.forge.host_keys
