"""Asks Flux's own build what it makes of 300 trees, and keeps its answers for the tests.

Run as ``make oracles``; it needs Go, and builds for some minutes the first time.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.oracles.flux_trees import tree
from tests.oracles.go_programs import built

HERE = Path(__file__).parent
KEPT = HERE.parent / "loading" / "data" / "flux_trees.jsonl"
TREES = 300


def answers(program: Path, trees: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    """Return what Flux makes of trees: the objects of each, or the error."""
    asked = [{"name": name, "files": files, "path": ""} for name, files in trees.items()]
    done = subprocess.run(
        [program], input=json.dumps(asked).encode(), capture_output=True, check=True
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def main() -> None:
    """Write the trees with their answers, one a line."""
    trees = {f"tree-{seed}": tree(seed) for seed in range(TREES)}
    with tempfile.TemporaryDirectory() as scratch:
        found = answers(built(HERE / "flux", Path(scratch)), trees)
    lines = [json.dumps({**answer, "files": trees[answer["name"]]}) for answer in found]
    KEPT.write_text("".join(f"{line}\n" for line in lines))
    refused = sum("error" in answer for answer in found)
    sys.stdout.write(f"{len(found)} trees, {refused} of them refused: {KEPT.name}\n")


if __name__ == "__main__":
    main()
