"""An local forge with the sample's repositories, made by the provider's own resources."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from components.provider.gitops_branch import GitOpsBranch
from components.provider.local_repository import LocalRepository
from components.provider.repository_content import RepositoryContent
from components.provider.values import Properties
from kalypso.delivery.marker import content_digest
from kalypso.forge.address import place_identified
from kalypso.forge.local.repository import BareRepository
from kalypso.git.refs import all_refs
from kalypso.git.remote import Access
from kalypso.git.trees import tree_with, write_tree
from kalypso.git.write import (
    NO_COMMIT,
    Content,
    RefUpdate,
    Signature,
    create_repository,
    update_refs,
    write_commit,
)
from kalypso.stack.gitops_tree import plan_branch, staging_of
from kalypso.stack.settings import Settings
from kalypso.stack.stack_file import parse_settings
from kalypso.stack.starting_content import REPOSITORY_CONTENTS
from tests.support.prepared import copied

_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


def settings_for(folder: Path, stack: str = "dev", **config: str) -> Settings:
    """Return the settings of a stack whose forge is a folder."""
    given = {"forge.folder": str(folder), **config}
    return parse_settings({f"kalypso:{key}": text for key, text in given.items()}, stack)


def quiet(message: str) -> None:
    """Take a report of a resource and say nothing."""
    del message


def written(folder: Path, parent: str, files: Mapping[str, str]) -> Properties:
    """Write manifests as the program does; return what names them in the inputs of a branch."""
    tree = write_tree(folder, {path: text.encode() for path, text in files.items()})
    planned = plan_branch(folder, parent, tree)
    new = {path: change.after for path, change in planned.changes.items()}
    return {
        "parent": parent,
        "tree": tree_with(folder, parent, new),
        "manifests": tree,
        "content": content_digest(files),
        "totals": {"files": len(files), "assignments": 1, "clusterTypes": 1},
    }


def staged(url: str, files: Mapping[str, str]) -> Properties:
    """Write manifests for a repository of GitHub where the provider finds them, asking nobody.

    What the branch becomes as a whole is left for the provider to find out.
    """
    identity = {"folder": "", "github": url, "repository": "acme/kalypso-gitops"}
    folder = staging_of(place_identified(identity, {}), Access())
    create_repository(folder, branch="main")
    named = written(folder, _EMPTY_TREE, files)
    return {**{key: value for key, value in named.items() if key != "parent"}, "tree": ""}


class SampleForge:
    """The repositories as `pulumi up` makes them, without the engine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self) -> None:
        """Have all repositories of the sample: copies of some that were made once."""
        copied(
            "sample-forge",
            lambda folder: SampleForge(folder).make_only(REPOSITORY_CONTENTS),
            self.folder,
        )

    def make_only(self, contents: Iterable[str]) -> None:
        """Make some of the repositories, by the resources themselves."""
        for content in contents:
            LocalRepository().create(self.repository_inputs(content), quiet)
            RepositoryContent().create(self.content_inputs(content), quiet)

    def repository_inputs(self, content: str) -> Properties:
        return {"folder": str(self.folder), "name": f"kalypso-{content}", "branch": "main"}

    def content_inputs(self, content: str) -> Properties:
        return {
            "folder": str(self.folder),
            "repository": f"kalypso-{content}",
            "content": content,
            "prefix": "kalypso",
            "url": "http://127.0.0.1:3180",
        }

    def branch_inputs(self, files: dict[str, str], environment: str = "dev") -> Properties:
        return {
            "folder": str(self.folder),
            "repository": "kalypso-gitops",
            "branch": environment,
            "environment": environment,
            **written(self.path("gitops"), self.head("gitops", environment), files),
        }

    def deliver(self, files: dict[str, str]) -> Properties:
        """Deliver files to dev, as a creation of `GitOpsBranch` does; return its state."""
        return GitOpsBranch().create(self.branch_inputs(files), quiet).state

    def path(self, content: str) -> Path:
        return self.folder / f"kalypso-{content}.git"

    def forge(self) -> BareRepository:
        return BareRepository(self.path("gitops"))

    def head(self, content: str, branch: str) -> str:
        return all_refs(self.path(content)).get(f"refs/heads/{branch}", NO_COMMIT)

    def commit(self, content: str, branch: str, changes: dict[str, Content]) -> str:
        """Commit on a branch, as a person does with git."""
        old = self.head(content, branch)
        commit = write_commit(
            self.path(content),
            parents=[old],
            changes=changes,
            message="change\n",
            signature=Signature("Ada", "ada@example.com", 1_800_000_000),
        )
        update_refs(self.path(content), [RefUpdate(f"refs/heads/{branch}", old, commit)])
        return commit
