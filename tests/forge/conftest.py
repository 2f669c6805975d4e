"""The contract of a forge is tried on every forge."""

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
