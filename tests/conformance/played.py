"""A cut of the package kubernetes-validate, where Python finds it; `record.py` made it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from kalypso.conformance.catalogue import Catalogue, open_catalogue
from kalypso.model import Source

HERE = Path(__file__).parent


@contextmanager
def kubernetes_schemas() -> Iterator[None]:
    """Let the cut be found before an installed package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(HERE)
        yield


def catalogue(files: Mapping[str, str] | None = None, version: str = "") -> Catalogue:
    """Open all schemas, and a folder with these files."""
    encoded = {path: text.encode() for path, text in (files or {}).items()}
    with kubernetes_schemas():
        return open_catalogue(Source("own/", encoded), version)
