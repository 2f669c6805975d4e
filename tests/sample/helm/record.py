"""Renders the application's chart with Helm: `python tests/sample/helm/record.py`.

Writes what the pipeline of an application team would write, to `sample/app-gitops`, and the same as
one file for each target beside this script, headed by a digest of what it was made from. The tests
need no Helm: they compare both, and the digest with the chart as it is now.
"""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
SAMPLE = HERE.parents[2] / "sample"
CHART = SAMPLE / "app-src/main/chart"
TARGETS = {
    "functional-test": "dev",
    "performance-test": "dev",
    "uat-test": "stage",
}
"""Environment of each deployment target."""


def values_file(target: str) -> Path:
    """Return the file with a target's values for the chart."""
    return SAMPLE / f"app-src/{TARGETS[target]}-configs/{target}/values.yaml"


def inputs_digest(target: str) -> str:
    """Return a digest of the chart's files and a target's values."""
    digest = sha256()
    for path in [*sorted(p for p in CHART.rglob("*") if p.is_file()), values_file(target)]:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(SAMPLE)} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def record(target: str) -> None:
    """Render the chart for a target and write both copies."""
    command = ["helm", "template", "hello-world-app", str(CHART), "-f", str(values_file(target))]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    (HERE / f"{target}.yaml").write_text(f"# inputs: {inputs_digest(target)}\n{text}", "utf-8")
    folder = SAMPLE / "app-gitops" / TARGETS[target] / target
    for document in text.split("---\n# Source: hello-world/templates/")[1:]:
        name, _, manifest = document.partition("\n")
        (folder / name).write_text(manifest, "utf-8")


if __name__ == "__main__":
    for each in TARGETS:
        record(each)
    sys.stdout.write(f"{len(TARGETS)} targets rendered\n")
