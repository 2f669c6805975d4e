"""What a user chooses when a platform begins, checked before anything is written."""

from __future__ import annotations

import re

import msgspec

from kalypso.errors import Position, SettingsError
from kalypso.forge import FORGES
from kalypso.model import Convention

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?")
_RESERVED = ("main", "all")
_RECONCILERS = {"flux": "arc-flux", "argocd": "argocd"}
"""Template by the word that a user types."""


class ClusterKind(msgspec.Struct, frozen=True):
    """A first cluster type."""

    name: str
    template: str
    """The template of its reconciler."""


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """How a platform begins."""

    environments: tuple[str, ...]
    """In the order in which changes go."""
    forge: str = "local"
    """Which kind, a key of `kalypso.forge.FORGES`."""
    owner: str = ""
    """Of the repositories, on a forge where they have one."""
    prefix: str = "platform"
    """First part of the names of the repositories."""
    conventions: Convention = "walkthrough"
    clusters: tuple[ClusterKind, ...] = ()

    def check(self) -> None:
        """Refuse what cannot be begun.

        Raises:
            SettingsError: A name is wrong or given twice, or the repositories lack an owner.
        """
        if not self.environments:
            raise _wrong("--environments", "a platform has at least one environment", "dev")
        for option, names in (
            ("--environments", self.environments),
            ("--cluster-types", tuple(each.name for each in self.clusters)),
            ("--prefix", (self.prefix,)),
        ):
            for name in names:
                check_name(option, name)
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise _wrong(option, f"{twice[0]!r} is given twice", "name each once")
        forge = FORGES[self.forge].owned_on
        if forge and not self.owner:
            raise _wrong("--owner", f"on {forge} the repositories need an owner", "--owner acme")


def check_name(option: str, name: str) -> None:
    """Refuse a name that is not one of a branch, a folder and a namespace alike.

    Raises:
        SettingsError: The name is not valid as one of them.
    """
    if not _NAME.fullmatch(name) or (option == "--environments" and name in _RESERVED):
        reason = "use lower-case letters, digits and dashes; `main` is the branch of all"
        raise _wrong(option, f"{name!r} cannot be a name here", reason)


def parse_cluster(text: str) -> ClusterKind:
    """Read ``NAME``, ``NAME:flux`` or ``NAME:argocd``.

    Raises:
        SettingsError: The reconciler is not known.
    """
    name, _, reconciler = text.strip().partition(":")
    template = _RECONCILERS.get(reconciler or "flux")
    if template is None:
        known = " or ".join(_RECONCILERS)
        raise _wrong("--cluster-types", f"there is no reconciler {reconciler!r}", f"use {known}")
    return ClusterKind(name, template)


def _wrong(option: str, message: str, hint: str) -> SettingsError:
    return SettingsError(message, Position(option), hint, code="option")
