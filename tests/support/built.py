"""Programs for tests that are built at the versions that tools/ pins, by whichever test is first.

Other tests go on meanwhile; later runs and `make e2e` find them where they were kept.
"""

from __future__ import annotations

import os
from pathlib import Path
from unittest.mock import patch

from tools.cluster_parts import GITHUB, HELM, Part, cache, provide

_CACHE = cache()
"""Of the user; each test has another one for the program."""


def helm_folder() -> Path:
    """Return the folder with `helm`."""
    return part_folder(HELM)


def github_plugin_folder() -> Path:
    """Return the folder with the plugin of `pulumi-github`: not the stand-in, the provider."""
    return part_folder(GITHUB)


def part_folder(part: Part) -> Path:
    """Return the folder with a part's programs; one process builds them, the others wait."""
    with patch.dict(os.environ, XDG_CACHE_HOME=str(_CACHE.parents[1])):
        return provide(part)
