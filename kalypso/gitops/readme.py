"""The README of a cluster type's folder: what is in it, and where to change it.

It is written from the model alone, as all files are, so the model is where its base is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from kalypso.git import mask
from kalypso.model import Convention, Platform, main_base

OPERATOR_TEXT = "This folder contains deployment targets scheduled on the cluster type"
"""What the operator writes, so that a move from it changes no file."""

_PLAIN = re.compile(r"[!-_a-~]+")
"""What can stand between backticks in Markdown."""


def readmes(platform: Platform, convention: Convention) -> Mapping[str, str]:
    """Return the text of each cluster type's README, by the cluster type's name."""
    names = (cluster.name for cluster in platform.cluster_types)
    if convention == "operator":
        return dict.fromkeys(names, OPERATOR_TEXT)
    base = main_base(platform.base_repos)
    return {
        name: _text(name, platform.environment, base.pointer.repo if base else "") for name in names
    }


def _text(cluster_type: str, environment: str, repository: str) -> str:
    address = mask(repository)
    model = f"the model in `{address}`" if _PLAIN.fullmatch(address) else "the platform's model"
    return (
        f"# {cluster_type} in {environment}\n"
        "\n"
        f"This folder holds what clusters of the type `{cluster_type}` run in the environment"
        f" `{environment}`.\n"
        "\n"
        f"Kalypso writes it from {model}.\n"
        "Make changes there: one that is made here would be undone by the next pull request.\n"
    )
