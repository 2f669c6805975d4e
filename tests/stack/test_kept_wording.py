"""The words of a proposal pass no state: they are kept beside the manifests."""

import json
from pathlib import Path

import pytest

from components.provider.gitops_branch import GitOpsBranch
from kalypso.delivery.proposal import Wording
from kalypso.git import keep_blob
from kalypso.git.write import create_repository
from kalypso.stack.kept_wording import keep_wording, read_kept_wording
from kalypso.stack.schedule import make_schedule
from kalypso.stack.wording import make_wording
from tests.stack.forge import SampleForge, quiet, settings_for

TREE = "1" * 40
WORDS = Wording(parent="2" * 40, title="Say it", body="as it is\n", trailers="A: b")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_repository(tmp_path / "one.git", branch="main")
    return tmp_path / "one.git"


def test_words_are_found_by_what_they_are_about(folder: Path) -> None:
    keep_wording(folder, "dev", TREE, WORDS)
    assert read_kept_wording(folder, "dev", TREE) == WORDS
    assert read_kept_wording(folder, "dev", "3" * 40) is None
    assert read_kept_wording(folder, "stage", TREE) is None


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'{"manifests": "%s"}' % TREE.encode(), b"\xff", b'{"a": 1}']
)
def test_damaged_words_are_none(folder: Path, damage: bytes) -> None:
    keep_blob(folder, "refs/kalypso/wording/dev", damage)
    assert read_kept_wording(folder, "dev", TREE) is None


def test_where_there_is_no_repository_there_are_no_words(tmp_path: Path) -> None:
    assert read_kept_wording(tmp_path, "dev", TREE) is None


@pytest.mark.parametrize("exists", [True, False])
def test_the_provider_proposes_with_the_kept_words(
    sample_forge: SampleForge, *, exists: bool
) -> None:
    if exists:
        sample_forge.make()
    settings = settings_for(sample_forge.folder)
    schedule = make_schedule(settings)
    wording = make_wording(schedule, settings)
    assert wording is not None
    keep_wording(schedule.objects, "dev", schedule.manifests, wording)
    sample_forge.make()
    named = {"manifests": schedule.manifests, "content": schedule.content, "tree": schedule.tree}
    made = GitOpsBranch().create({**sample_forge.branch_inputs({}), **named}, quiet)
    pull = sample_forge.forge().pull_request(1)
    assert pull.title == "Update manifests in dev: 1 assignment added"
    assert "<code>large/observability-prometheus</code>" in pull.body
    assert "added" not in json.dumps([made.state, made.inputs])


def test_without_words_a_proposal_is_about_files(made_forge: SampleForge) -> None:
    schedule = make_schedule(settings_for(made_forge.folder))
    made_forge.deliver(dict(schedule.evaluation.files))
    assert made_forge.forge().pull_request(1).title == "Update manifests in dev"
