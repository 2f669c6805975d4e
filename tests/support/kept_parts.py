"""Programs in Go for tests: built at pinned versions by whichever test needs one first.

Other tests go on meanwhile; `make e2e` and later runs find them where they were kept.
"""

from __future__ import annotations

import os
from pathlib import Path
from unittest.mock import patch

from tools.cluster_parts import Part, cache, provide

_CACHE = cache()
"""Of the user; each test has another one for the program."""


def part_folder(part: Part) -> Path:
    """Return the folder with the programs of a part; one process builds it, the others wait."""
    with patch.dict(os.environ, XDG_CACHE_HOME=str(_CACHE.parents[1])):
        return provide(part)
