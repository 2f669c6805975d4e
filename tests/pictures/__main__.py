"""`make pictures`: draws what users see into a folder, and what documents show into theirs."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.pictures.drawing import DOCS, draw_pages, draw_screens, photographed, screen
from tests.pictures.fleet import ROOT, make_fleet

_FOLDER = ROOT / ".kalypso/pictures"
IN_DOCS = ROOT / "docs/images"


def main() -> None:
    """Draw everything, and say where it is."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as given:
        made = Path(given)
        fleet = make_fleet(made)
        files = [*draw_screens(fleet, _FOLDER), *draw_pages(_FOLDER)]
        photos = list(photographed(files, made / "browser"))
        for name, columns in DOCS.items():
            (IN_DOCS / f"{name}.svg").write_text(screen(fleet, name, columns), "utf-8")
    seen = f", and {len(photos)} photos" if photos else "; with chromium there would be photos"
    sys.stdout.write(f"{len(files)} pictures{seen} are in {_FOLDER.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
