"""The two forges that the chain is walked on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.stack.forge import SampleForge
from tests.standins.github.sample import Sample
from tests.standins.github.server import GitHubServer


class Local:
    """The local forge, in the folder of the program."""

    def __init__(self, program: Path) -> None:
        self._sample = SampleForge(program / ".kalypso" / "forge")
        self._sample.make()

    url = "http://127.0.0.1:3180"
    config: Mapping[str, object] = {}

    def folder(self, content: str) -> Path:
        return self._sample.path(content)


class OnGitHub:
    """The stand-in GitHub."""

    def __init__(self, server: GitHubServer) -> None:
        self.server, self._sample = server, Sample(server)

    @property
    def url(self) -> str:
        return f"{self.server.url}/acme"

    @property
    def config(self) -> Mapping[str, object]:
        return self._sample.config

    def folder(self, content: str) -> Path:
        found = self.server.find(f"acme/kalypso-{content}")
        assert found is not None
        return found.folder
