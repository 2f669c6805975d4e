"""Plugins end when the engine says so: it waits for one 5 seconds, and then blames the others."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.bench import ROOT

_ENGINE_WAITS_SECONDS = 5


@pytest.mark.parametrize(
    "plugin",
    [
        "components.provider.server",
        "tests.standins.azure.plugin_server",
        "tests.standins.kubernetes_plugin",
    ],
)
@pytest.mark.parametrize("place", ["foreground", "background"])
def test_a_plugin_ends_before_the_engine_kills_it(plugin: str, place: str, tmp_path: Path) -> None:
    ignored = 'trap "" INT;' if place == "background" else ""  # as a shell does
    with subprocess.Popen(
        ["sh", "-c", f'{ignored} exec "$0" "$@"', sys.executable, "-m", plugin, "127.0.0.1:1"],
        cwd=ROOT,
        env={**os.environ, "KALYPSO_TEST_AZURE": str(tmp_path)},
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert int(process.stdout.readline()) > 0
            process.send_signal(signal.SIGINT)
            assert process.wait(_ENGINE_WAITS_SECONDS) == 0
        finally:
            process.kill()
