"""What the platform and the chart tell the application, read from environment variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

PLATFORM_VARIABLES = (
    "ENVIRONMENT",
    "CLUSTER_NAME",
    "REGION",
    "DATABASE_URL",
    "SOME_COMMON_ENVIRONMENT_VARIABLE",
)
"""What the page shows of the config map ``platform-config``, in this order.

A fixed list: a container's environment also holds what nobody should see on a web page.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What one instance of the application knows about its place."""

    deployment_target: str
    """Which of the Workload's targets this is, e.g. ``uat-test``; empty outside a cluster."""
    platform: Mapping[str, str | None]
    """Value of each platform variable; None where the platform gives none."""

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> Configuration:
        """Pick what the page shows out of all environment variables."""
        given = {name: variables.get(name) for name in PLATFORM_VARIABLES}
        return cls(
            deployment_target=variables.get("DEPLOYMENT_TARGET", ""),
            platform={name: value and without_password(value) for name, value in given.items()},
        )


def without_password(value: str) -> str:
    """Hide the password of a URL; any other text comes back as it is."""
    try:
        parts = urlsplit(value)
        password = parts.password
    except ValueError:  # such as an open bracket: no URL, so no password in it
        return value
    if not password:
        return value
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username}:***@{place}"))
