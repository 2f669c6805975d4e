"""Tests on real clusters with real reconcilers: only where `make e2e` has built what they need."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clusters.cluster_bench import MANIFESTS, PLUGIN_FOLDER
from tests.e2e.platform_bench import RECONCILERS, Platform
from tests.sample.walkthrough import DEV_POLICIES, REGISTRATION
from tools.cluster_parts import ARGO_CD, CLUSTER, FLUX, KWOK, PLUGIN, built
from tools.lab.laboratory import Laboratory

_NEEDED = [
    *(PLUGIN_FOLDER / name for name in PLUGIN.packages),
    *(MANIFESTS / name for name in ("flux.yaml", "argocd.yaml", "stages.yaml")),
    *(built(part) / name for part in (CLUSTER, FLUX, ARGO_CD, KWOK) for name in part.packages),
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = [path.name for path in _NEEDED if not path.is_file()]
    for item in items:
        if item.nodeid.startswith("tests/e2e/"):
            item.add_marker(pytest.mark.e2e)
            if missing:
                reason = f"`make e2e` builds {', '.join(missing)}"
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """Where all of a run is; pytest's own folders go when it is started three times beside it."""
    with tempfile.TemporaryDirectory(prefix="kalypso-e2e-", ignore_cleanup_errors=True) as name:
        yield Path(name).resolve()


@pytest.fixture(scope="session")
def lab(folder: Path) -> Iterator[Laboratory]:
    """Clusters with their reconcilers, and nothing of a platform on them."""
    (folder / "lab").mkdir()
    made = Laboratory(folder / "lab")
    try:
        made.start(RECONCILERS)
        yield made
    finally:
        made.end()


@pytest.fixture(scope="module")
def platform(folder: Path, lab: Laboratory) -> Iterator[Platform]:
    """A platform that has just been deployed; taken down in the end."""
    made = Platform(Path(tempfile.mkdtemp(prefix="platform-", dir=folder)), lab)
    try:
        made.start()
        yield made
    finally:
        made.end()


@pytest.fixture(scope="module")
def running(platform: Platform) -> Platform:
    """The platform with the application in dev."""
    platform.merge("dev")
    platform.promote("dev", platform.edit(REGISTRATION))
    platform.edit(DEV_POLICIES)
    platform.deliver("dev")
    platform.flux_ready("hello-world-app-functional-test")
    platform.argo_synced("hello-world-app-performance-test")
    return platform
