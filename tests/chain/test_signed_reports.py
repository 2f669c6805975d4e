"""Reports that are signed commits: what counts is who signed, and not who brought it."""

from __future__ import annotations

from pathlib import Path
from time import time

import pytest

from kalypso.git import Signature, sign_commit, write_commit
from tests.chain.platform import CHAIN, Platform
from tests.support.signing import Signer

PLAIN = """\
large healthy

Kalypso-Cluster: {cluster}
Kalypso-Environment: {environment}
Kalypso-Commit: {commit}
Kalypso-State: healthy
"""


@pytest.fixture
def signer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Signer:
    """The key of who sees the cluster."""
    return Signer(tmp_path / "ann", monkeypatch)


def trusting(platform: Platform, *keys: Signer) -> str:
    """Let the cluster have signers, and promote; return the commit of main."""
    signers = [each.key.with_suffix(".pub").read_text().strip() for each in keys]
    cluster = {"name": "large", "signers": signers}
    platform.configure("dev", environments=list(CHAIN), clusters=[cluster])
    commit = platform.change_main("one\n")
    platform.promote("dev", commit)
    return commit


def reports(platform: Platform, *options: str) -> int:
    at = platform.head("gitops", "dev")
    words = ("clusters", "report", "large", "-e", "dev", "--commit", at, "--state", "healthy")
    return platform.types(*words, *options).code


def test_a_signed_report_opens_the_gate(platform: Platform, signer: Signer) -> None:
    commit = trusting(platform, signer)
    assert platform.check("dev", commit).code == 1
    assert reports(platform, "--sign") == 0
    result = platform.check("dev", commit)
    assert result.code == 0, result


def test_a_report_without_a_signature_opens_nothing(local: Platform, signer: Signer) -> None:
    commit = trusting(local, signer)
    assert reports(local) == 0
    result = local.check("dev", commit)
    assert (result.code, "  large: no record: no report\n" in result.out) == (1, True)


def test_a_report_that_another_key_signed_opens_nothing(
    local: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, signer: Signer
) -> None:
    commit = trusting(local, signer)
    Signer(tmp_path / "eve", monkeypatch)
    assert reports(local, "--sign") == 0
    assert local.check("dev", commit).code == 1


def test_a_record_that_calls_a_report_signed_opens_nothing(local: Platform, signer: Signer) -> None:
    commit = trusting(local, signer)
    assert reports(local) == 0
    ref = "refs/kalypso/promotion/dev"
    said = local.read("gitops", ref, "reports.json").replace('"signed": false', '"signed": true')
    assert '"signed": true' in said
    changed = local.commit("gitops", "scratch", {"reports.json": said.encode()})
    local.git("gitops", "update-ref", ref, changed)
    assert local.check("dev", commit).code == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"cluster": "drone"},
        {"environment": "stage"},
        {"commit": "0" * 40},
        {"commit": "x\nKalypso-State: failed"},
    ],
    ids=[
        "of another cluster",
        "of another environment",
        "of another commit",
        "that says two things",
    ],
)
def test_a_signed_report_about_something_else_opens_nothing(
    local: Platform, signer: Signer, wrong: dict[str, str]
) -> None:
    commit = trusting(local, signer)
    about = {"cluster": "large", "environment": "dev", "commit": local.head("gitops", "dev")}
    bring(local, PLAIN.format(**{**about, **wrong}))
    assert local.check("dev", commit).code == 1


def test_a_report_that_was_written_with_plain_git_opens_the_gate(
    local: Platform, signer: Signer
) -> None:
    commit = trusting(local, signer)
    bring(
        local, PLAIN.format(cluster="large", environment="dev", commit=local.head("gitops", "dev"))
    )
    result = local.check("dev", commit)
    assert result.code == 0, result


def test_a_signed_report_about_an_earlier_commit_opens_nothing(
    local: Platform, signer: Signer
) -> None:
    trusting(local, signer)
    assert reports(local, "--sign") == 0
    newer = local.change_main("two\n")
    local.promote("dev", newer)
    assert local.check("dev", newer).code == 1


def bring(platform: Platform, message: str) -> None:
    """Sign a commit as `git commit -S` does, and push it where reports are."""
    folder = platform.forge.folder("gitops")
    ann = Signature("ann", "ann@example.com", int(time()))
    commit = write_commit(folder, parents=[], changes={}, message=message, signature=ann)
    platform.git(
        "gitops", "update-ref", "refs/kalypso/reports/dev/large", sign_commit(folder, commit)
    )
