"""When processes of ours look for garbage: seldom, and not once more at their end."""

import subprocess
import sys

import pytest

AT_THE_END = """
import atexit, gc, sys, types
atexit.register(lambda: print("at the end:", gc.get_threshold()[0], gc.get_freeze_count() > 10_000))
"""
COMMAND = """
sys.argv = ["kalypso", "version"]
from kalypso.cli import main
main()
"""
PROGRAM = """
sys.modules["components.declaring"] = types.ModuleType("declaring")
sys.modules["components.declaring"].declare = lambda: None
from components.program import run
run()
"""
PROVIDER = """
sys.modules["components.provider.serving"] = types.ModuleType("serving")
sys.modules["components.provider.serving"].serve = lambda: None
from components.provider.server import main
main()
"""


@pytest.mark.parametrize("process", [COMMAND, PROGRAM, PROVIDER])
def test_a_process_looks_for_garbage_seldom_and_not_once_more_at_its_end(process: str) -> None:
    code = AT_THE_END + process
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "at the end: 100000 True"
