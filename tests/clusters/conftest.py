"""Tests on real API servers: only where `make test-clusters` has built what they need."""

import pytest

from tests.clusters.cluster_bench import MANIFESTS, PLUGIN_FOLDER
from tools.cluster_parts import CLUSTER, PLUGIN, built

_PROVIDER = [PLUGIN_FOLDER / name for name in PLUGIN.packages]
_MANIFESTS = [MANIFESTS / name for name in ("flux.yaml", "argocd.yaml")]
_SERVERS = [built(CLUSTER) / name for name in ("etcd", "kube-apiserver", "kube-controller-manager")]
_NEEDS = {
    "test_reconciler_schemas.py": _MANIFESTS,
    "test_rendered.py": _PROVIDER + _MANIFESTS,
    "test_rendered_operator.py": _PROVIDER,
}
"""What is needed where not everything is."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith("tests/clusters/"):
            item.add_marker(pytest.mark.clusters)
            needed = _NEEDS.get(item.path.name, _PROVIDER + _MANIFESTS + _SERVERS)
            missing = [path.name for path in needed if not path.is_file()]
            if missing:
                reason = f"`make test-clusters` builds {', '.join(missing)}"
                item.add_marker(pytest.mark.skip(reason=reason))
