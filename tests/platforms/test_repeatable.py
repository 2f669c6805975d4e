"""The same model gives the same bytes, on whatever machine and at whatever time."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import FLEET, MODEL

COMMAND = [sys.executable, "-c", "from kalypso.cli import main; main()", "render", *MODEL]


def tree_digest(out: Path, variables: dict[str, str]) -> str:
    """Render in a process of its own, and digest every path and byte."""
    subprocess.run(
        [*COMMAND, "--out", str(out)],
        cwd=FLEET,
        env={**os.environ, **variables},
        check=True,
        capture_output=True,
    )
    digest = hashlib.sha256()
    for path in sorted(out.rglob("*")):
        digest.update(path.relative_to(out).as_posix().encode())
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> str:
    return tree_digest(tmp_path_factory.mktemp("reference") / "out", {"PYTHONHASHSEED": "0"})


@pytest.mark.parametrize(
    "variables",
    [
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "4242"},
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        {"TZ": "America/New_York", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "0"},
    ],
    ids=["one hash seed", "another", "far east", "far west"],
)
def test_neither_seed_nor_zone_nor_locale_matters(
    variables: dict[str, str], reference: str, tmp_path: Path
) -> None:
    assert tree_digest(tmp_path / "out", variables) == reference
