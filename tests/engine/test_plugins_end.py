"""Plugins end when the engine says so: it waits for one 5 seconds, and then blames the others."""

import signal
import subprocess
import sys

import pytest

from tests.engine.bench import ROOT

PROVIDER = "components.provider.server"
_ENGINE_WAITS_SECONDS = 5


@pytest.mark.parametrize("place", ["foreground", "background"])
def test_the_provider_ends_before_the_engine_kills_it(place: str) -> None:
    ignored = 'trap "" INT;' if place == "background" else ""  # as a shell does
    with subprocess.Popen(
        ["sh", "-c", f'{ignored} exec "$0" "$@"', sys.executable, "-m", PROVIDER, "127.0.0.1:1"],
        cwd=ROOT,
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
