"""Checks of what a stack sets on repositories beside their content: environments and rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kalypso.errors import Position, Problem, Problems
from kalypso.spelling import nearest
from kalypso.stack.setting_groups import EVERY_ENVIRONMENT
from kalypso.stack.settings import Settings

_ENVIRONMENTS, _RULES = "repositories.environments", "repositories.rulesets"
_BYPASS, _SECRETS = "repositories.bypass", "repositories.secrets"
_Refusal = tuple[str, str, str]
"""Key of the setting, message, hint."""


def check_repositories(
    settings: Settings, stack: str, lines: Mapping[str, int] | None = None
) -> None:
    """Refuse environments, secrets and rules that could not be set, or would be of no use.

    Args:
        settings: Of the stack.
        stack: Its name.
        lines: Where keys are in the stack's file, for messages.

    Raises:
        Problems: All that is wrong.
    """
    given, found = settings.repositories, list[_Refusal]()
    for key, wanted in ((_ENVIRONMENTS, given.environments), (_RULES, given.rulesets)):
        if wanted:
            found += _cannot_be_set(key, settings, stack)
    found += _unread_secrets(settings)
    if given.rulesets and settings.delivery == "repository-files":
        message = "the rules would refuse manifests that are written straight to the branches"
        found.append((_RULES, message, "set delivery to pull-request, or remove the setting"))
    if given.bypass and not given.rulesets:
        message = "there are no rules that anybody could bypass"
        found.append((_BYPASS, message, f"set {_RULES} to true, or remove the setting"))
    if found:
        raise Problems(_problem(each, stack, lines or {}) for each in found)


def _unread_secrets(settings: Settings) -> Iterator[_Refusal]:
    """Refuse secrets that no job could read."""
    given = settings.repositories
    if given.secrets and not given.environments:
        message = "there are no environments whose jobs could read the secrets"
        yield _SECRETS, message, f"set {_ENVIRONMENTS} to true, or remove the setting"
    known = settings.environments or [settings.environment]
    for name, values in given.secrets.items():
        for environment in sorted(values.keys() - {EVERY_ENVIRONMENT, *known}):
            near = nearest(environment, known)
            message = f"the secret {name} has a value for {environment!r}, which is not listed"
            hint = f"did you mean {near!r}?" if near else f"environments: {', '.join(known)}"
            yield f"{_SECRETS}.{name}", message, hint


def _cannot_be_set(key: str, settings: Settings, stack: str) -> Iterator[_Refusal]:
    if stack != settings.platform_stack:
        message = f"{key!r} is a setting of the platform's stack, {settings.platform_stack!r}"
        yield key, message, f"move it to Pulumi.{settings.platform_stack}.yaml"
    elif not settings.forge.has_rules:
        message = f"{key!r} is for GitHub, and the repositories are on {settings.forge.name}"
        yield key, message, "set forge to github, or remove the setting"
    elif not settings.makes_repositories:
        message = f"{key!r} is for repositories that the stack makes, and these are your own"
        yield key, message, "remove the setting, and do it on GitHub yourself"


def _problem(refusal: _Refusal, stack: str, lines: Mapping[str, int]) -> Problem:
    key, message, hint = refusal
    line = lines.get(key) or lines.get(key.partition(".")[0], 1)
    return Problem("setting", message, Position(f"Pulumi.{stack}.yaml", line), hint)
