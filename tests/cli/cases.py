"""Cases of commands: what is typed above, what is printed below.

A case file begins with the arguments on one line, those that name the fleet left out. Then come the
markers ``-- out --``, ``-- err --`` and ``-- exit N --`` with what the command printed and how it
ended. ``python -m tests.cli.cases`` writes them again, for a person to read the difference.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from tests.cli.command import ask

CASES = Path(__file__).parent / "cases"


def actual(case: Path) -> str:
    """Run the command of a case and return the file as it would be."""
    command = case.read_text(encoding="utf-8").partition("\n")[0]
    result = ask(*shlex.split(command))
    return f"{command}\n-- out --\n{result.out}-- err --\n{result.err}-- exit {result.code} --\n"


if __name__ == "__main__":
    for file in sorted(CASES.rglob(f"{sys.argv[1] if len(sys.argv) > 1 else '*'}.case")):
        file.write_text(actual(file), encoding="utf-8")
