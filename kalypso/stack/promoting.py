"""The first step of a promotion: a branch of the control plane names another commit of main.

It changes one line of one file, in one commit. What runs where follows from it, by the pull request
that scheduling opens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kalypso.errors import Position, SettingsError
from kalypso.forge import WRITER, Repository
from kalypso.git import Commit, History
from kalypso.loading import read_documents
from kalypso.model import API_GROUP
from kalypso.promotion import Entry, Finding, against_entering
from kalypso.stack.gates import EnvironmentGate, place_of

_MAIN = "main"
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Step:
    """What promoting would change."""

    head: Commit
    """Of the environment's branch."""
    path: str
    before: str
    """The commit of main that the environment has now."""
    text: bytes
    """The file afterwards."""


def against(gate: EnvironmentGate, commit: str) -> tuple[Finding, ...]:
    """Return why a commit of main may not go into an environment now.

    Raises:
        SettingsError: Main does not have the commit.
        SourceError: A repository or a record cannot be read.
    """
    place = place_of(gate.settings, "control-plane")
    if not History(place.git_address, gate.settings.access).on_branch(commit, _MAIN):
        raise SettingsError(
            f"commit {commit[:7]} is not on main",
            Position(f"{place.full_name}@{_MAIN}"),
            "name a commit of the control plane's main",
            code="no-such-commit",
        )
    records = {name: gate.ledger.read(name) for name in gate.chain}
    entry = Entry(commit, gate.environment, gate.chain)
    return against_entering(entry, records, gate.conditions, gate.clock())


def step(gate: EnvironmentGate, commit: str) -> tuple[Repository, Step]:
    """Return what promoting a commit changes, and where.

    Raises:
        SettingsError: The environment's branch has no base, or more than one.
        SourceError: The control plane cannot be read.
    """
    repository = place_of(gate.settings, "control-plane").repository(gate.settings.access, WRITER)
    head = repository.head(gate.environment)
    name = f"{repository.name}@{gate.environment}"
    files = repository.snapshot(head.commit).files if head else {}
    found = [each for path in sorted(files) for each in _bases(f"{name}:", path, files[path])]
    mains = [each for each in found if each[0] == _MAIN] or found
    if head is None or len(mains) != 1:
        raise SettingsError(
            f"{len(mains)} BaseRepo objects of {gate.environment} name a commit of main",
            Position(name),
            "promotion moves spec.commit of the BaseRepo main, or of the only one",
            code="no-base-commit",
        )
    ((_, path, before, place),) = mains
    lines = files[path].decode().splitlines(keepends=True)
    lines[place - 1] = lines[place - 1].replace(before, commit, 1)
    return repository, Step(head, path, before, "".join(lines).encode())


def take(repository: Repository, gate: EnvironmentGate, planned: Step, commit: str) -> str:
    """Write the commit, and return it.

    Raises:
        RefMoved: The branch moved meanwhile.
        DeliveryError: It cannot be written, for example because the branch is protected.
    """
    message = f"Promote main {commit[:7]} to {gate.environment}\n"
    new = repository.write_commit(planned.head, {planned.path: planned.text}, message)
    repository.move_branch(gate.environment, old=planned.head.commit, new=new)
    return new


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
