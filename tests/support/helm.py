"""Helm for tests, at the version that tools/helm pins."""

from __future__ import annotations

from pathlib import Path

from tests.support.kept_parts import part_folder
from tools.cluster_parts import HELM


def helm_folder() -> Path:
    """Return the folder with `helm`."""
    return part_folder(HELM)
