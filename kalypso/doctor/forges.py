"""Checks of the forge: there is a token, it is valid, and it may do what the stack does.

And the GitHub App with which clusters read, of which the settings of a stack tell its number. Its
key is encrypted, so nobody can be asked here what it may do.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from kalypso.doctor.finding import Finding, fix, ok, unknown
from kalypso.doctor.surroundings import Surroundings, Unanswered
from kalypso.stack import Settings


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
    yield _by_scopes(settings, scopes)
    yield from _administration(settings, around, token)


def check_reader_app(settings: Settings) -> Iterator[Finding]:
    """Check that clusters read by a GitHub App of their own, and that all of them can."""
    app = settings.reader.app
    if not app.id:
        return
    if not settings.forge.account:
        message = f"{settings.forge.name}: clusters cannot read there by a GitHub App"
        yield fix("reader", message, "remove reader.app, or set forge to github")
        return
    if app.id == settings.github.app.id:
        message = f"clusters would hold the key of the GitHub App {app.id}, which delivers"
        yield fix("reader", message, "make another one, and set reader.app.id to its number")
        return
    if not app.installation:
        message = f"nothing says where the GitHub App {app.id} is installed"
        yield fix("reader", message, "set reader.app.installation to the number of its page")
        return
    message = f"clusters read by the GitHub App {app.id}, which may do what its page says"
    way = "see that it is contents: read and nothing else, on the repositories that they read"
    yield unknown("reader", message, way)


def _by_scopes(settings: Settings, scopes: frozenset[str] | None) -> Finding:
    forge = settings.forge
    if scopes is None:
        message = f"{forge.name} does not say what this kind of token may do"
        way = "it needs contents, pull requests and issues, to read and to write"
        return unknown("forge", message, way)
    missing = sorted(_needed(settings) - scopes)
    if missing:
        message = f"the token for {forge.url} lacks the scope {', '.join(missing)}"
        return fix("forge", message, "make a token that has it")
    return ok("forge", f"{forge.name}: the token has {', '.join(sorted(scopes))}")


def _administration(settings: Settings, around: Surroundings, token: str) -> Iterator[Finding]:
    """Check that the token may set what the settings want beside the content of repositories."""
    for content, keys in _administered(settings).items():
        wanted = f"administration: write on {settings.repository(content)}, for {', '.join(keys)}"
        place = settings.forge.place(f"{settings.forge.home}/{settings.repository(content)}")
        if place is None or not settings.makes_repositories:
            yield unknown("administration", f"the token needs {wanted}", "look at its rights")
            continue
        try:
            may = around.may_administer(place.interface, token)
        except Unanswered as error:
            yield fix("administration", f"{settings.forge.name}: {error}", "try again later")
            continue
        if may is None:
            message = f"{place.full_name} cannot be seen yet; the token needs {wanted}"
            yield unknown("administration", message, "look at its rights")
        elif may:
            yield ok("administration", f"the token administers {place.full_name}")
        else:
            message = f"the token does not administer {place.full_name}"
            yield fix("administration", message, f"give it {wanted}")


def _administered(settings: Settings) -> dict[str, list[str]]:
    """Return which settings need it, by the repository of the platform; none without one."""
    wanted = {
        "reader.deployKeys": settings.reader.deploy_keys,
        "repositories.environments": settings.repositories.environments,
        "repositories.rulesets": settings.repositories.rulesets,
        "azure.federation": settings.azure.federation and settings.makes_repositories,
    }
    keys = [key for key, chosen in wanted.items() if chosen]
    others = [key for key in keys if key != "reader.deployKeys"]
    return {name: found for name, found in (("gitops", keys), ("control-plane", others)) if found}


def _needed(settings: Settings) -> set[str]:
    found = {"repo"}
    if settings.makes_repositories:
        found.add("workflow")  # the repositories begin with workflows
        if settings.repositories.on_destroy == "delete":
            found.add("delete_repo")
    return found
