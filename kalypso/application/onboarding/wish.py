"""What an application team wants of the platform, as it says it in options or answers."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from kalypso.errors import Position, SettingsError
from kalypso.model import fault


class WishedTarget(msgspec.Struct, frozen=True, kw_only=True):
    """A place in which the application wants to run."""

    name: str
    environment: str
    labels: Mapping[str, str]
    clusters: Mapping[str, str]
    """Labels of the cluster types that it runs on; none for all of them."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """An application, and all places in which it wants to run."""

    name: str
    workspace: str
    source: str
    """Address of its source repository."""
    gitops: str
    """Address of its GitOps repository."""
    targets: tuple[WishedTarget, ...]

    @property
    def environments(self) -> tuple[str, ...]:
        """The environments of its targets, each once."""
        return tuple(dict.fromkeys(target.environment for target in self.targets))


def check_name(name: str, option: str) -> str:
    """Return a name that Kubernetes takes.

    Raises:
        SettingsError: Kubernetes does not take the name.
    """
    if wrong := fault("dns1123subdomain", name):
        raise SettingsError(
            f"the name {name!r} {wrong}",
            Position(option),
            "for example hello-world",
            code="bad-name",
        )
    return name


def parse_target(text: str, clusters: Mapping[str, str]) -> WishedTarget:
    """Read ``NAME@ENVIRONMENT``, or ``NAME@ENVIRONMENT:LABEL=VALUE,…``.

    Args:
        text: The option.
        clusters: Labels of the cluster types that the target runs on.

    Raises:
        SettingsError: The text is not of the form.
    """
    place, _, labels = text.partition(":")
    name, at, environment = place.partition("@")
    if not at or not environment:
        raise SettingsError(
            f"--target {text!r} is not of the form NAME@ENVIRONMENT:LABEL=VALUE,...",
            Position("--target"),
            "for example functional-test@dev:purpose=functional-test",
            code="option",
        )
    own = parse_labels(labels, "--target")
    return WishedTarget(
        name=check_name(name, "--target"),
        environment=environment,
        labels=own or {"purpose": name},
        clusters=clusters,
    )


def parse_labels(text: str, option: str) -> dict[str, str]:
    """Read ``LABEL=VALUE,LABEL=VALUE``; nothing for an empty text.

    Raises:
        SettingsError: The text is not of the form, or not what Kubernetes takes as labels.
    """
    labels: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        key, equals, value = pair.partition("=")
        wrong = "is not of the form LABEL=VALUE" if not equals else ""
        wrong = wrong or fault("labelkey", key) or fault("labelvalue", value)
        if wrong:
            raise SettingsError(
                f"the label {pair!r} {wrong}", Position(option), "for example size=large",
                code="bad-label",
            )  # fmt: skip
        labels[key] = value
    return labels
