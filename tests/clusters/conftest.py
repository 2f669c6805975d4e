"""Tests on real API servers: only where `make test-clusters` has built what they need."""

from pathlib import Path

import pytest

from tests.clusters.cluster_bench import MANIFESTS, PLUGIN_FOLDER
from tests.clusters.control_plane import PROGRAMS
from tools.cluster_parts import CLUSTER, PLUGIN

_NEEDED = [
    *(PROGRAMS / name for name in CLUSTER.packages),
    *(PLUGIN_FOLDER / name for name in PLUGIN.packages),
    *(MANIFESTS / name for name in ("flux.yaml", "argocd.yaml")),
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    missing = [path.name for path in _NEEDED if not path.is_file()]
    reason = f"`make test-clusters` builds {', '.join(missing)}"
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.clusters)
            if missing:
                item.add_marker(pytest.mark.skip(reason=reason))
