"""The pipelines that the how-to pages show, for other systems than GitHub."""

import re
from pathlib import Path

_PAGES = Path(__file__).resolve().parents[2] / "docs" / "how-to"


def pipeline(page: str) -> str:
    """Return the only YAML that a page shows."""
    text = (_PAGES / page).read_text(encoding="utf-8")
    (found,) = re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return str(found)


GITLAB = pipeline("gitlab.md")
AZURE = pipeline("azure-devops.md")
