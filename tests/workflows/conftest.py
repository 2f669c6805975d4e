"""A runner with an engine that is played by a script; the real one has tests of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.workflows.organization import Organization, organization

SECRETS = {
    "PULUMI_BACKEND_URL": "file:///nowhere/c4nary",
    "PULUMI_CONFIG_PASSPHRASE": "c4nary-passphrase",
    "PULUMI_ACCESS_TOKEN": "pul-c4nary",
}


@dataclass
class PlayedEngine:
    """A `pulumi` that notes how it was called, prints something, and ends.

    Asked for its events, it writes those that the real one would for the same output.
    """

    folder: Path

    def plays(self, code: int, output: str) -> None:
        """Set what it does from now on; forget how it was called."""
        (self.folder / "output").write_text(output)
        (self.folder / "events").write_text(events_of(output))
        (self.folder / "called").write_text("")
        for name, does in (
            ("pulumi", f'cat "{self.folder}/output"; exit {code}'),
            ("pulumi-language-python", "exit 1"),
        ):
            script = self.folder / name
            script.write_text(
                "#!/bin/sh\n"
                'if [ "$1" = version ]; then echo v3.250.0; exit; fi\n'
                'if [ "$2" = --event-log ]; then\n'
                '  [ "$PULUMI_DEBUG_COMMANDS" = true ] || exit 99\n'
                f'  cp "{self.folder}/events" "$3"; name=$1; shift 3; set -- "$name" "$@"\n'
                "fi\n"
                f'echo "$PWD: $*" >>"{self.folder}/called"\n'
                f"{does}\n"
            )
            script.chmod(0o755)

    @property
    def calls(self) -> list[str]:
        return (self.folder / "called").read_text().splitlines()


def events_of(output: str) -> str:
    """Return the events that go with an output, one in each line: its errors and its summary.

    An engine that has printed no heading has not begun: it then has no events.
    """
    if not output.startswith("Previewing update"):
        return ""
    errors = re.findall(r"^error: (.*\n(?:  [a-z]+.*: .*\n)*)", output, re.MULTILINE)
    messages = [re.sub(r"  pulumi:pulumi:Stack: .*\n", "", error) for error in errors]
    found: list[dict[str, object]] = [
        {"diagnosticEvent": {"prefix": "error: ", "message": message, "severity": "error"}}
        for message in messages
    ]
    unchanged = re.search(r"^    (\d+) unchanged$", output, re.MULTILINE)
    if unchanged:
        changes = {"same": int(unchanged[1])}
        found.append({"summaryEvent": {"resourceChanges": changes, "result": "succeeded"}})
    heads = [{"sequence": number, "timestamp": 0, **event} for number, event in enumerate(found)]
    return "".join(f"{json.dumps(event)}\n" for event in heads)


@pytest.fixture(scope="module")
def played_engine(tmp_path_factory: pytest.TempPathFactory) -> PlayedEngine:
    return PlayedEngine(tmp_path_factory.mktemp("engine"))


@pytest.fixture(scope="module")
def _acme(
    tmp_path_factory: pytest.TempPathFactory, played_engine: PlayedEngine
) -> Iterator[Organization]:
    folder = tmp_path_factory.mktemp("acme")
    with organization(folder, [played_engine.folder], SECRETS, {}) as made:
        yield made


@pytest.fixture
def acme(_acme: Organization, played_engine: PlayedEngine) -> Iterator[Organization]:
    """The organization; what was pushed to its branches is taken back after the test."""
    played_engine.plays(0, "Previewing update (dev)\nResources:\n    21 unchanged\n")
    repositories = (_acme.control_plane, _acme.gitops)
    before = [repository.branches() for repository in repositories]
    yield _acme
    _acme.machine.careless = False
    for repository, branches in zip(repositories, before, strict=True):
        for branch in repository.branches():
            if branch not in branches:
                repository.git("update-ref", "-d", f"refs/heads/{branch}")
        for branch, commit in branches.items():
            repository.git("update-ref", f"refs/heads/{branch}", commit)
        repository.issues.clear()
        repository.comments.clear()
