"""The record in Git: the same on both forges, nothing lost, and damage is never read as nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from kalypso.errors import DeliveryError, SourceError
from kalypso.git import NO_COMMIT, RefUpdate, Signature, git, update_refs, write_commit
from kalypso.promotion import (
    Approval,
    Hold,
    Ledger,
    Outcome,
    Record,
    Report,
    approved,
    claimed,
    held,
    ref_of,
    released,
    remembered,
    reported,
    started,
)
from tests.forge.github.platform import access_to
from tests.promotion.fleet import COMMITS, expected_of, fleet, look
from tests.standins.github.server import GitHubServer
from tests.support.bare_repository import make_bare

M, X, NOW = COMMITS["M"], COMMITS["X"], 1_795_860_300.0
ANN = Approval(who="ann", when=NOW, promoted=M, commit=X)
HOLD = Hold(who="bob", when=NOW, why="audit")
SHIP = Report(cluster="ship", commit=X, state="healthy", at=NOW, author="ops", message="fine")


class Place:
    """A GitOps repository, and a new reader of it whenever one is wanted."""

    def __init__(
        self, folder: Path, address: str, server: GitHubServer | None, cache: Path
    ) -> None:
        self.folder, self.address = folder, address
        self._server, self._cache, self._readers = server, cache, 0

    def ledger(self, attempts: int = 20) -> Ledger:
        """Return a ledger on another machine: nothing that it fetched before is there."""
        self._readers += 1
        if self._server is None:
            return Ledger(self.address, clock=lambda: NOW, attempts=attempts)
        access = access_to(self._server, self._cache / str(self._readers))
        return Ledger(self.address, access, clock=lambda: NOW, attempts=attempts)

    def put(self, files: dict[str, bytes]) -> None:
        """Move the ref of dev to other files, as a person with git could."""
        refs = git("for-each-ref", "--format=%(objectname)", ref_of("dev"), repository=self.folder)
        old = refs.decode().strip()
        new = write_commit(
            self.folder,
            parents=[],
            changes=dict(files),
            message="by hand\n",
            signature=Signature("Eve", "eve@example.com", int(NOW)),
        )
        update_refs(self.folder, [RefUpdate(ref_of("dev"), old or NO_COMMIT, new)])


@pytest.fixture(params=["local", "github"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "local":
        folder = tmp_path / "gitops.git"
        make_bare(folder, "main")
        yield Place(folder, str(folder), None, tmp_path)
        return
    with GitHubServer(tmp_path / "github") as server:
        repository = server.add("acme/gitops")
        address = f"{server.url}/acme/gitops"
        yield Place(repository.folder, address, server, tmp_path / "cache")


def everything(record: Record) -> Record:
    """Return a record with an entry of each kind, in every field."""
    expected = expected_of(fleet("flux", "argocd")["expected"])
    verdict = look(fleet("flux", "argocd"))
    begun = started(record, expected, NOW)
    mine = claimed(begun, M, X, "run-1", NOW)
    assert mine
    done = remembered(mine, verdict, "run-1", NOW)
    return reported(held(approved(done, ANN), HOLD), SHIP)


def test_a_record_is_read_as_it_was_written_by_another_machine(place: Place) -> None:
    written = place.ledger().change("dev", everything, "all at once")
    read = place.ledger().read("dev")
    assert read == written
    gate = read.passed(M)
    assert gate is not None
    assert gate.decision is not None
    assert (gate.decision.outcome, gate.worker) == (Outcome.PASS, "run-1")
    assert sorted(gate.spans) == ["drone", "edge", "large"]
    assert read.held == HOLD


def test_an_environment_without_a_record_has_an_empty_one(place: Place) -> None:
    assert place.ledger().read("dev") == Record(environment="dev")


def test_environments_do_not_share_a_record(place: Place) -> None:
    place.ledger().change("dev", lambda record: approved(record, ANN), "approve")
    assert place.ledger().read("stage") == Record(environment="stage")


def test_each_change_is_a_commit_that_says_what_was_done(place: Place) -> None:
    place.ledger().change("dev", lambda record: approved(record, ANN), "approve: ann")
    place.ledger().change("dev", lambda record: held(record, HOLD), "hold: bob: audit")
    log = git("log", "--format=%s %ct", ref_of("dev"), repository=place.folder).decode()
    assert log == "hold: bob: audit 1795860300\napprove: ann 1795860300\n"


def test_a_change_that_changes_nothing_writes_nothing(place: Place) -> None:
    for _ in range(2):
        place.ledger().change("dev", lambda record: approved(record, ANN), "approve")
    log = git("log", "--format=%s", ref_of("dev"), repository=place.folder).decode()
    assert log == "approve\n"


def test_of_two_writers_at_once_the_second_reads_again(place: Place) -> None:
    seen: list[Hold | None] = []

    def second(record: Record) -> Record:
        if not seen:
            place.ledger().change("dev", lambda other: held(other, HOLD), "the first")
        seen.append(record.held)
        return approved(record, ANN)

    after = place.ledger().change("dev", second, "the second")
    assert seen == [None, HOLD]
    assert (after.held, after.approvals) == (HOLD, (ANN,))
    assert place.ledger().read("dev") == after


def test_two_runs_that_claim_a_gate_at_once_do_not_both_get_it(place: Place) -> None:
    expected = expected_of(fleet("flux")["expected"])
    got: list[tuple[str, bool]] = []

    def claim(worker: str, record: Record) -> Record:
        if worker == "second" and not got:
            place.ledger().change("dev", lambda other: claim("first", other), "first")
        found = claimed(started(record, expected, NOW), M, X, worker, NOW)
        got.append((worker, found is not None))
        return found or record

    place.ledger().change("dev", lambda record: claim("second", record), "second")
    assert got == [("first", True), ("second", True), ("second", False)]
    gate = place.ledger().read("dev").gate(M, X)
    assert gate is not None
    assert gate.worker == "first"


def test_a_writer_that_always_comes_second_gives_up(place: Place) -> None:
    count = iter(range(100))

    def late(record: Record) -> Record:
        other = replace(HOLD, why=f"hold {next(count)}")
        place.ledger().change("dev", lambda others: held(others, other), "another")
        return approved(record, ANN)

    with pytest.raises(DeliveryError, match="changed whenever it was to be written"):
        place.ledger(attempts=3).change("dev", late, "never")
    assert next(count) == 3


def test_a_hold_that_was_released_says_who_did_it(place: Place) -> None:
    place.ledger().change("dev", lambda record: held(record, HOLD), "hold")
    place.ledger().change("dev", lambda record: released(record, "ann", NOW + 60), "release")
    record = place.ledger().read("dev")
    assert record.held is None
    assert record.holds == (replace(HOLD, released_by="ann", released_at=NOW + 60),)


WRONG = {
    "not JSON": b"{",
    "not a mapping": b"[]",
    "of a newer version": b'{"version": 2, "approvals": []}',
    "without a version": b'{"approvals": []}',
    "without its entries": b'{"version": 1}',
    "with a field missing": b'{"version": 1, "approvals": [{"who": "ann"}]}',
    "with a field too many": json.dumps(
        {"version": 1, "approvals": [{"who": "a", "when": 1.0, "promoted": M, "commit": X, "x": 1}]}
    ).encode(),
    "with another type": json.dumps(
        {"version": 1, "approvals": [{"who": "a", "when": "1", "promoted": M, "commit": X}]}
    ).encode(),
}


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG)
def test_a_damaged_record_is_refused_and_not_read_as_empty(tmp_path: Path, content: bytes) -> None:
    folder = tmp_path / "gitops.git"
    make_bare(folder, "main")
    place = Place(folder, str(folder), None, tmp_path)
    place.put({"approvals.json": content})
    with pytest.raises(SourceError, match="record of promotion cannot be read") as error:
        place.ledger().read("dev")
    assert error.value.problem.code == "damaged-promotion-record"


def test_a_file_that_nobody_knows_is_refused(place: Place) -> None:
    place.put({"freezes.json": b'{"version": 1}'})
    with pytest.raises(SourceError, match=r"freezes\.json"):
        place.ledger().read("dev")


def test_a_hold_that_lost_a_field_does_not_become_a_released_one(place: Place) -> None:
    place.ledger().change("dev", lambda record: held(record, HOLD), "hold")
    text = git("show", f"{ref_of('dev')}:holds.json", repository=place.folder).decode()
    assert '"released_by": ""' in text
    place.put({"holds.json": text.replace('"released_by": "",', "").encode()})
    with pytest.raises(SourceError, match="fields that are missing"):
        place.ledger().read("dev")


def test_a_repository_that_cannot_be_read_is_not_an_empty_record(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no folder"):
        Ledger(str(tmp_path / "nowhere.git")).read("dev")


def test_what_was_written_is_in_no_branch(place: Place) -> None:
    """Clusters read branches, and a push to one would start them."""
    place.ledger().change("dev", everything, "all")
    heads = git("for-each-ref", "refs/heads", "refs/tags", repository=place.folder)
    assert heads == b""
