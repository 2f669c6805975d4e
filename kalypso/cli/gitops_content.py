"""The present content of an environment's GitOps branch, which commands compare with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kalypso.cli.inputs import mapped_locations
from kalypso.cli.local_addresses import readable_address, readable_location
from kalypso.cli.settled import Inputs
from kalypso.errors import Position, SettingsError
from kalypso.loading import Location, last_part, read_branch, read_location
from kalypso.model import Evaluation, Pointer


def named_content(gitops: str) -> Mapping[str, bytes]:
    """Return every file of the folder or branch that an option names, by path.

    Raises:
        SourceError: The repository cannot be read.
    """
    return read_location(readable_location(gitops), lambda _: True).files


def delivered_content(inputs: Inputs, evaluation: Evaluation) -> tuple[Mapping[str, bytes], str]:
    """Return every file of the branch that the model itself names, and the name of the branch.

    Raises:
        SettingsError: The model has no GitOpsRepo.
        SourceError: The branch cannot be read.
    """
    repository = evaluation.platform.gitops_repo
    if repository is None:
        raise SettingsError(
            "nothing says what to compare with: the environment has no GitOpsRepo",
            Position("--gitops"),
            "--gitops DIR|URL@BRANCH for a branch, --from REF for another commit of the model",
            code="option",
        )
    pointer = repository.pointer
    name = f"{pointer.repo}@{pointer.branch}"
    if inputs.settings is None:
        laid_out = _laid_out(inputs, pointer)
        if laid_out is not None:
            return read_location(laid_out, lambda _: True).files, name
        return read_branch(readable_address(pointer.repo), pointer.branch).files, name
    from kalypso.stack import PlatformRepositories

    return PlatformRepositories(inputs.settings).snapshot(pointer.repo, pointer.branch).files, name


def _laid_out(inputs: Inputs, pointer: Pointer) -> Location | None:
    """Return where --repo or --repositories has a repository, if one of them does."""
    found = mapped_locations(inputs.repo).get(pointer.repo)
    places = [Path(found.repository)] if found else []
    if inputs.repositories:
        name = Path(inputs.repositories) / last_part(pointer.repo)
        places += [name, name.with_name(f"{name.name}.git")]
    for place in places:
        if (place / "HEAD").is_file() or (place / ".git").exists():
            return Location(str(place), found.branch if found and found.branch else pointer.branch)
        if place.is_dir():
            return Location(str(place))
    return None
