"""The commit of main that an environment's branch of the control plane names, and how it moves.

Moving it changes one line of one file, in one commit. What runs where follows from that, by the
pull request that scheduling opens. The commit goes onto the branch, or into a pull request that
people merge; of the latter there is at most one for each reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from kalypso.delivery import is_our_commit
from kalypso.errors import DeliveryError, Position, SettingsError
from kalypso.forge import WRITER, Place, PullRequest, Repository
from kalypso.git import Commit, History
from kalypso.loading import read_documents
from kalypso.model import API_GROUP
from kalypso.stack.gates import EnvironmentGate, place_of

_MAIN = "main"
_COMMIT = re.compile(r"[0-9a-f]{40}")


class Step(msgspec.Struct, frozen=True):
    """What moving an environment to a commit of main changes."""

    environment: str
    commit: str
    """Of main."""
    head: Commit
    """Of the environment's branch."""
    path: str
    before: str
    """The commit of main that the environment has now."""
    text: bytes
    """The file afterwards."""

    @property
    def change(self) -> str:
        """The step in a few words."""
        return f"main {self.before[:7]} to {self.commit[:7]} in {self.path}"


class Words(msgspec.Struct, frozen=True):
    """How a step is worded."""

    title: str
    """First line of the commit, and title of a pull request."""
    body: str


def control_plane_of(gate: EnvironmentGate) -> Place:
    """Return the control plane's repository."""
    return place_of(gate.settings, "control-plane")


def open_control_plane(gate: EnvironmentGate) -> Repository:
    """Open the control plane to be written.

    Raises:
        DeliveryError: What its forge needs is missing: a library, or a token.
    """
    return control_plane_of(gate).repository(gate.settings.access, WRITER)


def on_main(gate: EnvironmentGate, commit: str) -> History:
    """Return the history of the control plane, which has a commit on main.

    Raises:
        SettingsError: The commit is not on main.
    """
    place = control_plane_of(gate)
    history = History(place.git_address, gate.settings.access)
    if not history.on_branch(commit, _MAIN):
        raise SettingsError(
            f"commit {commit[:7]} is not on main",
            Position(f"{place.full_name}@{_MAIN}"),
            "name a commit of the control plane's main",
            code="no-such-commit",
        )
    return history


def step_to(repository: Repository, environment: str, commit: str) -> Step:
    """Return what moving an environment to a commit changes.

    Raises:
        SettingsError: The environment's branch has no base, or more than one.
        SourceError: The control plane cannot be read.
    """
    head = repository.head(environment)
    name = f"{repository.name}@{environment}"
    files = repository.snapshot(head.commit).files if head else {}
    found = [each for path in sorted(files) for each in _bases(f"{name}:", path, files[path])]
    mains = [each for each in found if each[0] == _MAIN] or found
    if head is None or len(mains) != 1:
        raise SettingsError(
            f"{len(mains)} BaseRepo objects of {environment} name a commit of main",
            Position(name),
            "promotion moves spec.commit of the BaseRepo main, or of the only one",
            code="no-base-commit",
        )
    ((_, path, before, line),) = mains
    lines = files[path].decode().splitlines(keepends=True)
    lines[line - 1] = lines[line - 1].replace(before, commit, 1)
    return Step(environment, commit, head, path, before, "".join(lines).encode())


def push(repository: Repository, step: Step, words: Words) -> str:
    """Write the commit onto the environment's branch, and return it.

    Raises:
        RefMoved: The branch moved meanwhile.
        DeliveryError: The branch cannot be written; `push-refused` if the branch is protected.
    """
    new = _written(repository, step, words)
    repository.move_branch(step.environment, old=step.head.commit, new=new)
    return new


def propose(repository: Repository, step: Step, words: Words, reason: str) -> PullRequest:
    """Open a pull request with the step, or bring the one that is open up to date.

    Args:
        repository: The control plane.
        step: What it changes.
        words: How it is worded.
        reason: First part of the name of its branch.

    Raises:
        RefMoved: Another run moved its branch.
        DeliveryError: The branch cannot be written, or somebody else has a branch of this name.
    """
    name = f"{reason}/{step.environment}"
    with repository.lock():
        head = repository.head(name)
        if head is not None and not is_our_commit(head, step.environment):
            raise DeliveryError(
                f"the branch {name} exists already and was not made by Kalypso",
                Position(repository.name),
                "rename or remove it; Kalypso keeps its proposal for the environment there",
                code="foreign-head",
            )
        new = _written(repository, step, words, head)
        if head is None or head.commit != new:
            repository.move_branch(name, old=head.commit if head else None, new=new)
        texts = {"title": words.title, "body": words.body}
        for pull in repository.pull_requests(name):
            if pull.state == "open" and pull.base == step.environment:
                repository.edit(pull.number, **texts, labels=pull.labels)
                return pull
        return repository.create(base=step.environment, head=name, **texts, labels=())


def _written(repository: Repository, step: Step, words: Words, known: Commit | None = None) -> str:
    message = f"{words.title}\n\nKalypso-Environment: {step.environment}\n"
    return repository.write_commit(step.head, {step.path: step.text}, message, known)


def _bases(prefix: str, path: str, content: bytes) -> Iterator[tuple[str, str, str, int]]:
    """Return name, path, commit and line of each base that a file holds."""
    if not path.endswith((".yaml", ".yml")) or b"BaseRepo" not in content:
        return
    for document in read_documents(f"{prefix}{path}", content):
        body = document.value
        if not isinstance(body, dict) or body.get("kind") != "BaseRepo":
            continue
        spec, metadata = body.get("spec"), body.get("metadata")
        version = str(body.get("apiVersion"))
        if not (isinstance(spec, dict) and isinstance(metadata, dict)):
            continue
        commit = spec.get("commit")
        if version.startswith(f"{API_GROUP}/") and isinstance(commit, str):
            line = document.origin.at("spec", "commit").line
            text = content.decode().splitlines()[line - 1]
            if _COMMIT.fullmatch(commit) and commit in text:
                yield str(metadata.get("name")), path, commit, line
