"""`make docs`: the documents as a site, and a failure if one of their links leads nowhere."""

import os
import re
import shutil
from pathlib import Path

from tools.console import run, say, step
from tools.project import MADE, ROOT
from tools.python_environment import docs_environment

SOURCE, SITE = MADE / "site-source", MADE / "site"
_CONFIG = ROOT / "tools" / "mkdocs.yml"
_DOCUMENTS = ("*.md", "docs/**/*.md")
_LINK = re.compile(r"\]\((?!\w+:)([^)#\s]+)")


def build() -> None:
    """Build the site.

    Raises:
        Stop: A link leads nowhere, or the builder cannot be installed.
    """
    python = docs_environment() / "bin" / "python"
    step(f"building the site in {SITE.relative_to(ROOT)}")
    collect(ROOT, SOURCE)
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    run([python, "-m", "mkdocs", "build", "--strict", "--quiet", "-f", _CONFIG],
        what="building the site", env=quiet)  # fmt: skip
    say(f"open {(SITE / 'index.html').relative_to(ROOT)}")


def collect(root: Path, into: Path) -> None:
    """Copy the documents, and the files that they link to, as they are beside each other.

    Args:
        root: Of the clone.
        into: Folder that is emptied first; a link to a file that does not exist stays as it is.
    """
    shutil.rmtree(into, ignore_errors=True)
    for document in sorted(path for pattern in _DOCUMENTS for path in root.glob(pattern)):
        wanted = [document]
        for link in _LINK.findall(document.read_text("utf-8")):
            linked = Path(os.path.normpath(document.parent / link))
            if linked.is_file() and linked.is_relative_to(root):
                wanted.append(linked)
        for path in wanted:
            copy = into / path.relative_to(root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
