"""Plays `python -m pip list`, which the engine asks at each start and which takes a second.

It is copied as `pip.py` into a project, where Python finds it first. The answer is pip's own,
recorded once: the environment does not change while tests run. All else is left to pip.
"""

import runpy
import sys
from pathlib import Path

ASKED = ["list", "-v", "--format", "json"]
RECORDED = "pip-list.json"


def main() -> None:
    here = Path(__file__).resolve().parent
    if sys.argv[1:] == ASKED:
        sys.stdout.write((here / RECORDED).read_text())
        return
    sys.path[:] = [path for path in sys.path if Path(path).resolve() != here]
    runpy.run_module("pip", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
