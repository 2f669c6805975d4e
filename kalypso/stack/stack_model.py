"""The model of a stack: evaluated at most once in a run, and only if it is asked for."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec.structs import replace

from kalypso.evaluation import Outline, Request, Run, outline, outline_of
from kalypso.git import write_tree
from kalypso.gitops import markings, with_files
from kalypso.loading import ControlPlane
from kalypso.model import Evaluation, HeldSource, Pointer
from kalypso.stack.gitops_tree import keep_ref
from kalypso.stack.holding import evaluate_stack
from kalypso.stack.settings import Settings
from kalypso.stack.sources import PlatformRepositories
from kalypso.stack.summary import Summary, summarise


class StackModel:
    """The model of a stack, evaluated at most once."""

    def __init__(self, settings: Settings) -> None:
        self.repositories = PlatformRepositories(settings)
        self._settings = settings
        self._run: Run | None = None

    def run(self) -> Run:
        """Return the whole evaluation.

        Raises:
            Problems: The model is wrong: all its problems.
            SourceError: The control plane cannot be read.
        """
        if self._run is None:
            request = request_for(self._settings, self.repositories)
            run = evaluate_stack(request, self._settings, self.repositories)
            self._run = replace(run, evaluation=_marked(run.evaluation, self._settings))
        return self._run

    def outline(self) -> Outline:
        """Return the evaluation without its manifests, which is less work."""
        if self._run is not None:
            return outline_of(self._run)
        return outline(request_for(self._settings, self.repositories))

    @property
    def held(self) -> tuple[HeldSource, ...]:
        """Application sources that are not taken as they are now; none if nothing was evaluated."""
        return self._run.held if self._run else ()

    @property
    def gitops(self) -> Pointer | None:
        """Where the model wants its files."""
        found = self.run().evaluation.platform.gitops_repo
        return found.pointer if found else None

    def readings(self) -> tuple[tuple[str, str, str], ...]:
        """Return which commits the evaluation read."""
        self.run()
        return self.repositories.readings()

    def write(self, folder: Path, *, again: bool = False) -> Summary:
        """Write the files into an object store; again if some may be missing there."""
        evaluation = self.run().evaluation
        files = _Encoded(evaluation.files)
        like = "" if again else keep_ref(self._settings.environment)
        return summarise(evaluation, write_tree(folder, files, like=like))


def request_for(settings: Settings, repositories: PlatformRepositories | None = None) -> Request:
    """Return the request that evaluates a stack's environment.

    Raises:
        SourceError: The control plane cannot be read.
    """
    repositories = repositories or PlatformRepositories(settings)
    pointer = Pointer(repo=settings.control_plane_url, branch=settings.environment)
    source = repositories.read_environment(pointer)
    return Request(
        start=ControlPlane(environment=settings.environment, source=source, pointer=pointer),
        repositories=repositories,
        settings=settings.rendering,
        strict=settings.strict,
    )


def _marked(evaluation: Evaluation, settings: Settings) -> Evaluation:
    """Add the lines that tell a forge about the folders, if the stack wants them."""
    marks = markings(
        [each.name for each in evaluation.cluster_types],
        generated=settings.gitops.mark_generated,
        owners=settings.gitops.owners,
    )
    return replace(evaluation, files=with_files(evaluation.files, marks))


class _Encoded(Mapping[str, bytes]):
    """Texts as git stores them, each encoded when it is written."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def __getitem__(self, path: str) -> bytes:
        return self._texts[path].encode()

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)
