"""Folders and files of this clone, and the versions that it wants."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
TEST_VENV = ROOT / ".kalypso" / "test-venv"
DOCS_VENV = ROOT / ".kalypso" / "docs-venv"
TEST_SDKS = ROOT / ".kalypso" / "sdks"
"""SDKs that the environment of the tests must not have; see requirements-sdks.txt."""
MADE = ROOT / ".kalypso"
"""Everything that is made besides the Python environment; git ignores both."""
ENGINE = MADE / "engine"
STATE = MADE / "state"
FORGE = MADE / "forge"
PULUMI_HOME = MADE / "pulumi"
PASSPHRASE = MADE / "passphrase"
ENV_FILE = MADE / "env"
LOGS = MADE / "logs"
LAB = MADE / "lab"
"""What the laboratory keeps; it is gone with `make lab-down`."""

STACKS = ("dev", "stage")
"""In the order in which they are made: the first one makes what all share."""
ENGINE_VERSION = "3.250.0"
"""What is installed or built where there is no suitable engine."""
OLDEST_ENGINE = (3, 180, 0)
OLDEST_PYTHON = (3, 11)
_NAME = re.compile(r"""^name:\s*["']?([^\s"'#]+)""", re.MULTILINE)
_ON_GITHUB = re.compile(
    r"""^\s+["']?kalypso:forge["']?:\s*["']?github["']?\s*(#.*)?$""", re.MULTILINE
)


def is_on_github() -> bool:
    """Return whether the file of any stack says that its forge is GitHub."""
    files = ROOT.glob("Pulumi.*.yaml")
    return any(_ON_GITHUB.search(file.read_text(errors="replace")) for file in files)


def project_name() -> str:
    """Return what the Pulumi project is called: `pulumi new` gives a copy another name."""
    found = _NAME.search((ROOT / "Pulumi.yaml").read_text())
    return found[1] if found else "kalypso"
