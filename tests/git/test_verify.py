"""A commit counts as signed only by one of the keys that somebody named."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kalypso.git import Signature, git, is_public_key, is_signed_by, sign_commit, write_commit
from tests.support.signing import Signer, changing_program

WHO = Signature("Ann", "ann@example.com", 1_795_860_300)


def written(folder: Path, message: str = "hello\n") -> tuple[Path, str]:
    """Return a repository and a commit in it that nobody has signed."""
    repository = folder / "r.git"
    git("init", "--quiet", "--bare", str(repository))
    return repository, write_commit(
        repository, parents=[], changes={}, message=message, signature=WHO
    )


def public(signer: Signer) -> str:
    return signer.key.with_suffix(".pub").read_text()


def test_a_commit_that_one_of_the_keys_has_signed_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, signer = (Signer(tmp_path / name, monkeypatch) for name in ("other", "ann"))
    repository, commit = written(tmp_path)
    signed = sign_commit(repository, commit)
    assert is_signed_by(repository, signed, [public(other), public(signer)])


def test_a_commit_without_a_signature_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = Signer(tmp_path / "ann", monkeypatch)
    repository, commit = written(tmp_path)
    assert not is_signed_by(repository, commit, [public(signer)])


def test_a_signature_of_another_key_does_not_count_even_if_the_user_trusts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, signer = (Signer(tmp_path / name, monkeypatch) for name in ("other", "ann"))
    repository, commit = written(tmp_path)
    signed = sign_commit(repository, commit)
    assert signer.good(repository, signed)
    assert not is_signed_by(repository, signed, [public(other)])
    assert not is_signed_by(repository, signed, [])


def test_what_was_changed_after_signing_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = Signer(tmp_path / "ann", monkeypatch)
    repository, commit = written(tmp_path, "failed\n")
    raw = git("cat-file", "commit", sign_commit(repository, commit), repository=repository)
    forged = git(
        "hash-object", "-t", "commit", "-w", "--stdin",
        repository=repository, stdin=raw.replace(b"failed", b"healthy"),
    )  # fmt: skip
    assert not is_signed_by(repository, forged.decode().strip(), [public(signer)])


def test_a_signature_for_another_purpose_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = Signer(tmp_path / "ann", monkeypatch)
    repository, commit = written(tmp_path)
    raw = git("cat-file", "commit", commit, repository=repository)
    done = subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-n", "file", "-f", str(signer.key)],
        input=raw,
        capture_output=True,
        check=True,
    )
    head, _, body = raw.partition(b"\n\n")
    header = b"gpgsig " + done.stdout.strip().replace(b"\n", b"\n ")
    forged = git(
        "hash-object", "-t", "commit", "-w", "--stdin",
        repository=repository, stdin=head + b"\n" + header + b"\n\n" + body,
    )  # fmt: skip
    assert not is_signed_by(repository, forged.decode().strip(), [public(signer)])


def test_a_signature_of_another_kind_starts_no_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = Signer(tmp_path / "ann", monkeypatch)
    program = changing_program(tmp_path)
    signer.configure(f"[gpg]\n\tprogram = {program}\n[user]\n\tsigningKey = ann\n")
    repository, commit = written(tmp_path)
    signed = sign_commit(repository, commit)
    started = tmp_path / "started"
    program.write_text(f"#!/bin/sh\ntouch {started}\n")
    assert not is_signed_by(repository, signed, [public(signer)])
    assert not started.exists()


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB", True),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB ann@example.com\n", True),
        ("AAAAC3NzaC1lZDI1NTE5AAAAIB", False),
        ("ssh-ed25519", False),
        ("ssh-ed25519 AAAA\n* ssh-ed25519 BBBB", False),
        ("cert-authority ssh-ed25519 AAAA", False),
        ("-----BEGIN OPENSSH PRIVATE KEY-----", False),
    ],
)
def test_a_public_key_is_one_line_of_kind_and_key(text: str, *, good: bool) -> None:
    assert is_public_key(text) is good
