"""Whether a cluster exists in Azure, where somebody is signed in who can be asked."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from http import HTTPStatus

from kalypso.errors import KalypsoError
from kalypso.observation import AzureRequest, ManagementApi, Unreachable, azure_tokens

_VERSION = "2025-09-01"
_SECONDS = 15.0
_SEEN: Mapping[int, bool] = {HTTPStatus.OK: True, HTTPStatus.NOT_FOUND: False}


def cluster_exists(
    resource_id: str,
    api: ManagementApi | None = None,
    signed_in: Callable[[], Callable[[], str]] = azure_tokens,
) -> bool | None:
    """Return whether Azure has a cluster of AKS; None if nobody can say.

    Args:
        resource_id: Its id.
        api: Where Azure is.
        signed_in: Returns what gives tokens.
    """
    if not _may_be_signed_in(os.environ):
        return None  # looking for a sign-in that is nowhere takes seconds
    try:
        token = signed_in()()
        reply = (api or ManagementApi()).send(AzureRequest(resource_id, _VERSION), token, _SECONDS)
    except (KalypsoError, Unreachable):
        return None
    return _SEEN.get(reply.status)


def _may_be_signed_in(environment: Mapping[str, str]) -> bool:
    """Return whether the Azure CLI is there, or variables of a service principal are."""
    variables = any(name.startswith("AZURE_") for name in environment)
    return variables or shutil.which("az", path=environment.get("PATH", "")) is not None
