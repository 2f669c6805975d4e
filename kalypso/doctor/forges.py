"""Checks of the forge: there is a token, it is valid, and it may do what the stack does."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from kalypso.doctor.finding import Finding, fix, ok, unknown
from kalypso.doctor.surroundings import Surroundings, Unanswered
from kalypso.stack.settings import Settings


def check_forge(settings: Settings, around: Surroundings) -> Iterator[Finding]:
    """Check the token with which the stack delivers, unless the forge is a folder."""
    forge = settings.forge
    if not forge.account:
        yield ok("forge", f"{forge.name}: no account is needed")
        return
    if settings.github.app.id:
        yield ok("forge", f"{forge.name}: a GitHub App asks; its rights are on its page")
        return
    token = settings.access.credentials.tokens.get(urlsplit(forge.url).netloc.lower(), "")
    if not token:
        message = f"there is no token for {forge.url}"
        yield fix("forge", message, "set github.token with --secret, or GITHUB_TOKEN")
        return
    try:
        scopes = around.token_scopes(forge.account, token)
    except Unanswered as error:
        yield fix("forge", f"{forge.name}: {error}", "make another token, or try again later")
        return
    if scopes is None:
        message = f"{forge.name} does not say what this kind of token may do"
        way = "it needs contents, pull requests and issues, to read and to write"
        yield unknown("forge", message, way)
        return
    missing = sorted(_needed(settings) - scopes)
    if missing:
        message = f"the token for {forge.url} lacks the scope {', '.join(missing)}"
        yield fix("forge", message, "make a token that has it")
    else:
        yield ok("forge", f"{forge.name}: the token has {', '.join(sorted(scopes))}")


def _needed(settings: Settings) -> set[str]:
    found = {"repo"}
    if settings.makes_repositories:
        found.add("workflow")  # the repositories begin with workflows
        if settings.repositories.on_destroy == "delete":
            found.add("delete_repo")
    return found
