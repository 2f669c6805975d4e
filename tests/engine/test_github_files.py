"""Manifests written one by one on GitHub: engine and provider are real, GitHub is not."""

import json
from collections.abc import Iterator
from typing import Literal

import pytest

from kalypso.stack.starting_content import starting_branches
from tests.engine.bench import Bench, up_command
from tests.engine.github_bench import MadeOnGitHub
from tests.standins.github.faults import FORBIDDEN, on
from tests.standins.github.sample import Sample
from tests.standins.github.server import TOKEN, GitHubServer

SMALL = "cluster-types/west-us/small/small-cluster-type.yaml"
CONFIG = "cluster-types/west-us/west-us-config.yaml"
CLUSTER_TYPE = """
apiVersion: scheduler.kalypso.io/v1alpha1
kind: ClusterType
metadata:
  name: edge-{}
spec:
  reconciler: arc-flux
  namespaceService: default
---"""
FILE = "github:index/repositoryFile:RepositoryFile"
WHOLE = [
    "command-center/README.md",
    "drone/README.md",
    "large/README.md",
    "large/observability-prometheus/config.yaml",
    "large/observability-prometheus/namespace.yaml",
    "large/observability-prometheus/reconciler.yaml",
    "small/README.md",
    ".github/tracking/Promoted_Commit_Id",
]
"""What the sample brings to dev, in the order in which it is written."""


class OneByOne(MadeOnGitHub):
    """The stack dev with `delivery: repository-files`, on repositories that are there."""

    def __init__(self, bench: Bench, server: GitHubServer) -> None:
        self.sample = Sample(server)
        super().__init__(bench, server, "dev")
        self.set("repositories.control-plane", self.sample.config["repositories.control-plane"])
        self.set("delivery", "repository-files")

    def written(self) -> list[str]:
        """Return the paths of the commits on the branch that are ours, oldest first."""
        log = self.sample.gitops.git("log", "--reverse", "--format=%s", "dev").splitlines()
        return [line.split()[1] for line in log if line.startswith("Deliver ")]


@pytest.fixture
def files(bench: Bench) -> Iterator[OneByOne]:
    with GitHubServer(bench.project.parent / "github") as server:
        yield OneByOne(bench, server)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OneByOne]:
    """The stack dev with all files written."""
    folder = tmp_path_factory.mktemp("written")
    with GitHubServer(folder / "github") as server:
        files = OneByOne(Bench(folder), server)
        files.up()
        files.keep()
        yield files


@pytest.fixture
def written(bench: Bench, kept: OneByOne) -> OneByOne:
    """The stack dev with all files written, to go on with: a copy."""
    return kept.in_folder_of(bench)


def test_the_life_of_an_environment_file_by_file(files: OneByOne) -> None:
    preview = files.bench.good("pulumi", "preview", "-s", "dev", "--non-interactive")
    assert "RepositoryFile large/observability-prometheus/config.yaml create" in preview
    assert "8 files differ between acme/kalypso-gitops@dev and the model" in preview
    assert files.server.writes() == []
    files.up()
    assert files.written() == WHOLE
    assert files.sample.gitops.pulls() == []

    files.server.clear()
    assert files.bench.changes("dev") == {"same": 17}
    files.up()
    assert files.server.writes() == []

    files.sample.commit("control-plane", "dev", {SMALL: None})
    assert files.bench.changes("dev")["delete"] == 2
    files.up()
    assert [path for path in files.tree() if path.startswith("small/")] == []
    assert "drone/README.md" in files.tree()


def test_it_writes_what_a_pull_request_would_bring(written: OneByOne) -> None:
    written.bench.make_stacks("again", token=TOKEN)
    written.bench.set("again", {**written.sample.plain_config, "environment": "dev"})
    written.server.clear()
    written.up("again")
    assert written.server.writes() == []


def test_each_file_stands_under_its_assignment(written: OneByOne) -> None:
    state = json.loads(written.bench.good("pulumi", "stack", "export", "-s", "dev"))
    parents = {
        each["urn"].rpartition("::")[2]: each["parent"].rpartition("::")[2]
        for each in state["deployment"]["resources"]
        if each["type"] == FILE
    }
    assert parents["large/observability-prometheus/config.yaml"] == "large/observability-prometheus"
    assert parents["large/README.md"] == "large"
    assert parents[".github/tracking/Promoted_Commit_Id"] == "dev"


def test_a_file_that_fails_stops_the_rest_and_the_next_run_goes_on(files: OneByOne) -> None:
    files.server.plan = on("PUT", "/contents/large/README.md", FORBIDDEN)
    files.bench.refused(*up_command("dev"))
    assert files.written() == ["command-center/README.md", "drone/README.md"]
    files.up()
    assert files.written()[-1] == ".github/tracking/Promoted_Commit_Id"
    assert len(files.written()) == len(set(files.written())) == 8


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_killed_run_is_gone_on_with(files: OneByOne, moment: Literal["before", "after"]) -> None:
    files.killed_at("PUT", "/contents/large/README.md", moment)
    files.up()
    assert set(files.written()) == {path for path in files.tree() if path in WHOLE}
    assert files.written()[-1] == WHOLE[-1]


def test_a_file_that_a_person_edited_is_told_and_put_right_with_refresh(written: OneByOne) -> None:
    written.sample.commit("gitops", "dev", {"drone/README.md": b"mine\n"})
    said = written.up()
    assert "1 file differs between acme/kalypso-gitops@dev and the model: drone/README.md" in said
    assert written.tree()["drone/README.md"] == "mine\n"
    written.bench.good(*up_command("dev"), "--refresh")
    assert "mine" not in written.tree()["drone/README.md"]


def test_an_edit_in_between_is_not_overwritten_unseen(written: OneByOne) -> None:
    path = "large/observability-prometheus/config.yaml"
    written.sample.commit("gitops", "dev", {path: b"mine\n"})
    config = starting_branches("control-plane", "kalypso", "")["dev"].files[CONFIG]
    changed = config.replace(b"REGION: West US", b"REGION: Far West US")
    written.sample.commit("control-plane", "dev", {CONFIG: changed})
    said = written.bench.refused(*up_command("dev"))
    assert "does not match" in said
    assert written.tree()[path] == "mine\n"


def test_more_files_than_github_takes_are_refused_before_the_first(files: OneByOne) -> None:
    many = "".join(CLUSTER_TYPE.format(n) for n in range(160))
    files.sample.commit("control-plane", "dev", {"cluster-types/many.yaml": many.encode()})
    said = files.bench.refused(*up_command("dev"))
    assert "168 files would change, each with a commit of its own: at most 150 in one run" in said
    assert "[too-many-files]" in said
    assert files.server.writes() == []


def test_going_back_to_pull_requests_can_leave_the_files(written: OneByOne) -> None:
    state = json.loads(written.bench.good("pulumi", "stack", "export", "-s", "dev"))
    urns = [each["urn"] for each in state["deployment"]["resources"] if each["type"] == FILE]
    forget = ("pulumi", "state", "delete", "-s", "dev", "--yes", "--target-dependents")
    written.bench.good(*forget, urns[0])
    written.set("delivery", "pull-request")
    written.server.clear()
    written.up()
    assert written.server.writes() == []
    assert "drone/README.md" in written.tree()
