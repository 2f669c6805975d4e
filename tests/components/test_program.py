"""The process of the program, which a language host starts."""

import os
import signal
import subprocess
import sys

PROGRAM = """
import os, time
from components.program import end_with
end_with(os.getppid())
print(os.getpid(), flush=True)
time.sleep(600)
"""
INTERRUPTED = """
import sys, time, types
sys.modules["components.declaring"] = types.ModuleType("declaring")
sys.modules["components.declaring"].declare = lambda: (print("ready", flush=True), time.sleep(600))
from components.program import run
run()
"""
HOST = """
import subprocess, sys
subprocess.run([sys.executable, "-c", sys.argv[1]], check=True)
"""


def test_a_program_ends_with_the_host_that_started_it() -> None:
    host = subprocess.Popen(
        [sys.executable, "-c", HOST, PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with host:
        assert host.stdout is not None
        program = int(host.stdout.readline())
        os.kill(program, 0)  # it lives, while its host does
        host.kill()
        assert host.stdout.read() == ""  # returns when the last who could write is gone


def test_a_program_that_is_interrupted_says_nothing() -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with program:
        assert program.stdout is not None
        program.stdout.readline()
        program.send_signal(signal.SIGINT)
        _, said = program.communicate()
    assert (program.returncode, said) == (32, "")
