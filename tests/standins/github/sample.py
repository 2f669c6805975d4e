"""The sample's repositories on the stand-in GitHub, as if a platform team had made them."""

from kalypso.git.write import NO_COMMIT, RefUpdate, Signature, update_refs, write_commit
from kalypso.stack.starting_content import REPOSITORY_CONTENTS, starting_branches
from tests.standins.github.repository import GitHubRepository
from tests.standins.github.server import TOKEN, GitHubServer


class Sample:
    """Six repositories of the owner `acme`."""

    def __init__(self, server: GitHubServer) -> None:
        self.server = server
        for content in REPOSITORY_CONTENTS:
            repository = server.add(f"acme/kalypso-{content}")
            for name, branch in starting_branches(content, "kalypso", f"{server.url}/acme").items():
                commit = write_commit(
                    repository.folder, parents=[], changes=branch.files, message=branch.message,
                    signature=branch.signature,
                )  # fmt: skip
                update_refs(repository.folder, [RefUpdate(f"refs/heads/{name}", NO_COMMIT, commit)])

    @property
    def gitops(self) -> GitHubRepository:
        found = self.server.find("acme/kalypso-gitops")
        assert found is not None
        return found

    @property
    def plain_config(self) -> dict[str, str]:
        """Settings of a stack that uses them, without the token."""
        return {
            "forge": "github",
            "forge.url": self.server.url,
            "github.owner": "acme",
            "repositories.control-plane": f"{self.server.url}/acme/kalypso-control-plane",
        }

    @property
    def config(self) -> dict[str, str]:
        """All settings of a stack that uses them."""
        return {**self.plain_config, "github.token": TOKEN}

    def commit(self, content: str, branch: str, changes: dict[str, bytes | None]) -> str:
        """Commit on a branch, as a person does with git."""
        found = self.server.find(f"acme/kalypso-{content}")
        assert found is not None
        old = found.branches()[branch]
        commit = write_commit(
            found.folder,
            parents=[old],
            changes=changes,
            message="change\n",
            signature=Signature("Ada", "ada@example.com", 1_800_000_000),
        )
        update_refs(found.folder, [RefUpdate(f"refs/heads/{branch}", old, commit)])
        return commit
