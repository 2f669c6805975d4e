"""The published schemas of pipelines, as SchemaStore has them for editors and GitLab for itself."""

import subprocess
import sys
from pathlib import Path


def broken(schema: str, text: str, folder: Path) -> str:
    """Return what a text breaks; empty if nothing.

    Args:
        schema: `github-workflows`, `gitlab-ci` or `azure-pipelines`.
        text: YAML; it goes to the checker's standard input, and no file is written.
        folder: Where the checker runs.
    """
    more = () if schema == "github-workflows" else ("--data-transform", schema)
    # Patterns of Azure's are older than what JSON Schema now says of patterns.
    more = (*more, "--regex-variant", "nonunicode")
    command = [
        str(Path(sys.prefix) / "bin" / "check-jsonschema"),
        "--builtin-schema", f"vendor.{schema}", *more, "--default-filetype", "yaml",
        "--verbose", "-",
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=folder, input=text, capture_output=True, text=True, check=False, timeout=60
    )
    return done.stdout + done.stderr if done.returncode else ""
