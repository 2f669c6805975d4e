"""The setting `commit.sign`: from the stack through the provider to a commit that is proven."""

from pathlib import Path

import pytest

from components.arguments import _commit
from components.provider.gitops_branch import GitOpsBranch
from components.provider.resource import Difference
from components.provider.values import Properties
from kalypso.errors import DeliveryError, Problems
from kalypso.stack.kept_wording import keep_wording
from kalypso.stack.schedule import make_schedule
from kalypso.stack.wording import make_wording
from tests.cli.command import run
from tests.stack.forge import SampleForge, quiet, settings_for
from tests.support.signing import Signer

BRANCH = GitOpsBranch()


@pytest.fixture
def signer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Signer:
    return Signer(tmp_path / "signer", monkeypatch)


def inputs(forge: SampleForge, **config: str) -> Properties:
    """Return what the program hands to the provider."""
    settings = settings_for(forge.folder, **config)
    schedule = make_schedule(settings)
    wording = make_wording(schedule, settings)
    assert wording is not None
    keep_wording(schedule.objects, settings.environment, schedule.manifests, wording)
    commit = _commit(settings)
    return {**forge.branch_inputs(dict(schedule.evaluation.files)), **commit}  # type: ignore[dict-item] # plain values here, no outputs


def test_what_a_stack_signs_is_good_and_proven(made_forge: SampleForge, signer: Signer) -> None:
    given = inputs(made_forge, **{"commit.sign": "true"})
    state = BRANCH.create(given, quiet).state
    head = made_forge.head("gitops", "deployment/dev")
    assert signer.good(made_forge.path("gitops"), head)
    assert "sign" not in state
    gitops, folder = str(made_forge.path("gitops")), str(made_forge.folder)
    where = ("--gitops", gitops, "--repositories", folder)
    found = run(["verify", "--commit", head, *where], made_forge.folder)
    assert (found.code, found.err) == (0, "")
    assert "exactly what the model says" in found.out


def test_the_setting_alone_is_no_difference(made_forge: SampleForge, signer: Signer) -> None:
    del signer
    given = inputs(made_forge)
    state = BRANCH.create(given, quiet).state
    now = BRANCH.read("id", state, given)
    assert BRANCH.diff(now.state, now.inputs, {**given, "sign": True}) == Difference(changed=False)


def test_without_the_setting_a_configured_key_is_left_alone(
    made_forge: SampleForge, signer: Signer
) -> None:
    given = inputs(made_forge)
    assert "sign" not in given
    BRANCH.create(given, quiet)
    head = made_forge.head("gitops", "deployment/dev")
    assert not signer.good(made_forge.path("gitops"), head)


def test_a_key_that_is_missing_stops_the_delivery(made_forge: SampleForge, signer: Signer) -> None:
    signer.configure("[gpg]\n\tformat = ssh\n[user]\n\tsigningKey = /nowhere/key.pub\n")
    with pytest.raises(DeliveryError, match="not-signed"):
        BRANCH.create(inputs(made_forge, **{"commit.sign": "true"}), quiet)
    assert made_forge.forge().pull_requests() == ()


def test_a_setting_that_is_no_truth_value_is_told(sample_forge: SampleForge) -> None:
    with pytest.raises(Problems, match=r"the setting 'commit\.sign' is wrong"):
        settings_for(sample_forge.folder, **{"commit.sign": "ssh"})
