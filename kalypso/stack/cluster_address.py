"""Where a cluster's API server is, and how it proves that it is the one: no credentials.

A hub gets this with a token that was made for it. What an administrator signs in with stays in the
kubeconfig.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from kalypso.errors import Position, Problem, Problems
from kalypso.stack.kubeconfig import clusters_of_contexts


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """An API server, as the kubeconfig knows it."""

    server: str
    """URL."""
    authority: str = ""
    """Certificates that vouch for it, PEM in base64; empty for those that machines know anyway."""
    name: str = ""
    """Name that its certificate has; empty if it is that of the URL."""


def addresses_of(contexts: Iterable[str], environment: Mapping[str, str]) -> dict[str, Address]:
    """Return the API server of each context.

    Args:
        contexts: Their names; all of them can be used.
        environment: Variables of the process: `KUBECONFIG` and `HOME`.

    Raises:
        Problems: Every server that a token cannot be sent to safely.
    """
    problems: list[Problem] = []
    found = {}
    for context, (file, cluster) in clusters_of_contexts(contexts, environment).items():
        try:
            found[context] = _address(cluster, file.parent)
        except ValueError as error:
            message = f"the cluster of the context {context!r} cannot have a hub: {error}"
            hint = "`kubectl config set-cluster --certificate-authority` names its certificate"
            problems.append(Problem("kube-context", message, Position(str(file)), hint))
    if problems:
        raise Problems(problems)
    return found


def _address(cluster: Mapping[str, Any], folder: Path) -> Address:
    server = str(cluster.get("server") or "")
    if not server.startswith("https://"):
        raise ValueError("its server is not reached by https://")
    if cluster.get("insecure-skip-tls-verify"):
        raise ValueError("its certificate is not checked, so anybody could take the hub's token")
    authority = str(cluster.get("certificate-authority-data") or "")
    if not authority and (file := cluster.get("certificate-authority")):
        try:
            authority = base64.b64encode((folder / str(file)).read_bytes()).decode()
        except OSError as error:
            raise ValueError(f"{file} cannot be read: {error.strerror}") from error
    return Address(
        server=server, authority=authority, name=str(cluster.get("tls-server-name") or "")
    )
