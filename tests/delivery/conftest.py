"""A GitOps repository per test."""

from pathlib import Path

import pytest

from tests.delivery.platform import GitOps


@pytest.fixture
def gitops(tmp_path: Path) -> GitOps:
    return GitOps(tmp_path / "kalypso-gitops.git")
