"""The kubeconfig of an AKS cluster, as Azure gives it to whoever may use the cluster.

For a cluster with Entra ID it calls `kubelogin`, which asks somebody to type a code into a browser.
Nobody can do that while `pulumi up` runs, so the call becomes one that asks nobody.

Source: `kubelogin convert-kubeconfig`, which keeps the same arguments.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import yaml

from kalypso.stack.azure_settings import Login

_PROGRAM = "kubelogin"
_KEPT: Mapping[Login, frozenset[str]] = {
    "azurecli": frozenset({"--server-id"}),
    "msi": frozenset({"--server-id"}),
    "spn": frozenset({"--environment", "--server-id", "--tenant-id"}),
    "workloadidentity": frozenset({"--server-id"}),
}
"""What a way of signing in takes; the client that AKS names is the browser's, not ours."""


def read_aks_kubeconfig(encoded: str, login: Login) -> str:
    """Return a kubeconfig that asks nobody to sign in.

    Args:
        encoded: As Azure gives it: YAML in base64.
        login: How `kubelogin` signs in, if the cluster has it called.

    Raises:
        ValueError: The text is not a kubeconfig.
    """
    text = base64.b64decode(encoded, validate=True).decode()
    try:
        document = yaml.safe_load(text)
        calls = [call for user in document["users"] if (call := user["user"].get("exec"))]
    except (yaml.YAMLError, TypeError, KeyError, AttributeError):
        raise ValueError("what Azure gave is not a kubeconfig") from None  # it may hold a key
    changed = [call for call in calls if call.get("command") == _PROGRAM]
    for call in changed:
        call["args"] = _arguments(call.get("args") or (), login)
    return yaml.safe_dump(document, sort_keys=False) if changed else text


def _arguments(given: Sequence[str], login: Login) -> list[str]:
    return ["get-token", "--login", login, *_options(given, _KEPT[login])]


def _options(given: Sequence[Any], kept: frozenset[str]) -> Iterator[str]:
    for name, value in pairwise(given):
        if name in kept:
            yield str(name)
            yield str(value)
