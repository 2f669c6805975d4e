"""The control plane as onboarding finds it: its main branch, and the branch of each environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec
from msgspec.structs import replace

from kalypso.errors import KalypsoError, ModelError, Position
from kalypso.evaluation import Request, evaluate
from kalypso.forge import WRITER, Place
from kalypso.git import Access
from kalypso.loading import ControlPlane, read_documents
from kalypso.model import Evaluation, Pointer, Repositories, Source
from kalypso.rendering import RenderSettings

MAIN = "main"
Changes = Mapping[str, str | None]
"""Text by path, or nothing where a file goes."""


class Plane(msgspec.Struct, frozen=True, kw_only=True):
    """The control plane, and what its model points at."""

    place: Place
    main: Source
    environments: Mapping[str, str]
    """Branch by the name of its environment."""
    repositories: Repositories
    rendering: Callable[[str], RenderSettings] = lambda _: RenderSettings()
    """What the stack of an environment chooses about rendering."""

    def branch(self, environment: str) -> Source:
        """Read the branch of an environment.

        Raises:
            ModelError: The platform has no such environment.
            SourceError: The repository or one of its branches cannot be read.
        """
        if environment not in self.environments:
            known = ", ".join(sorted(self.environments)) or "none"
            raise ModelError(
                f"the platform has no environment {environment!r}",
                Position(f"{self.place.full_name}@{MAIN}"),
                f"its environments: {known}",
                code="unknown-environment",
            )
        return read_source(self.place, self.environments[environment])

    def evaluated(
        self,
        environment: str,
        main: Changes,
        own: Changes,
        application: tuple[str, Source] | None = None,
    ) -> Evaluation:
        """Evaluate an environment as if changes were merged, and promoted to it.

        Args:
            environment: The environment.
            main: Changes of main.
            own: Changes of the environment's branch.
            application: Address of a repository, and what it would hold.

        Raises:
            KalypsoError: The model would be wrong.
        """
        start = with_changes(self.branch(environment), own)
        repositories = _Changed(self.repositories, with_changes(self.main, main), application)
        request = Request(
            start=ControlPlane(environment=environment, source=start),
            repositories=repositories,
            settings=self.rendering(environment),
        )
        return evaluate(request).evaluation


def read_plane(
    place: Place, repositories: Repositories, rendering: Callable[[str], RenderSettings]
) -> Plane:
    """Read the control plane.

    Args:
        place: Its repository.
        repositories: What its model points at.
        rendering: Returns what the stack of an environment chooses about rendering.

    Raises:
        KalypsoError: The repository or one of its branches cannot be read.
    """
    main = read_source(place, MAIN)
    return Plane(
        place=place,
        main=main,
        environments=_environments(main),
        repositories=repositories,
        rendering=rendering,
    )


def read_source(place: Place, branch: str) -> Source:
    """Read a branch of a repository.

    Raises:
        SourceError: The repository or one of its branches cannot be read.
    """
    found = place.repository(Access(), WRITER).snapshot(branch)
    return Source(f"{place.full_name}@{branch}:", found.files, found.commit, found.skipped)


def with_changes(source: Source, changes: Changes) -> Source:
    """Return a tree as it would be after changes."""
    files = {path: content for path, content in source.files.items() if path not in changes}
    files |= {path: text.encode() for path, text in changes.items() if text is not None}
    return replace(source, files=dict(sorted(files.items())), commit="")


class _Changed(msgspec.Struct, frozen=True):
    """Repositories of which two are as they would be after changes."""

    inner: Repositories
    main: Source
    application: tuple[str, Source] | None

    def read(self, pointer: Pointer) -> Source:
        """Read what a pointer names.

        Raises:
            SourceError: The repository or one of its branches cannot be read.
        """
        if pointer.main_base:
            return self.main
        if self.application and pointer.repo == self.application[0]:
            return self.application[1]
        return self.inner.read(pointer)


def _environments(main: Source) -> dict[str, str]:
    found: dict[str, str] = {}
    for path, content in main.files.items():
        if path.endswith((".yaml", ".yml")) and b"Environment" in content:
            try:
                documents = list(read_documents(main.place(path), content))
            except KalypsoError:  # evaluating says what is wrong with it
                continue
            for document in documents:
                body = document.value if isinstance(document.value, dict) else {}
                if body.get("kind") == "Environment":
                    name = str(body["metadata"]["name"])
                    found[name] = str(body.get("spec", {}).get("controlPlane", {})["branch"])
    return found
