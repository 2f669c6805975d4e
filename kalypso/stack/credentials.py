"""Tokens for other machines: those of a stack's settings before those around it."""

from __future__ import annotations

from collections.abc import Mapping

from kalypso.forge import FORGES, Values
from kalypso.git import Access, Credentials, TokenSource, from_environment


def access_from(
    environ: Mapping[str, str], values: Values, tokens: Mapping[str, str] | None = None
) -> Access:
    """Return how repositories of other machines are reached.

    Args:
        environ: Environment variables; `GITHUB_TOKEN` and its like count least.
        values: Settings, which may hold a token for each kind of forge.
        tokens: Tokens of other hosts, by host.
    """
    found = {**from_environment(environ).tokens}
    found.update({host.lower(): given for host, given in (tokens or {}).items()})
    made: dict[str, TokenSource] = {}
    for kind in FORGES.values():
        own = kind.credentials(values)
        found.update(own.tokens)
        made.update(own.made)
    credentials = Credentials(found, made)
    if values.get("repositories.linkLocal", "").lower() == "true":
        return Access(credentials=credentials, link_local=True)
    return Access(credentials=credentials)
