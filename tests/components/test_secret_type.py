"""A Secret is declared without loading all other kinds, which each run would wait for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_BEGINNING = """\
import sys
from components.reconcilers.secret_type import secret_type
"""


def run(script: str, *folders: Path) -> "subprocess.CompletedProcess[str]":
    """Run a script in a process that has loaded nothing yet."""
    path = os.pathsep.join(map(str, [ROOT, *folders]))
    return subprocess.run(
        [sys.executable, "-c", _BEGINNING + script],
        env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("first", ["", "import pulumi_kubernetes.core.v1\n"])
def test_whoever_loads_all_kinds_before_or_after_has_the_same_type(first: str) -> None:
    script = f"""\
{first}ours = secret_type()
assert ("pulumi_kubernetes.core.v1._inputs" in sys.modules) is {bool(first)}
from pulumi_kubernetes.core.v1 import Secret
assert Secret is ours is secret_type()
"""
    done = run(script, ROOT / ".kalypso" / "sdks")
    assert done.returncode == 0, done.stderr


def test_without_the_sdk_it_is_said_which_package_is_missing() -> None:
    done = run("secret_type()\n")
    assert "ModuleNotFoundError: No module named 'pulumi_kubernetes'" in done.stderr


def test_an_sdk_with_other_files_is_loaded_whole(tmp_path: Path) -> None:
    whole = tmp_path / "pulumi_kubernetes" / "core" / "v1.py"
    whole.parent.mkdir(parents=True)
    for package in (whole.parent.parent, whole.parent):
        (package / "__init__.py").touch()
    whole.write_text("class Secret:\n    pass\n")
    done = run("print(secret_type())\n", tmp_path)
    assert done.stdout == "<class 'pulumi_kubernetes.core.v1.Secret'>\n", done.stderr
