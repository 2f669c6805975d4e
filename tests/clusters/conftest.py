"""Tests on real API servers: only where `make test-clusters` has built what they need."""

import pytest

from tests.clusters.cluster_bench import MANIFESTS, PLUGIN_FOLDER
from tools.cluster_parts import CLUSTER, PLUGIN, built

_PROVIDER = [
    *(PLUGIN_FOLDER / name for name in PLUGIN.packages),
    *(MANIFESTS / name for name in ("flux.yaml", "argocd.yaml")),
]
_SERVERS = [built(CLUSTER) / name for name in ("etcd", "kube-apiserver", "kube-controller-manager")]
_WITHOUT_SERVERS = {"test_reconciler_schemas.py", "test_rendered.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith("tests/clusters/"):
            item.add_marker(pytest.mark.clusters)
            servers = [] if item.path.name in _WITHOUT_SERVERS else _SERVERS
            missing = [path.name for path in (*_PROVIDER, *servers) if not path.is_file()]
            if missing:
                reason = f"`make test-clusters` builds {', '.join(missing)}"
                item.add_marker(pytest.mark.skip(reason=reason))
