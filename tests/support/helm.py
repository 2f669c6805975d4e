"""Helm for tests: built at the version that tools/helm pins, by whichever test needs it first.

Other tests go on meanwhile; `make e2e` and later runs find it where it was kept.
"""

from __future__ import annotations

import os
from pathlib import Path
from unittest.mock import patch

from tools.cluster_parts import HELM, cache, provide

_CACHE = cache()
"""Of the user; each test has another one for the program."""


def helm_folder() -> Path:
    """Return the folder with `helm`; one process builds it, the others wait."""
    with patch.dict(os.environ, XDG_CACHE_HOME=str(_CACHE.parents[1])):
        return provide(HELM)
