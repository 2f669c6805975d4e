"""`kalypso recover`: what a killed engine left goes, what a living one holds stays."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Result, run

NOTE = {"type": "creating", "resource": {"type": "kalypso:index:LocalRepository"}}
FOREIGN = {"type": "creating", "resource": {"type": "aws:s3/bucket:Bucket"}}
DELETING = {"type": "deleting", "resource": {"type": "kalypso:index:LocalRepository"}}


class Backend:
    """A file backend as the engine writes it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "Pulumi.yaml").write_text("name: acme\n")
        self.state = folder / ".pulumi/stacks/acme/dev.json"
        self.locks = folder / ".pulumi/locks/organization/acme/dev"
        self.state.parent.mkdir(parents=True)
        self.locks.mkdir(parents=True)
        self.write(self.state)

    def write(self, path: Path, *notes: dict[str, Any], serial: int = 1) -> None:
        latest = {"resources": [serial], "pending_operations": list(notes)}
        path.write_text(json.dumps({"version": 3, "checkpoint": {"latest": latest}}))

    def lock(self, process: int, host: str = "") -> Path:
        path = self.locks / "0a1b.json"
        path.write_text(json.dumps({"pid": process, "hostname": host or socket.gethostname()}))
        path.with_name("0a1b.json.attrs").write_text("{}")
        return path

    def latest(self) -> dict[str, Any]:
        latest: dict[str, Any] = json.loads(self.state.read_text())["checkpoint"]["latest"]
        return latest

    def recover(self, *arguments: str) -> Result:
        return run(["recover", "--backend", self.folder.as_uri(), *arguments], self.folder)


@pytest.fixture
def backend(tmp_path: Path) -> Backend:
    return Backend(tmp_path)


def dead_process() -> int:
    with subprocess.Popen(["true"]) as process:
        process.wait()
        return process.pid


def test_where_nothing_is_left_nothing_is_done(backend: Backend) -> None:
    before = backend.state.read_text()
    assert backend.recover().out == "nothing to recover\n"
    assert backend.state.read_text() == before


def test_the_lock_of_a_dead_process_goes_with_all_that_belongs_to_it(backend: Backend) -> None:
    process = dead_process()
    backend.lock(process)
    assert backend.recover().out == (f"dev: removed the lock of process {process}, which is dead\n")
    assert list(backend.locks.iterdir()) == []


def test_a_number_that_another_program_has_by_now_counts_as_dead(backend: Backend) -> None:
    lock = backend.lock(os.getpid())  # this is not an engine
    backend.recover()
    assert not lock.exists()


def test_the_lock_of_a_running_engine_stays_and_so_does_its_state(
    backend: Backend, tmp_path: Path
) -> None:
    engine = tmp_path / "pulumi"
    engine.symlink_to("/bin/sleep")
    with subprocess.Popen([str(engine), "60"]) as process:
        lock = backend.lock(process.pid)
        backend.write(backend.state, NOTE)
        told = backend.recover()
        process.kill()
    assert told.out == f"dev: left the lock of process {process.pid}, which is running\n"
    assert lock.exists()
    assert backend.latest()["pending_operations"] == [NOTE]


def test_the_lock_of_another_machine_stays(backend: Backend) -> None:
    lock = backend.lock(dead_process(), "elsewhere")
    assert "on elsewhere, which is another machine" in backend.recover().out
    assert lock.exists()


def test_a_lock_that_cannot_be_read_stays(backend: Backend) -> None:
    lock = backend.lock(1)
    lock.write_text("{")
    assert "which cannot be read; remove it by hand" in backend.recover().out
    assert lock.exists()


def test_only_unfinished_creations_of_ours_are_forgotten(backend: Backend) -> None:
    backend.write(backend.state, NOTE, FOREIGN, DELETING, NOTE)
    told = backend.recover().out
    assert told == "dev: cleared 2 unfinished creations; the next run repeats them\n"
    assert backend.latest()["pending_operations"] == [FOREIGN, DELETING]


def test_a_state_that_was_cut_short_gives_way_to_the_one_before(backend: Backend) -> None:
    backend.write(backend.state.with_suffix(".json.bak"), serial=7)
    backend.state.write_text('{"version": 3, "check')
    assert "took the state before the last write" in backend.recover().out
    assert backend.latest()["resources"] == [7]
    assert backend.state.with_suffix(".damaged").read_text() == '{"version": 3, "check'


def test_a_state_that_was_lost_between_two_writes_is_brought_back(backend: Backend) -> None:
    backend.state.rename(backend.state.with_suffix(".json.bak"))
    backend.lock(dead_process())
    backend.recover()
    assert backend.latest()["resources"] == [1]


def test_the_state_of_a_removed_stack_is_not_brought_back(backend: Backend) -> None:
    backend.state.rename(backend.state.with_suffix(".json.bak"))
    assert backend.recover("-s", "dev").out == "nothing to recover\n"
    assert not backend.state.exists()


def test_attributes_that_were_cut_short_are_removed(backend: Backend) -> None:
    beside = backend.state.with_name("dev.json.attrs")
    beside.write_text("")
    assert backend.recover().out == "dev: removed dev.json.attrs, whose writing was cut short\n"
    assert not beside.exists()


def test_a_damaged_state_without_a_good_backup_is_told_and_left(backend: Backend) -> None:
    backend.state.write_text("{")
    backend.state.with_suffix(".json.bak").write_text("{")
    told = backend.recover()
    assert told.code == 2
    assert "the state of the stack dev is damaged, and so is its backup" in told.err
    assert backend.state.read_text() == "{"


def test_only_the_named_stack_is_touched(backend: Backend) -> None:
    backend.write(backend.state, NOTE)
    assert backend.recover("-s", "stage").out == "nothing to recover\n"
    assert backend.latest()["pending_operations"] == [NOTE]


@pytest.mark.parametrize("address", ["", "s3://bucket", "https://app.pulumi.com"])
def test_a_backend_that_is_no_folder_is_told_with_the_engines_own_way(
    backend: Backend, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    told = run(["recover", "--backend", address], backend.folder)
    assert told.code == 2
    assert "pulumi cancel" in told.err


@pytest.mark.parametrize("text", [None, "", "name: 5\n", "runtime: python\n", "a: b: c"])
def test_without_the_name_of_the_project_it_says_where_to_run_it(
    backend: Backend, text: str | None
) -> None:
    file = backend.folder / "Pulumi.yaml"
    file.unlink() if text is None else file.write_text(text)
    refused = backend.recover()
    assert refused.code == 2
    assert "no Pulumi.yaml here has one [no-stack]" in refused.err


def test_state_of_another_project_in_the_same_folder_is_left_alone(backend: Backend) -> None:
    lock = backend.lock(dead_process())
    (backend.folder / "Pulumi.yaml").write_text("name: other\n")
    assert backend.recover().out == "nothing to recover\n"
    assert lock.exists()
