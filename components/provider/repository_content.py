"""`RepositoryContent`: what a repository starts with; written once, and only if it is empty."""

from pathlib import Path

from kalypso.delivery.local_folder import LocalFolder
from kalypso.git.read import all_refs
from kalypso.git.write import NO_COMMIT, RefUpdate, update_refs, write_commit

from ..starting_content import (  # noqa: TID252 - the wheel has this package under another name
    starting_branches,
)
from .resource import Difference, Present, Report, changed_inputs
from .values import Properties, text


class RepositoryContent:
    """Gives an empty repository its first branches, and then leaves it alone."""

    inputs = ("folder", "repository", "content", "prefix", "url")

    def create(self, inputs: Properties, report: Report) -> Present:
        """Write all branches together; a repository that has branches is left as it is."""
        del report
        path = _path(inputs)
        if not all_refs(path):
            content, prefix = text(inputs, "content"), text(inputs, "prefix")
            updates = []
            for name, branch in starting_branches(content, prefix, text(inputs, "url")).items():
                commit = write_commit(
                    path,
                    parents=[],
                    changes=branch.files,
                    message=branch.message,
                    signature=branch.signature,
                )
                updates.append(RefUpdate(f"refs/heads/{name}", NO_COMMIT, commit))
            update_refs(path, updates)
        return Present(text(inputs, "repository"), {**inputs}, inputs)

    def read(self, resource_id: str, state: Properties, inputs: Properties) -> Present:
        """Tell whether the repository has content; which is up to people."""
        forge = LocalFolder(Path(text(state, "folder")))
        there = forge.has_content(text(state, "repository"))
        return Present(resource_id if there else "", state, inputs or state)

    def diff(self, state: Properties, old: Properties, inputs: Properties) -> Difference:
        """Only another repository needs content again; a newer sample changes nothing."""
        del old
        replaces = changed_inputs(state, inputs, ("folder", "repository"))
        return Difference(bool(replaces), replaces=replaces)

    def update(self, state: Properties, inputs: Properties, report: Report) -> Properties:
        """Keep the content as it is."""
        del report
        return {**state, **inputs}

    def delete(self, state: Properties) -> None:
        """Leave the content: it goes with its repository."""
        del state


def _path(properties: Properties) -> Path:
    return LocalFolder(Path(text(properties, "folder"))).path(text(properties, "repository"))
