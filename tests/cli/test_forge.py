"""`kalypso forge serve`: starts, says where it serves, and says why if it cannot."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

from kalypso.git.read import read_tree
from tests.cli.command import run
from tests.delivery.platform import START, GitOps


def test_it_says_what_to_clone_serves_it_and_ends_when_interrupted(tmp_path: Path) -> None:
    GitOps(tmp_path / "kalypso-gitops.git")
    command = [sys.executable, "-u", "-c", "from kalypso.cli import main; main()", "forge", "serve"]
    with subprocess.Popen(
        [*command, "--forge", str(tmp_path), "--port", "0"], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        first, second = server.stdout.readline(), server.stdout.readline()
        address = second.split()[-1]
        files = read_tree(address, "dev").files
        server.send_signal(signal.SIGINT)
        rest = server.stdout.read()
    assert first.startswith(f"serving {tmp_path} at http://127.0.0.1:")
    assert files == START
    assert (rest, server.returncode) == ("stopped\n", 0)


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = run(["forge", "serve", "--forge", str(tmp_path), "--port", port], tmp_path)
    assert told.code == 2
    assert "choose another with --port" in told.err
