"""A person's shell finds what the laboratory started."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools.cluster_parts import PLUGIN, built
from tools.lab import command


def test_a_shell_that_reads_the_file_finds_the_clusters_and_the_plugin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    monkeypatch.setattr(command, "LAB", folder)
    command._write_environment()  # noqa: SLF001 - `make lab` would start the clusters first
    script = f'. \'{folder}/env\'; echo "$KUBECONFIG"; echo "${{PATH%%:*}}"'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    kubeconfig, first = done.stdout.splitlines()
    assert kubeconfig == f"{folder}/kubeconfig"
    assert first == str(built(PLUGIN))
