"""The files of an application in a folder of this machine, as a renderer reads them.

A folder holds `source` and, if there is one, `configs` beside it: plain files only, because links
were never read.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from kalypso.model import Source

SOURCE, CONFIGS = "source", "configs"


class LaidOut(msgspec.Struct, frozen=True):
    """Where the files are."""

    root: Path
    home: Path
    """An empty folder beside them."""

    @property
    def source(self) -> Path:
        """The application's source."""
        return self.root / SOURCE

    @property
    def configs(self) -> Path:
        """The values of the environment."""
        return self.root / CONFIGS


@contextmanager
def laid_out(source: Source, configs: Source | None) -> Iterator[LaidOut]:
    """Write both trees into a temporary folder, which is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="kalypso-app-") as scratch:
        made = LaidOut(Path(scratch) / "files", Path(scratch) / "home")
        made.home.mkdir()
        _write(source, made.source)
        if configs is not None:
            _write(configs, made.configs)
        yield made


def _write(source: Source, folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, content in source.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
