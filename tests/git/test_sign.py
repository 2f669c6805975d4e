"""A signed commit says what the unsigned one says, and its signature is good."""

from pathlib import Path

import pytest

from kalypso.errors import DeliveryError
from kalypso.git.history import read_commit
from kalypso.git.run import git
from kalypso.git.sign import sign_commit
from kalypso.git.write import NO_COMMIT, RefUpdate, Signature, update_refs, write_commit
from tests.git.conftest import Repository
from tests.support.signing import Signer, changing_program

WHO = Signature("Kalypso", "kalypso@localhost", 1_700_000_000)


@pytest.fixture
def signer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Signer:
    return Signer(tmp_path / "signer", monkeypatch)


def unsigned(repository: Repository, text: bytes = b"1", message: str = "add\n\nKey: x\n") -> str:
    parent = repository.commit(f"main-{text.decode()}", {"before": b"0"})
    return write_commit(
        repository.folder, parents=[parent], changes={"a": text}, message=message, signature=WHO
    )


def raw(repository: Repository, commit: str) -> bytes:
    return git("cat-file", "commit", commit, repository=repository.folder)


def test_a_signature_is_good_for_who_knows_the_key(repository: Repository, signer: Signer) -> None:
    signed = sign_commit(repository.folder, unsigned(repository))
    assert signer.good(repository.folder, signed)


def test_nothing_but_the_signature_is_added(repository: Repository, signer: Signer) -> None:
    plain = unsigned(repository, message="Grüße an alle\n\nmore text \n\nKey: x\n")
    signed = sign_commit(repository.folder, plain)
    del signer
    head, _, message = raw(repository, signed).partition(b"\n\n")
    kept = [line for line in head.split(b"\n") if not line.startswith((b"gpgsig ", b" "))]
    assert b"\n".join(kept) + b"\n\n" + message == raw(repository, plain)


def test_a_signed_commit_is_read_like_any_other(repository: Repository, signer: Signer) -> None:
    plain = read_commit(repository.folder, unsigned(repository))
    signed = read_commit(repository.folder, sign_commit(repository.folder, plain.commit))
    del signer
    assert signed.commit != plain.commit
    assert (signed.tree, signed.parents, signed.seconds) == (
        plain.tree, plain.parents, 1_700_000_000,
    )  # fmt: skip
    assert signed.trailers == {"Key": "x"}


def test_a_changed_commit_has_no_good_signature(repository: Repository, signer: Signer) -> None:
    signed = sign_commit(repository.folder, unsigned(repository))
    text = raw(repository, signed).replace(b"add\n", b"sub\n")
    forged = git("hash-object", "-t", "commit", "-w", "--stdin", repository=repository.folder,
                 stdin=text).decode().strip()  # fmt: skip
    assert not signer.good(repository.folder, forged)


def test_what_says_the_same_is_taken_although_another_signature_would_differ(
    repository: Repository, signer: Signer, tmp_path: Path
) -> None:
    program = changing_program(tmp_path)
    signer.configure(f"[gpg]\n\tprogram = {program}\n[user]\n\tsigningKey = any\n")
    plain = unsigned(repository)
    first = sign_commit(repository.folder, plain)
    assert sign_commit(repository.folder, plain) != first
    assert sign_commit(repository.folder, plain, known=first) == first


def test_what_says_something_else_is_not_taken(repository: Repository, signer: Signer) -> None:
    first = sign_commit(repository.folder, unsigned(repository))
    other = sign_commit(repository.folder, unsigned(repository, b"2"), known=first)
    assert other != first
    assert signer.good(repository.folder, other)


def test_an_unsigned_one_is_not_taken(repository: Repository, signer: Signer) -> None:
    plain = unsigned(repository)
    assert signer.good(repository.folder, sign_commit(repository.folder, plain, known=plain))


def test_a_persons_encoding_of_messages_does_not_count(
    repository: Repository, signer: Signer
) -> None:
    key = f"[user]\n\tsigningKey = {signer.key}.pub\n[gpg]\n\tformat = ssh\n"
    signer.configure(f"{key}[i18n]\n\tcommitEncoding = ISO-8859-1\n")
    signed = sign_commit(repository.folder, unsigned(repository, message="Grüße\n"))
    assert b"encoding" not in raw(repository, signed)


def test_a_root_commit_is_signed_too(repository: Repository, signer: Signer) -> None:
    plain = write_commit(
        repository.folder, parents=[], changes={"a": b"1"}, message="m\n", signature=WHO
    )
    signed = sign_commit(repository.folder, plain)
    update_refs(repository.folder, [RefUpdate("refs/heads/main", NO_COMMIT, signed)])
    assert signer.good(repository.folder, "refs/heads/main")


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("[gpg]\n\tformat = ssh\n[user]\n\tsigningKey = /nowhere/key.pub\n", "/nowhere/key"),
        ("[gpg]\n\tformat = ssh\n", "user.signing[kK]ey"),
        ("[gpg]\n\tformat = wax\n", "wax"),
        ("[gpg]\n\tprogram = /nowhere/gpg\n[user]\n\tsigningKey = x\n", "/nowhere/gpg"),
    ],
)
def test_what_cannot_be_signed_is_told_with_gits_reason(
    repository: Repository, signer: Signer, config: str, told: str
) -> None:
    signer.configure(config)
    with pytest.raises(DeliveryError, match=told) as caught:
        sign_commit(repository.folder, unsigned(repository))
    assert caught.value.problem.code == "not-signed"
    assert "git config --global" in caught.value.problem.hint


def test_a_key_that_is_locked_is_an_error_and_no_question(
    repository: Repository, signer: Signer, tmp_path: Path
) -> None:
    program = changing_program(tmp_path, works=False)
    signer.configure(f"[gpg]\n\tprogram = {program}\n[user]\n\tsigningKey = any\n")
    with pytest.raises(DeliveryError, match="failed to sign") as caught:
        sign_commit(repository.folder, unsigned(repository))
    assert caught.value.problem.code == "not-signed"
