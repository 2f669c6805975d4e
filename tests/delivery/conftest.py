"""Delivery is tried on every forge, with the repositories of the forges' own tests."""

from tests.forge.fixtures import (
    bench,
    described_github,
    described_tracker,
    github,
    gitops,
    local_tracker,
    reviewed,
    server,
    tracker,
)

__all__ = [
    "bench",
    "described_github",
    "described_tracker",
    "github",
    "gitops",
    "local_tracker",
    "reviewed",
    "server",
    "tracker",
]
