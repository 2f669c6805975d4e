"""Commits that are signed, on every forge: nothing more is written for it, and nothing unsigned."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kalypso.errors import DeliveryError
from kalypso.forge.author import AUTHOR
from kalypso.forge.github.repository import GitHubRepository
from kalypso.forge.interface import Repository
from kalypso.forge.local.repository import BareRepository
from kalypso.git.write import Writer
from tests.delivery.invariants import check_end
from tests.delivery.platform import CLOCK, DRONE, OTHER, Bench
from tests.forge.github.platform import GitHubGitOps, access_to
from tests.standins.github import faults
from tests.standins.github.faults import on
from tests.support.signing import Signer, changing_program

HEAD = "refs/heads/deployment/dev"
SIGNS = Writer(*AUTHOR, signs=True)


@pytest.fixture
def signer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Signer:
    return Signer(tmp_path / "signer", monkeypatch)


def signing(bench: Bench, cache: Path) -> Repository:
    """Return the forge of a repository, which signs."""
    if isinstance(bench, GitHubGitOps):
        return GitHubRepository(bench.place, access_to(bench.server, cache), writer=SIGNS)
    return BareRepository(bench.folder, writer=SIGNS, clock=lambda: CLOCK, wait_seconds=0.2)


@pytest.fixture
def signed(bench: Bench, signer: Signer, tmp_path: Path) -> Bench:
    """A repository whose deliveries are signed."""
    del signer
    bench.deliver_by(signing(bench, tmp_path / "signing"))
    return bench


def test_what_is_proposed_is_signed(signed: Bench, signer: Signer) -> None:
    assert signed.run(DRONE).step == "open"
    assert signer.good(signed.folder, HEAD)
    assert signed.files("deployment/dev") == DRONE
    assert signed.parents("deployment/dev") == (signed.start,)


def test_what_is_proposed_again_is_signed_too(signed: Bench, signer: Signer) -> None:
    signed.run(DRONE)
    assert signed.run(OTHER).step == "replace"
    assert signer.good(signed.folder, HEAD)
    assert signed.states() == ["open"]


def test_without_the_setting_nothing_is_signed(bench: Bench, signer: Signer) -> None:
    bench.run(DRONE)
    assert not signer.good(bench.folder, HEAD)


def by_clock(signer: Signer, folder: Path) -> None:
    """Let each signature be another one, as those of gpg are."""
    program = changing_program(folder)
    signer.configure(f"[gpg]\n\tprogram = {program}\n[user]\n\tsigningKey = any\n")


def test_a_second_run_moves_nothing_although_its_signature_would_differ(
    signed: Bench, signer: Signer, tmp_path: Path
) -> None:
    by_clock(signer, tmp_path)
    signed.run(DRONE)
    before = signed.refs()
    assert signed.look(DRONE).step == "keep"
    assert signed.run(DRONE).step == "keep"
    assert signed.refs() == before


def test_a_run_that_got_no_further_than_its_push_is_completed_without_another(
    github: GitHubGitOps, signer: Signer, tmp_path: Path
) -> None:
    by_clock(signer, tmp_path)
    github.use(
        GitHubRepository(github.place, access_to(github.server, tmp_path / "a"), writer=SIGNS)
    )
    github.server.plan = on("POST", "/pulls", faults.FORBIDDEN)
    with pytest.raises(DeliveryError):
        github.run(DRONE)
    before = github.refs()[HEAD]
    github.server.clear()
    other = access_to(github.server, tmp_path / "b")  # another machine completes it
    github.use(GitHubRepository(github.place, other, writer=SIGNS))
    github.run(DRONE)
    assert [each for each in github.server.writes() if "receive-pack" in each] == []
    assert github.refs()[HEAD] == before
    check_end(github, github.start, DRONE)


def test_what_was_proposed_unsigned_stays_until_something_changes(
    bench: Bench, signer: Signer, tmp_path: Path
) -> None:
    bench.run(DRONE)
    bench.deliver_by(signing(bench, tmp_path / "signing"))
    assert bench.run(DRONE).step == "keep"
    assert not signer.good(bench.folder, HEAD)
    assert bench.run(OTHER).step == "replace"
    assert signer.good(bench.folder, HEAD)


def no_key(signer: Signer, _: Path) -> None:
    signer.key.with_suffix(".pub").unlink()
    signer.key.unlink()


def no_program(signer: Signer, _: Path) -> None:
    signer.configure("[gpg]\n\tprogram = /nowhere/gpg\n[user]\n\tsigningKey = x\n")


def no_answer(signer: Signer, folder: Path) -> None:
    program = changing_program(folder, works=False)
    signer.configure(f"[gpg]\n\tprogram = {program}\n[user]\n\tsigningKey = x\n")


@pytest.mark.parametrize("broken", [no_key, no_program, no_answer])
def test_without_a_signature_nothing_is_pushed(
    signed: Bench, signer: Signer, tmp_path: Path, broken: Callable[[Signer, Path], None]
) -> None:
    signed.run(DRONE)
    before, states = signed.refs(), signed.states()
    broken(signer, tmp_path)
    with pytest.raises(DeliveryError, match="cannot be signed") as caught:
        signed.run(OTHER)
    assert caught.value.problem.code == "not-signed"
    assert (signed.refs(), signed.states()) == (before, states)
