"""A forge per test."""

from tests.stack.fixtures import github_server, made_forge, sample_forge

__all__ = ["github_server", "made_forge", "sample_forge"]
