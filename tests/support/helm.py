"""Helm for tests: built at the version that tools/helm pins, by whichever test needs it first.

Other tests go on meanwhile; `make e2e` and later runs find it where it was kept.
"""

from __future__ import annotations

import fcntl
from pathlib import Path

from tools.cluster_parts import HELM, cache, missing, provide


def helm_folder() -> Path:
    """Return the folder with `helm`; one process builds it, the others wait."""
    if not missing(HELM):
        return provide(HELM)
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / "helm.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return provide(HELM)
