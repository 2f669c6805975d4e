"""How long a person waits for a command: the start of `kalypso`, and a preview without changes.

Each is given beside the start of Python itself, measured in the same run. `pulumi preview` needs a
clone in which `make up` was run; without one it is left out, and the table says so.

Run it as ``python benchmarks/commands.py``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

CLONE = Path(__file__).parent.parent
TRIES = 5


def _seconds(command: list[str], environment: dict[str, str] | None = None) -> float:
    """Return the best of several runs, in seconds of wall time."""
    best = float("inf")
    for _ in range(TRIES):
        start = time.perf_counter()
        subprocess.run(command, cwd=CLONE, env=environment, capture_output=True, check=True)
        best = min(best, time.perf_counter() - start)
    return best


def _stack_environment() -> dict[str, str] | None:
    """Return what `source .venv/bin/activate && source .kalypso/env` makes of the environment."""
    if not (CLONE / ".kalypso" / "env").is_file() or not (CLONE / ".venv").is_dir():
        return None
    script = "source .venv/bin/activate && source .kalypso/env && env -0"
    done = subprocess.run(
        ["bash", "-c", script], cwd=CLONE, capture_output=True, text=True, check=True
    )
    pairs = (entry.partition("=") for entry in done.stdout.split("\0") if entry)
    return {name: value for name, _, value in pairs}


def main() -> None:
    """Measure and print a table."""
    python = _seconds([sys.executable, "-c", "pass"])
    kalypso = str(Path(sys.executable).parent / "kalypso")
    rows = {
        "kalypso --help": _seconds([kalypso, "--help"]),
        "kalypso validate --help": _seconds([kalypso, "validate", "--help"]),
    }
    environment = _stack_environment()
    if environment is not None:
        preview = ["pulumi", "preview", "--stack", "dev", "--non-interactive"]
        rows["pulumi preview --stack dev"] = _seconds(preview, {**os.environ, **environment})
    print("| command | seconds | times the start of Python |")
    print("| --- | ---: | ---: |")
    for command, seconds in rows.items():
        print(f"| `{command}` | {seconds:.2f} | {seconds / python:.0f} |")
    if environment is None:
        print("\n`pulumi preview` is left out: run `make up` first.")


if __name__ == "__main__":
    main()
